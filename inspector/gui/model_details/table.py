"""A tree of rows that can be searched and copied; both kinds of tabs show theirs in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QKeyEvent

UNFOLDED = Qt.ItemDataRole.UserRole
"""Role of a group's item: whether it shows its rows where nothing is searched."""


class RowsTree(QTreeWidget):
    """Rows in columns; Ctrl+C copies the marked ones with tabs between the columns.

    Parameters
    ----------
    titles
        Of the columns.
    numbers
        Columns whose texts stand on the right.
    """

    def __init__(self, titles: Sequence[str], numbers: Sequence[int] = ()) -> None:
        super().__init__()
        self._numbers = tuple(numbers)
        self.setHeaderLabels(list(titles))
        for column in self._numbers:
            self.headerItem().setTextAlignment(column, _RIGHT)
        self.setAlternatingRowColors(True)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def set_widths(self, widths: Sequence[int], stretching: Sequence[int]) -> None:
        """Set the widths of the columns; the stretching ones share what is left."""
        header = self.header()
        header.setStretchLastSection(False)
        for column, width in enumerate(widths):
            stretches = column in stretching
            mode = QHeaderView.ResizeMode.Stretch if stretches else _DRAGGED
            header.setSectionResizeMode(column, mode)
            if not stretches:
                header.resizeSection(column, width)

    def add(
        self, cells: Sequence[str], tip: str = "", parent: QTreeWidgetItem | None = None
    ) -> QTreeWidgetItem:
        """Add a row."""
        item = QTreeWidgetItem(list(cells))
        item.setSizeHint(0, QSize(0, round(self.fontMetrics().height() * _ROOMY)))
        for column, text in enumerate(cells):
            item.setToolTip(column, tip or text)
        for column in self._numbers:
            item.setTextAlignment(column, _RIGHT)
        if parent is None:
            self.addTopLevelItem(item)
        else:
            parent.addChild(item)
        return item

    def search(self, text: str) -> int:
        """Show the rows in which every word of a text stands; give how many those are.

        A group that has all the words in its own name shows all of its rows.
        """
        wanted = text.casefold().split()
        return sum(self._search(item, wanted, "") for item in self._tops())

    def _search(self, item: QTreeWidgetItem, wanted: list[str], above: str) -> int:
        line = f"{above} {_line(item)}".casefold()
        inside = _children(item)
        if not inside:
            shown = all(word in line for word in wanted)
            item.setHidden(not shown)
            return int(shown)
        count = sum(self._search(child, wanted, line) for child in inside)
        item.setHidden(count == 0)
        item.setExpanded(bool(wanted) or bool(item.data(0, UNFOLDED)))
        return count

    def copied_text(self) -> str:
        """Give the marked rows, a line each with tabs between the columns."""
        return "\n".join(
            "\t".join(item.text(column) for column in range(self.columnCount()))
            for item in self._all(self._tops())
            if item.isSelected() and not item.isHidden()
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the marked rows."""
        if event.matches(QKeySequence.StandardKey.Copy) and self.selectedItems():
            QGuiApplication.clipboard().setText(self.copied_text())
            event.accept()
            return
        super().keyPressEvent(event)

    def _tops(self) -> list[QTreeWidgetItem]:
        tops = (self.topLevelItem(place) for place in range(self.topLevelItemCount()))
        return [item for item in tops if item is not None]

    def _all(self, items: Sequence[QTreeWidgetItem]) -> Iterator[QTreeWidgetItem]:
        for item in items:
            yield item
            yield from self._all(_children(item))


_ROOMY = 1.35
"""Height of a row, in lines of text."""

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_DRAGGED = QHeaderView.ResizeMode.Interactive


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (item.child(place) for place in range(item.childCount()))
    return [child for child in found if child is not None]


def _line(item: QTreeWidgetItem) -> str:
    """Give what a row says, its tooltips too, for one may hold the whole path of a file."""
    columns = range(item.columnCount())
    return " ".join(f"{item.text(column)} {item.toolTip(column)}" for column in columns)
