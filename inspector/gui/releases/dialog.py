"""The dialog: every pair with its two releases, and what can be done with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.eliding import ElidingLabel
from inspector.gui.releases.jobs import ReleaseJobs
from inspector.gui.releases.messages import BAD, GOOD, Messages
from inspector.gui.releases.rows import progress_text, release_rows
from inspector.gui.releases.tree import ReleasesTree
from inspector.store.state import Presence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from inspector.core.errors import InspectorError
    from inspector.core.pairs import PairSide, PairSpec, ReleaseSpec
    from inspector.core.palette import Palette
    from inspector.store.state import ReleaseState

WAITING = "Waiting"
_BUTTONS = (
    *(("fetch", "Fetch"), ("cancel", "Cancel"), ("verify", "Verify"), ("forget", "Forget")),
    *(("folder", "Show in folder"), ("use", "Compare with this pair"), ("close", "Close")),
)


class ReleasesDialog(QDialog):
    """Lists pairs and their releases; it stops nothing else in the window.

    Parameters
    ----------
    pairs
        What to list.
    palette
        Colours of its lines of text.
    jobs
        Does the work; closed with the dialog.
    """

    changed = Signal()
    """A release came, or went."""
    pair_wanted = Signal(object)
    """PairSpec: the user wants to compare with it."""

    def __init__(
        self,
        pairs: Sequence[PairSpec],
        palette: Palette,
        jobs: ReleaseJobs | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Releases")
        self.resize(860, 560)
        self.jobs = jobs or ReleaseJobs(parent=self)
        self.rows = release_rows(pairs)
        self._states: dict[str, ReleaseState] = {}
        self._progress: dict[str, str] = {}
        self._unfetched: set[str] = set()
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search pairs and releases")
        self.search.setAccessibleName("Search pairs and releases")
        self.search.setClearButtonEnabled(True)
        self.only_here = QCheckBox("On this machine")
        self.only_here.setToolTip("Leave out the pairs of which nothing is on this machine")
        self.tree = ReleasesTree(pairs, self.rows)
        self.place = ElidingLabel(align_right=False)
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.messages = Messages(palette)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.hide()
        self.buttons = {name: QPushButton(title) for name, title in _BUTTONS}
        self._lay_out()
        self._connect()
        self.set_palette_scheme(palette)
        self.jobs.look([row.release for row in self._unique_rows()])
        self._refresh()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self.place.setStyleSheet(f"color: {palette.muted};")
        self.messages.set_palette_scheme(palette)

    def select(self, row: PairSide) -> None:
        """Mark one release."""
        self.tree.select(row)

    def selected(self) -> list[PairSide]:
        """Give what is marked: one release, or both of a pair."""
        return self.tree.selected()

    def done(self, result: int) -> None:
        """Close, and stop what is fetched; what was received is kept."""
        self.jobs.close()
        super().done(result)

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(12)
        above.addWidget(self.search, 1)
        above.addWidget(self.only_here)
        row = QHBoxLayout()
        for name in ("fetch", "cancel", "verify", "forget", "folder"):
            row.addWidget(self.buttons[name])
        row.addStretch(1)
        row.addWidget(self.buttons["use"])
        row.addWidget(self.buttons["close"])
        for button in self.buttons.values():
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.addLayout(above)
        column.addWidget(self.tree, 1)
        for part in (self.place, self.bar, self.messages):
            column.addWidget(part)
        column.addLayout(row)
        self.tree.setFocus()

    def _connect(self) -> None:
        jobs, buttons = self.jobs, self.buttons
        jobs.looked.connect(self._on_looked)
        jobs.progressed.connect(self._on_progressed)
        jobs.told.connect(lambda release, text: self._say(release, text, GOOD))
        jobs.failed.connect(self._on_failed)
        jobs.ended.connect(self._on_ended)
        self.search.textChanged.connect(lambda _: self._refresh())
        self.only_here.toggled.connect(lambda _: self._refresh())
        self.messages.dismiss.clicked.connect(self._refresh)
        self.tree.currentItemChanged.connect(lambda *_: self._refresh())
        buttons["fetch"].clicked.connect(self._fetch)
        buttons["cancel"].clicked.connect(self._cancel)
        buttons["verify"].clicked.connect(lambda: self._do(self.jobs.verify, _can_be_verified))
        buttons["forget"].clicked.connect(lambda: self._do(self.jobs.forget, _can_be_forgotten))
        buttons["folder"].clicked.connect(self._show_folder)
        buttons["use"].clicked.connect(self._use)
        buttons["close"].clicked.connect(self.close)

    def _fetch(self) -> None:
        for row in self._do(self.jobs.fetch, _can_be_fetched):
            self._progress.setdefault(row.source, WAITING)
        self._refresh()

    def _cancel(self) -> None:
        for row in self.selected():
            self.jobs.cancel(row.release)

    def _do(
        self, job: Callable[[ReleaseSpec], None], can: Callable[[ReleaseState], bool]
    ) -> list[PairSide]:
        """Start a job on what is marked and can have it; what was said of that is out of date."""
        rows = self._selected_that(can)
        sources = {row.source for row in rows}
        self.messages.withdraw(sources)
        self._unfetched -= sources
        for row in rows:
            job(row.release)
        return rows

    def _show_folder(self) -> None:
        state = next((self._states.get(row.source) for row in self.selected()), None)
        if state is not None and state.path is not None:
            folder = state.path if state.path.is_dir() else state.path.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _use(self) -> None:
        rows = self.selected()
        if rows:
            self.pair_wanted.emit(rows[0].pair)

    def _on_looked(self, release: ReleaseSpec, state: ReleaseState) -> None:
        source = str(release.source)
        before = self._states.get(source)
        self._states[source] = state
        self._refresh()
        if before is not None and before.presence is not state.presence:
            self.changed.emit()

    def _on_progressed(
        self, release: ReleaseSpec, received: int, total: int | None, rate: float
    ) -> None:
        self._progress[str(release.source)] = progress_text(received, total, rate)
        self.bar.setRange(0, 1000 if total else 0)
        if total:
            self.bar.setValue(round(1000 * received / total))
        self._refresh()

    def _on_failed(self, release: ReleaseSpec, error: InspectorError) -> None:
        if str(release.source) in self._progress:
            self._unfetched.add(str(release.source))
        self._say(release, str(error), BAD)
        self.jobs.look([release])

    def _on_ended(self, release: ReleaseSpec) -> None:
        source = str(release.source)
        if source not in self.jobs.fetching and self._progress.pop(source, None) is not None:
            self.jobs.look([release])
        self._refresh()

    def _say(self, release: ReleaseSpec, text: str, kind: str) -> None:
        self.messages.say(str(release.source), text, kind)

    def _refresh(self) -> None:
        failures = self.messages.failures
        unfetched = {source: failures[source] for source in self._unfetched & set(failures)}
        self.tree.show_states(self._states, self._progress, unfetched)
        self.tree.narrow(self.search.text(), self.only_here.isChecked(), self._states)
        rows = self.selected()
        here = [state for row in rows if (state := self._states.get(row.source)) is not None]
        paths = [str(state.path) for state in here if state.path is not None]
        note = rows[0].pair.note if len(rows) > 1 else ""
        self.place.setText(paths[0] if len(paths) == 1 else note)
        self.place.setVisible(bool(self.place.text()))
        usable = {
            "fetch": self._selected_that(_can_be_fetched),
            "cancel": [row for row in rows if row.source in self._progress],
            "verify": self._selected_that(_can_be_verified),
            "forget": self._selected_that(_can_be_forgotten),
        }
        for name, found in usable.items():
            self.buttons[name].setEnabled(bool(found))
        self.buttons["folder"].setEnabled(any(Path(path).exists() for path in paths))
        self.buttons["use"].setEnabled(bool(rows))
        self.bar.setVisible(bool(self._progress))

    def _selected_that(self, can: Callable[[ReleaseState], bool]) -> list[PairSide]:
        """Give what is marked, is in such a state, and is not being fetched."""
        return [
            row
            for row in self.selected()
            if (state := self._states.get(row.source)) is not None
            and can(state)
            and row.source not in self._progress
        ]

    def _unique_rows(self) -> list[PairSide]:
        return list({row.source: row for row in self.rows}.values())


def _can_be_fetched(state: ReleaseState) -> bool:
    return state.presence in {Presence.MISSING, Presence.INCOMPLETE}


def _can_be_verified(state: ReleaseState) -> bool:
    return state.presence is Presence.HERE


def _can_be_forgotten(state: ReleaseState) -> bool:
    return state.presence in {Presence.HERE, Presence.INCOMPLETE} or state.partial is not None
