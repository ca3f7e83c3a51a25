"""Agreement class by class, as a table that chooses rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from inspector.core.numbers import share_percent
from inspector.gui.sweep.statistics_view import StatisticsView
from inspector.gui.sweep.words import class_name
from inspector.sweep.filters import RowFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.sweep.per_class import ClassAgreement
    from inspector.sweep.statistics import RunStatistics

    Index = QModelIndex | QPersistentModelIndex

NAME_WIDTH = 150
_NOWHERE = QModelIndex()


def _share(count: int, total: int) -> float | None:
    return count / total if total else None


COLUMNS: tuple[tuple[str, Callable[[ClassAgreement], Any], str], ...] = (
    ("Class", lambda row: row.index, "A class that either side has named first, or a true one"),
    (
        "Agreement",
        lambda row: row.agreement.rate,
        "Of the pictures where either side names the class first: how many both do",
    ),
    ("By left", lambda row: row.left_count, "Pictures where left names the class first"),
    ("By right", lambda row: row.right_count, "Pictures where right names the class first"),
    ("By both", lambda row: row.both_count, "Pictures where both name the class first"),
    ("Near-ties", lambda row: row.near_ties, "Disagreements that float noise alone decides"),
    ("True", lambda row: row.labelled or None, "Pictures whose true class it is"),
    (
        "Left correct",
        lambda row: _share(row.left_right, row.labelled),
        "Of the pictures whose true class it is: how many left names so",
    ),
    (
        "Right correct",
        lambda row: _share(row.right_right, row.labelled),
        "Of the pictures whose true class it is: how many right names so",
    ),
)
"""Title, value and meaning of each column."""

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
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return COLUMNS[section][2]
        return COLUMNS[section][0] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give what a cell shows, and its number to sort by."""
        title, value_of, _ = COLUMNS[index.column()]
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
        return share_percent(value) if title in _SHARES else f"{value:,}"

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
        header.setHighlightSections(False)
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
        for place, (title, *_) in enumerate(COLUMNS):
            needs_truth = title in {"True", "Left correct", "Right correct"}
            self.table.setColumnHidden(place, needs_truth and not statistics.labelled)

    def _choose(self, index: QModelIndex) -> None:
        self.filter_wanted.emit(RowFilter(any_class=self.model.row(index.row()).index))
