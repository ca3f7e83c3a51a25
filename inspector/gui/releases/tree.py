"""The list of the dialog: pairs, their releases under them, and how much of each is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from inspector.gui.releases.rows import (
    is_any_here,
    pair_size_text,
    pair_state_text,
    partial_text,
    size_text,
    state_text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from inspector.core.pairs import PairSide, PairSpec
    from inspector.store.state import ReleaseState

COLUMNS = ("Release", "Size", "State")
NAME, SIZE, STATE = range(len(COLUMNS))
NOT_FETCHED = "Could not be fetched"
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SIZE_WIDTH, _STATE_WIDTH = 90, 290


class ReleasesTree(QTreeWidget):
    """Shows what it is given; what is hidden is what the search and the switch leave out."""

    def __init__(
        self, pairs: Sequence[PairSpec], rows: Sequence[PairSide], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._items: dict[PairSide, QTreeWidgetItem] = {}
        self._nothing = ""
        self.setHeaderLabels(list(COLUMNS))
        self.headerItem().setTextAlignment(SIZE, _RIGHT)
        self.setAlternatingRowColors(True)
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(True)
        self.setAccessibleName("Releases")
        self.setStyleSheet("QTreeView::item { padding: 3px 0; }")
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in ((SIZE, _SIZE_WIDTH), (STATE, _STATE_WIDTH)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, width)
        self._fill(pairs, rows)

    @property
    def nothing_text(self) -> str:
        """What stands in the place of the rows where none is left; empty where some are."""
        return self._nothing

    def select(self, row: PairSide) -> None:
        """Mark one release."""
        self.setCurrentItem(self._items[row])

    def selected(self) -> list[PairSide]:
        """Give what is marked: one release, or both of a pair."""
        item = self.currentItem()
        if item is None or (item.parent() or item).isHidden():
            return []
        found = [row for row, other in self._items.items() if other is item]
        return found or [row for row, other in self._items.items() if other.parent() is item]

    def pairs(self) -> list[QTreeWidgetItem]:
        """Give the rows of the pairs."""
        tops = (self.topLevelItem(place) for place in range(self.topLevelItemCount()))
        return [item for item in tops if item is not None]

    def show_states(
        self,
        states: Mapping[str, ReleaseState],
        progress: Mapping[str, str],
        failures: Mapping[str, str],
    ) -> None:
        """Write sizes and states; each mapping is by source.

        Parameters
        ----------
        states
            What was found; what is not in it is still looked for.
        progress
            What to say of those that are being fetched, or wait for it.
        failures
            Why the last fetch of a release failed.
        """
        for row, item in self._items.items():
            state, source = states.get(row.source), row.source
            failed = failures.get(source, "")
            item.setText(SIZE, size_text(state))
            said = _failed_text(state) if failed else state_text(state)
            item.setText(STATE, progress.get(source) or said)
            item.setToolTip(STATE, failed or item.text(STATE))
        for parent in self.pairs():
            sources = [row.source for row in self._rows_under(parent)]
            found = [states.get(source) for source in sources]
            under_way = any(source in progress for source in sources)
            parent.setText(SIZE, pair_size_text(found))
            parent.setText(STATE, pair_state_text(found, under_way))

    def narrow(self, text: str, only_here: bool, states: Mapping[str, ReleaseState]) -> None:
        """Hide the pairs that lack a word of `text`, and those of which nothing is here."""
        wanted = text.casefold().split()
        for parent in self.pairs():
            rows = self._rows_under(parent)
            names = [parent.text(NAME), *(f"{row.release.name} {row.source}" for row in rows)]
            line = " ".join(names).casefold()
            there = not only_here or is_any_here([row.source for row in rows], states)
            parent.setHidden(not there or not all(word in line for word in wanted))
        self._nothing = "" if self._any_shown() else _nothing_text(text.strip(), only_here)
        self.setAccessibleDescription(self._nothing)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, or say why there are none."""
        super().paintEvent(event)
        if self._nothing:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(self.foregroundRole()))
            centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(20, 0, -20, 0), centred, self._nothing)

    def _fill(self, pairs: Sequence[PairSpec], rows: Sequence[PairSide]) -> None:
        for pair in pairs:
            parent = QTreeWidgetItem([pair.title])
            parent.setToolTip(NAME, pair.note or pair.title)
            parent.setTextAlignment(SIZE, _RIGHT)
            font = parent.font(NAME)
            font.setBold(True)
            parent.setFont(NAME, font)
            self.addTopLevelItem(parent)
            for row in (row for row in rows if row.pair is pair):
                item = QTreeWidgetItem([row.release.name, "", ""])
                item.setToolTip(NAME, row.source)
                item.setTextAlignment(SIZE, _RIGHT)
                parent.addChild(item)
                self._items[row] = item
            parent.setExpanded(True)
        self.setCurrentItem(self.pairs()[0])

    def _rows_under(self, parent: QTreeWidgetItem) -> list[PairSide]:
        return [row for row, item in self._items.items() if item.parent() is parent]

    def _any_shown(self) -> bool:
        return any(not parent.isHidden() for parent in self.pairs())


def _failed_text(state: ReleaseState | None) -> str:
    if state is None or state.partial is None:
        return NOT_FETCHED
    return f"Failed; {partial_text(state.partial)}"


def _nothing_text(text: str, only_here: bool) -> str:
    where = " of what is on this machine" if only_here else ""
    if not text:
        return "Nothing is on this machine yet."
    return f"No pair or release{where} has “{text}” in its name."
