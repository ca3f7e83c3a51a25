"""The dialog: every pair with its two releases, and what can be done with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.eliding import ElidingLabel
from inspector.gui.releases.jobs import ReleaseJobs
from inspector.gui.releases.rows import progress_text, release_rows, size_text, state_text
from inspector.store.state import Presence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.core.errors import InspectorError
    from inspector.core.pairs import PairSide, PairSpec, ReleaseSpec
    from inspector.core.palette import Palette
    from inspector.store.state import ReleaseState

COLUMNS = ("Release", "Size", "State")
_NAME, _SIZE, _STATE = range(len(COLUMNS))
_SIZE_WIDTH, _STATE_WIDTH = 90, 290
_HERE = frozenset({Presence.HERE})
_FETCHABLE = frozenset({Presence.MISSING, Presence.INCOMPLETE})
_FORGETTABLE = frozenset({Presence.HERE, Presence.INCOMPLETE})


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
        self._items: dict[PairSide, QTreeWidgetItem] = {}
        self._palette = palette
        self._told = "good"
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search pairs and releases")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.tree = _tree()
        self.place = ElidingLabel()
        self.place.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setContentsMargins(8, 6, 8, 6)
        self.message.hide()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.hide()
        self.buttons = {
            name: QPushButton(title)
            for name, title in (
                ("fetch", "Fetch"),
                ("cancel", "Cancel"),
                ("verify", "Verify"),
                ("forget", "Forget"),
                ("folder", "Show in folder"),
                ("use", "Compare with this pair"),
                ("close", "Close"),
            )
        }
        self._lay_out()
        self._fill(pairs)
        self._connect()
        self.set_palette_scheme(palette)
        self.jobs.look([row.release for row in self._unique_rows()])
        self._refresh()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self.place.setStyleSheet(f"color: {palette.muted};")
        if not self.message.isHidden():
            self._say(self.message.text(), self._told)

    def select(self, row: PairSide) -> None:
        """Mark one release."""
        self.tree.setCurrentItem(self._items[row])

    def selected(self) -> list[PairSide]:
        """Give what is marked: one release, or both of a pair."""
        item = self.tree.currentItem()
        if item is None or (item.parent() or item).isHidden():
            return []
        found = [row for row, other in self._items.items() if other is item]
        return found or [row for row, other in self._items.items() if other.parent() is item]

    def done(self, result: int) -> None:
        """Close, and stop what is fetched; what was received is kept."""
        self.jobs.close()
        super().done(result)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for name in ("fetch", "cancel", "verify", "forget", "folder"):
            row.addWidget(self.buttons[name])
        row.addStretch(1)
        row.addWidget(self.buttons["use"])
        row.addWidget(self.buttons["close"])
        for button in self.buttons.values():
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addWidget(self.place)
        column.addWidget(self.bar)
        column.addWidget(self.message)
        column.addLayout(row)
        self.tree.setFocus()

    def _fill(self, pairs: Sequence[PairSpec]) -> None:
        for pair in pairs:
            parent = QTreeWidgetItem([pair.title])
            parent.setToolTip(_NAME, pair.note or pair.title)
            font = parent.font(_NAME)
            font.setBold(True)
            parent.setFont(_NAME, font)
            self.tree.addTopLevelItem(parent)
            for row in (row for row in self.rows if row.pair is pair):
                item = QTreeWidgetItem([row.release.name, "", ""])
                item.setToolTip(_NAME, row.source)
                item.setTextAlignment(
                    _SIZE, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                )
                parent.addChild(item)
                self._items[row] = item
            parent.setExpanded(True)
        self.tree.setCurrentItem(self._parents()[0])

    def _connect(self) -> None:
        jobs, buttons = self.jobs, self.buttons
        jobs.looked.connect(self._on_looked)
        jobs.progressed.connect(self._on_progressed)
        jobs.told.connect(lambda _, text: self._say(text, "good"))
        jobs.failed.connect(self._on_failed)
        jobs.ended.connect(self._on_ended)
        self.tree.currentItemChanged.connect(lambda *_: self._refresh())
        buttons["fetch"].clicked.connect(self._fetch)
        buttons["cancel"].clicked.connect(self._cancel)
        buttons["verify"].clicked.connect(self._verify)
        buttons["forget"].clicked.connect(self._forget)
        buttons["folder"].clicked.connect(self._show_folder)
        buttons["use"].clicked.connect(self._use)
        buttons["close"].clicked.connect(self.close)

    def _fetch(self) -> None:
        for row in self._selected_in(_FETCHABLE):
            self.jobs.fetch(row.release)
            self._progress.setdefault(row.source, "Waiting")
        self.message.hide()
        self._refresh()

    def _cancel(self) -> None:
        for row in self.selected():
            self.jobs.cancel(row.release)

    def _verify(self) -> None:
        self.message.hide()
        for row in self._selected_in(_HERE):
            self.jobs.verify(row.release)

    def _forget(self) -> None:
        self.message.hide()
        for row in self._selected_in(_FORGETTABLE):
            self.jobs.forget(row.release)

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
        self._say(str(error), "bad")
        self.jobs.look([release])

    def _on_ended(self, release: ReleaseSpec) -> None:
        source = str(release.source)
        if source not in self.jobs.fetching and self._progress.pop(source, None) is not None:
            self.jobs.look([release])
        self._refresh()

    def _say(self, text: str, kind: str) -> None:
        self._told = kind
        self.message.setText(text)
        background = getattr(self._palette, kind)
        self.message.setStyleSheet(
            f"background: {background}; color: {self._palette.text}; border-radius: 4px;"
        )
        self.message.show()

    def _refresh(self) -> None:
        for row, item in self._items.items():
            state = self._states.get(row.source)
            item.setText(_SIZE, size_text(state))
            item.setText(_STATE, self._progress.get(row.source) or state_text(state))
        rows = self.selected()
        here = [state for row in rows if (state := self._states.get(row.source)) is not None]
        paths = [str(state.path) for state in here if state.path is not None]
        self.place.setText(paths[0] if len(paths) == 1 else "")
        fetching = [row for row in rows if row.source in self._progress]
        usable = {"fetch": self._selected_in(_FETCHABLE), "cancel": fetching}
        usable["verify"] = self._selected_in(_HERE)
        usable["forget"] = self._selected_in(_FORGETTABLE)
        for name, found in usable.items():
            self.buttons[name].setEnabled(bool(found))
        self.buttons["folder"].setEnabled(any(Path(path).exists() for path in paths))
        self.buttons["use"].setEnabled(bool(rows))
        self.bar.setVisible(bool(self._progress))

    def _selected_in(self, presences: frozenset[Presence]) -> list[PairSide]:
        """Give what is marked, is in one of these states, and is not being fetched."""
        return [
            row
            for row in self.selected()
            if (state := self._states.get(row.source)) is not None
            and state.presence in presences
            and row.source not in self._progress
        ]

    def _unique_rows(self) -> list[PairSide]:
        return list({row.source: row for row in self.rows}.values())

    def _parents(self) -> list[QTreeWidgetItem]:
        """Give the rows of the pairs."""
        tops = (self.tree.topLevelItem(place) for place in range(self.tree.topLevelItemCount()))
        return [item for item in tops if item is not None]

    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        for parent in self._parents():
            inside = [item for item in self._items.values() if item.parent() is parent]
            names = [parent.text(_NAME)]
            names += [f"{item.text(_NAME)} {item.toolTip(_NAME)}" for item in inside]
            line = " ".join(names).casefold()
            parent.setHidden(not all(word in line for word in wanted))
        self._refresh()


def _tree() -> QTreeWidget:
    tree = QTreeWidget()
    tree.setHeaderLabels(list(COLUMNS))
    tree.setAlternatingRowColors(True)
    tree.setUniformRowHeights(True)
    tree.setRootIsDecorated(True)
    tree.setAccessibleName("Releases")
    tree.setStyleSheet("QTreeView::item { padding: 3px 0; }")
    header = tree.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
    for column, width in ((_SIZE, _SIZE_WIDTH), (_STATE, _STATE_WIDTH)):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(column, width)
    return tree
