"""Agreement class by class, and the confusion of left and right, as tables that choose rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from inspector.gui.sweep.statistics_view import StatisticsView
from inspector.sweep.filters import RowFilter, RowKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.sweep.per_class import ClassAgreement
    from inspector.sweep.statistics import RunStatistics

    Index = QModelIndex | QPersistentModelIndex

MOST_CLASSES = 24
"""Classes along each side of the confusion; those of the largest cells."""

NAME_WIDTH = 150
_NOWHERE = QModelIndex()


def _share(count: int, total: int) -> float | None:
    return count / total if total else None


COLUMNS: tuple[tuple[str, Callable[[ClassAgreement], Any]], ...] = (
    ("Class", lambda row: row.index),
    ("Agreement", lambda row: row.agreement.rate),
    ("Left", lambda row: row.left_count),
    ("Right", lambda row: row.right_count),
    ("Both", lambda row: row.both_count),
    ("Near-ties", lambda row: row.near_ties),
    ("True", lambda row: row.labelled or None),
    ("Left correct", lambda row: _share(row.left_right, row.labelled)),
    ("Right correct", lambda row: _share(row.right_right, row.labelled)),
)
_SHARES = frozenset({"Agreement", "Left correct", "Right correct"})


class ClassesModel(QAbstractTableModel):
    """One row per class that was met, sorted here: a thousand of them take but a moment."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        super().__init__()
        self._labels = labels
        self._rows: list[ClassAgreement] = []
        self._column = 0
        self._descending = False

    def set_rows(self, rows: tuple[ClassAgreement, ...]) -> None:
        """Show other rows, in the order that was chosen."""
        self.beginResetModel()
        self._rows = sorted(rows, key=self._key, reverse=self._descending)
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; what has no value comes before the rest."""
        self._column = max(column, 0)
        self._descending = order is Qt.SortOrder.DescendingOrder
        self.set_rows(tuple(self._rows))

    def row(self, place: int) -> ClassAgreement:
        """Give a row."""
        return self._rows[place]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Count the classes."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Count the columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Name the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section][0]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give what a cell shows, and its number to sort by."""
        title, value_of = COLUMNS[index.column()]
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        value = value_of(row)
        if role == Qt.ItemDataRole.ToolTipRole and title == "Agreement":
            share = row.agreement
            return f"{share.count} of {share.total}; 95 %: {share.low:.2f} to {share.high:.2f}"
        if role != Qt.ItemDataRole.DisplayRole or value is None:
            return None
        if index.column() == 0:
            return class_name(row.index, self._labels)
        return f"{100 * value:.0f} %" if title in _SHARES else f"{value:,}"

    def _key(self, row: ClassAgreement) -> tuple[str, float]:
        if self._column == 0:
            return class_name(row.index, self._labels), 0.0
        value = COLUMNS[self._column][1](row)
        return "", -1.0 if value is None else float(value)


class ClassesView(StatisticsView):
    """Every class that was met; a click shows its pictures."""

    def __init__(self, labels: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note.hide()
        self.model = ClassesModel(labels)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAccessibleName("Agreement by class")
        self.table.verticalHeader().hide()
        self.table.setAlternatingRowColors(True)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(0)  # what is in view; more takes many frames
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.table.setColumnWidth(0, NAME_WIDTH)
        self.table.setWordWrap(False)
        self.table.verticalHeader().setDefaultSectionSize(24)
        self.table.clicked.connect(self._choose)
        self.table.activated.connect(self._choose)
        self._column.addWidget(self.table)

    def _show(self, statistics: RunStatistics) -> None:
        self.model.set_rows(statistics.classes)
        for place, (title, _) in enumerate(COLUMNS):
            needs_truth = title in {"True", "Left correct", "Right correct"}
            self.table.setColumnHidden(place, needs_truth and not statistics.labelled)

    def _choose(self, index: QModelIndex) -> None:
        self.filter_wanted.emit(RowFilter(any_class=self.model.row(index.row()).index))


class ConfusionView(StatisticsView):
    """Left's first class against right's, for the classes that are confused most."""

    def __init__(self, labels: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = labels
        self._rows: list[int] = []
        self._columns: list[int] = []
        self.table = QTableWidget()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAccessibleName("Confusion of left and right")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.cellClicked.connect(self._choose)
        self.table.cellActivated.connect(self._choose)
        self.table.horizontalHeader().setDefaultSectionSize(92)
        self.table.verticalHeader().setDefaultSectionSize(26)
        self.table.verticalHeader().setMaximumWidth(190)
        self._column.addWidget(self.table, 1)

    def _show(self, statistics: RunStatistics) -> None:
        cells = statistics.confusion
        self._rows = list(dict.fromkeys(cell.left for cell in cells))[:MOST_CLASSES]
        self._columns = list(dict.fromkeys(cell.right for cell in cells))[:MOST_CLASSES]
        self.table.setHidden(not cells)
        if not cells:
            self.note.setText(
                "Both sides name the same class on every picture."
                if statistics.answered
                else "Nothing to show yet"
            )
            return
        self.note.setText(
            "Rows are left's first class, columns right's; near-ties are counted in. "
            "Click a cell to see its pictures."
        )
        self.table.clearContents()
        self.table.setRowCount(len(self._rows))
        self.table.setColumnCount(len(self._columns))
        names = [class_name(index, self._labels) for index in self._rows]
        self.table.setVerticalHeaderLabels(names)
        self._label_columns()
        self._put_cells(statistics)

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
            left, right = self._rows[row], self._columns[column]
            self.filter_wanted.emit(
                RowFilter(kind=RowKind.ANSWERED, left_class=left, right_class=right)
            )


def class_name(index: int, labels: tuple[str, ...]) -> str:
    """Give the name of a class."""
    return labels[index] if 0 <= index < len(labels) else f"class {index}"
