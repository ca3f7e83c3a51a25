"""The confusion of left and right: which classes stand against each other, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from inspector.gui.sweep.statistics_view import StatisticsView
from inspector.gui.sweep.words import class_name
from inspector.gui.views.segmented import Segmented
from inspector.sweep.filters import RowFilter, RowKind

if TYPE_CHECKING:
    from inspector.sweep.statistics import ConfusionCell, RunStatistics

MOST_CLASSES = 24
"""Classes along each side of the grid; those of the largest cells."""

AS_LIST, AS_GRID = "list", "grid"
FORMS = (
    (AS_LIST, "List", "Left's class, right's class and the pictures, the most first"),
    (AS_GRID, "Grid", "Left's classes against right's"),
)
LIST_NOTE = "First classes that differ; near-ties are counted in. Click a row to see its pictures."
GRID_NOTE = (
    "Rows are left's first class, columns right's; near-ties are counted in. Click a cell to see "
    "its pictures."
)


class ConfusionView(StatisticsView):
    """Left's first class against right's, for the classes that are confused most.

    As a list, the largest cell first, or as a grid; a click in either shows the pictures.
    """

    def __init__(self, labels: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = labels
        self._rows: list[int] = []
        self._columns: list[int] = []
        self.forms = Segmented("Show the confusion as", FORMS)
        self.forms.chosen.connect(lambda _: self._show_form())
        self.list = _make_list()
        self.list.itemClicked.connect(self._choose_listed)
        self.list.itemActivated.connect(self._choose_listed)
        self.table = QTableWidget()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAccessibleName("Confusion of left and right")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.cellClicked.connect(self._choose)
        self.table.cellActivated.connect(self._choose)
        self.table.horizontalHeader().setDefaultSectionSize(92)
        self.table.verticalHeader().setDefaultSectionSize(26)
        self.table.verticalHeader().setMaximumWidth(190)
        for header in (self.table.horizontalHeader(), self.table.verticalHeader()):
            header.setHighlightSections(False)
        self._column.insertWidget(0, self.forms, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self.list, 1)
        self._column.addWidget(self.table, 1)
        self._column.addStretch(0)  # takes the room while there is neither
        for part in (self.forms, self.list, self.table):
            part.hide()

    def _show(self, statistics: RunStatistics) -> None:
        cells = statistics.confusion
        self._rows = list(dict.fromkeys(cell.left for cell in cells))[:MOST_CLASSES]
        self._columns = list(dict.fromkeys(cell.right for cell in cells))[:MOST_CLASSES]
        self._show_form()
        if not cells:
            self.note.setText(
                "Both sides name the same class on every picture."
                if statistics.answered
                else "Nothing to show yet"
            )
            return
        self._fill_list(statistics)
        self.table.clearContents()
        self.table.setRowCount(len(self._rows))
        self.table.setColumnCount(len(self._columns))
        names = [class_name(index, self._labels) for index in self._rows]
        self.table.setVerticalHeaderLabels(names)
        self._label_columns()
        self._put_cells(statistics)

    def _show_form(self) -> None:
        """Show the list or the grid, where there is anything to show."""
        some = self._statistics is not None and bool(self._statistics.confusion)
        as_list = self.forms.value == AS_LIST
        self.forms.setVisible(some)
        self.list.setVisible(some and as_list)
        self.table.setVisible(some and not as_list)
        if some:
            self.note.setText(LIST_NOTE if as_list else GRID_NOTE)

    def _fill_list(self, statistics: RunStatistics) -> None:
        """List the cells again, and keep the place and the row that was clicked."""
        bar = self.list.verticalScrollBar()
        place = bar.value()
        current = self.list.currentItem()
        kept = None if current is None else _classes_of(current)
        self.list.clear()
        items = [self._listed(cell) for cell in statistics.confusion]
        self.list.addTopLevelItems(items)
        again = next((item for item in items if _classes_of(item) == kept), None)
        if again is not None:
            self.list.setCurrentItem(again)
        self.list.doItemsLayout()  # before that the bar has no room to go back to its place
        bar.setValue(place)

    def _listed(self, cell: ConfusionCell) -> QTreeWidgetItem:
        names = [class_name(index, self._labels) for index in (cell.left, cell.right)]
        item = QTreeWidgetItem(
            [*names, f"{cell.count:,}", f"{cell.near_ties:,}" if cell.near_ties else ""]
        )
        for column, colour in enumerate((self._palette.left_text, self._palette.right_text)):
            item.setForeground(column, QBrush(QColor(colour)))
            item.setToolTip(column, names[column])
        for column in (2, 3):
            item.setTextAlignment(
                column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            )
        item.setData(0, Qt.ItemDataRole.UserRole, (cell.left, cell.right))
        return item

    def _choose_listed(self, item: QTreeWidgetItem, _: int) -> None:
        self._want(*_classes_of(item))

    def _label_columns(self) -> None:
        for place, index in enumerate(self._columns):
            name = class_name(index, self._labels)
            metrics = self.table.fontMetrics()
            item = QTableWidgetItem(metrics.elidedText(name, Qt.TextElideMode.ElideRight, 84))
            item.setToolTip(name)
            self.table.setHorizontalHeaderItem(place, item)

    def _put_cells(self, statistics: RunStatistics) -> None:
        counts = {(cell.left, cell.right): cell for cell in statistics.confusion}
        both = {row.index: row.both_count for row in statistics.classes}
        most = max(cell.count for cell in statistics.confusion)
        for row, left in enumerate(self._rows):
            for column, right in enumerate(self._columns):
                cell = counts.get((left, right))
                if left == right and both.get(left):
                    self._put(row, column, both[left], QColor(0, 0, 0, 0), "both agree")
                elif cell is not None:
                    shade = QColor(self._palette.selected)
                    shade.setAlpha(40 + round(150 * cell.count / most))
                    tip = f"{cell.near_ties} of them near-ties" if cell.near_ties else ""
                    self._put(row, column, cell.count, shade, tip)

    def _put(self, row: int, column: int, count: int, shade: QColor, tip: str) -> None:
        item = QTableWidgetItem(f"{count:,}")
        item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
        item.setBackground(QBrush(shade))
        item.setToolTip(tip)
        self.table.setItem(row, column, item)

    def _choose(self, row: int, column: int) -> None:
        if self.table.item(row, column) is not None:
            self._want(self._rows[row], self._columns[column])

    def _want(self, left: int, right: int) -> None:
        self.filter_wanted.emit(
            RowFilter(kind=RowKind.ANSWERED, left_class=left, right_class=right)
        )


def _classes_of(item: QTreeWidgetItem) -> tuple[int, int]:
    """Give left's and right's class of a row of the list."""
    left, right = item.data(0, Qt.ItemDataRole.UserRole)
    return left, right


def _make_list() -> QTreeWidget:
    made = QTreeWidget()
    made.setHeaderLabels(["Left names", "Right names", "Pictures", "Near-ties"])
    made.setRootIsDecorated(False)
    made.setAlternatingRowColors(True)
    made.setUniformRowHeights(True)
    made.setAccessibleName("Classes that are confused")
    header = made.header()
    header.setStretchLastSection(False)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for place in range(4):
        is_name = place < 2
        mode = QHeaderView.ResizeMode
        header.setSectionResizeMode(place, mode.Stretch if is_name else mode.Interactive)
        if not is_name:
            header.resizeSection(place, 80)
            made.headerItem().setTextAlignment(place, right)
    return made
