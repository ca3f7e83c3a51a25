"""The rows of a weight audit as a table that sorts and filters quickly."""

from __future__ import annotations

import math
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QBrush, QColor

from inspector.core.palette import LIGHT
from inspector.core.weights.rows import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.palette import Palette
    from inspector.core.weights.rows import WeightRow

    Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns from the left."""

    STATUS = 0
    LEFT = 1
    RIGHT = 2
    SHAPE = 3
    DIFFERENCE = 4
    NOTE = 5


TITLES = {
    Column.STATUS: "Status",
    Column.LEFT: "Left variable",
    Column.RIGHT: "Right variable",
    Column.SHAPE: "Shape",
    Column.DIFFERENCE: "max |Δ|",
    Column.NOTE: "Note",
}

STATUS_WORDS = {
    Status.UNEQUAL: "unequal",
    Status.MISSING_RIGHT: "only on the left",
    Status.MISSING_LEFT: "only on the right",
    Status.PERMUTED: "reordered",
    Status.QUANTISED: "quantised",
    Status.FOLDED: "folded",
    Status.SLICED: "sliced",
    Status.TRANSPOSED: "transposed",
    Status.MATCHED: "matched",
}
"""Every status in plain words, the gravest first."""

_GRAVITY = {status: place for place, status in enumerate(STATUS_WORDS)}
_NOWHERE = QModelIndex()

SORT_KEYS: dict[Column, Callable[[WeightRow], Any]] = {
    Column.STATUS: lambda row: _GRAVITY[row.status],
    Column.LEFT: lambda row: row.left or "",
    Column.RIGHT: lambda row: row.right or "",
    Column.SHAPE: lambda row: row.left_shape or row.right_shape or (),
    Column.DIFFERENCE: lambda row: _sortable(row.max_abs_difference),
    Column.NOTE: lambda row: row.note,
}


class WeightsModel(QAbstractTableModel):
    """The rows themselves; sorted here, since one call of Python's sort beats many of Qt's."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._given: tuple[WeightRow, ...] = ()
        self._rows: list[WeightRow] = []
        self._words: list[str] = []
        self._palette = LIGHT

    @property
    def rows(self) -> tuple[WeightRow, ...]:
        """The rows in the order on show."""
        return tuple(self._rows)

    def set_rows(self, rows: tuple[WeightRow, ...]) -> None:
        """Show other rows, in the order given."""
        self.beginResetModel()
        self._given = rows
        self._put(list(rows))
        self.endResetModel()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        if self._rows:
            last = self.index(len(self._rows) - 1, len(Column) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def words(self, row: int) -> str:
        """Give what a search looks through, in small letters."""
        return self._words[row]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Count the rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Count the columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Name the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return TITLES[Column(section)]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give text, tooltip, colour and alignment of a cell."""
        row, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row_tip(row, column)
        if role == Qt.ItemDataRole.BackgroundRole and column is Column.STATUS:
            return self._ground(row)
        if role == Qt.ItemDataRole.TextAlignmentRole and column is Column.DIFFERENCE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; equal rows, and all of them for column -1, keep the given order."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        before = [self._rows[index.row()] for index in held]
        rows = list(self._given)
        if column >= 0:
            descending = order is Qt.SortOrder.DescendingOrder
            rows.sort(key=SORT_KEYS[Column(column)], reverse=descending)
        self._put(rows)
        places = {id(row): place for place, row in enumerate(rows)}
        moved = [
            self.index(places[id(row)], index.column())
            for row, index in zip(before, held, strict=True)
        ]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _put(self, rows: list[WeightRow]) -> None:
        self._rows = rows
        self._words = [search_words(row) for row in rows]

    def _ground(self, row: WeightRow) -> QBrush | None:
        if row.status is Status.UNEQUAL:
            return QBrush(QColor(self._palette.bad))
        return None if row.status.proven else QBrush(QColor(self._palette.warning))


class WeightsFilter(QSortFilterProxyModel):
    """Keeps the rows that hold every word of a search; leaves sorting to the rows' own model."""

    def __init__(self, model: WeightsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._searched: tuple[str, ...] = ()
        self.setSourceModel(model)

    def search(self, text: str) -> None:
        """Keep the rows that hold every word of `text`; all of them where there is none."""
        self._searched = tuple(text.lower().split())
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        """Tell whether a row is kept."""
        words = self._model.words(row)
        return all(word in words for word in self._searched)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort the rows' own model."""
        self._model.sort(column, order)


def cell_text(row: WeightRow, column: Column) -> str:
    """Give what a cell says."""
    if column is Column.STATUS:
        return STATUS_WORDS[row.status]
    if column is Column.LEFT:
        return row.left or ""
    if column is Column.RIGHT:
        return row.right or ""
    if column is Column.SHAPE:
        return shape_text(row)
    if column is Column.DIFFERENCE:
        return "" if row.max_abs_difference is None else f"{row.max_abs_difference:.3g}"
    return row.note


def shape_text(row: WeightRow) -> str:
    """Give the shape of both variables, or left and right shape where they differ."""
    shapes = (row.left_shape, row.right_shape)
    texts = [" × ".join(map(str, shape)) for shape in shapes if shape]
    return " → ".join(dict.fromkeys(texts))


def row_tip(row: WeightRow, column: Column) -> str:
    """Give the tooltip of a cell: its full text, and the relative difference."""
    text = cell_text(row, column)
    if column is Column.DIFFERENCE and row.relative_difference is not None:
        text = f"{text}, {row.relative_difference:.3g} of the largest value"
    return text


def search_words(row: WeightRow) -> str:
    """Give all that a search looks through, in small letters."""
    texts = (cell_text(row, column) for column in Column if column is not Column.DIFFERENCE)
    return "\n".join(texts).lower()


def _sortable(difference: float | None) -> float:
    """Put what was not compared before, and NaN behind, every number."""
    if difference is None:
        return -1.0
    return math.inf if math.isnan(difference) else difference
