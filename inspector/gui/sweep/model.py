"""A run's rows as a table of any length: pages are read when they come into view."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QImage

from inspector.core.palette import LIGHT
from inspector.sweep.columns import Column, ColumnKind, find_column
from inspector.sweep.filters import BY_NUMBER, EVERY_ROW, RowFilter, RowOrder

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from inspector.core.palette import Palette
    from inspector.gui.sweep.lane import Lane, Reading
    from inspector.sweep.rows import SweepRow

    Index = QModelIndex | QPersistentModelIndex

PAGE = 100
"""Rows that are read at once."""

KEPT_PAGES = 60

_NOWHERE = QModelIndex()
_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.ForegroundRole,
    }
)
"""What is answered for a row; Qt asks for more, and for every cell at every drawing."""

SHOWN: tuple[Column, ...] = tuple(
    find_column(name)
    for name in (
        *("path", "top1_same", "left_class", "left_probability", "right_class"),
        *("right_probability", "max_abs_difference", "js", "near_tie", "left_margin"),
        *("right_margin", "top5_overlap", "right_rank_of_left", "left_rank_of_right"),
        *("max_difference_class", "mean_abs_difference", "spearman", "cosine", "kl"),
        *("truth", "left_truth_probability", "left_truth_rank", "right_truth_probability"),
        *("right_truth_rank", "error", "number"),
    )
)
"""The columns of the table, from the left."""

_ERROR_CELLS = frozenset({"top1_same", "left_class"})
_NUMBERS = frozenset({ColumnKind.COUNT, ColumnKind.SHARE, ColumnKind.NUMBER})


class SweepModel(QAbstractTableModel):
    """The rows that a filter lets through, sorted by the database.

    What is not read yet shows as empty cells; `lane` answers soon after.

    Parameters
    ----------
    lane
        Reads the run file.
    labels
        Names of the shared classes.
    """

    def __init__(self, lane: Lane, labels: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._labels = labels
        self._palette = LIGHT
        self._filter: RowFilter = EVERY_ROW
        self._order: RowOrder = BY_NUMBER
        self._count = 0
        self._pages: OrderedDict[int, list[SweepRow]] = OrderedDict()
        self._asked: set[int] = set()
        self._stale: OrderedDict[int, list[SweepRow]] = OrderedDict()
        self._version = 0
        self._thumbnail: Callable[[SweepRow], QImage | None] = lambda _: None
        lane.answered.connect(self._on_answered)

    @property
    def row_filter(self) -> RowFilter:
        """Which rows are on show."""
        return self._filter

    @property
    def order(self) -> RowOrder:
        """How they are sorted."""
        return self._order

    def set_thumbnails(self, thumbnail: Callable[[SweepRow], QImage | None]) -> None:
        """Set what gives a row's small picture, or None while there is none."""
        self._thumbnail = thumbnail

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self._tell_all()

    def set_filter(self, row_filter: RowFilter) -> None:
        """Show other rows."""
        if row_filter != self._filter:
            self._filter = row_filter
            self._ask_anew(keep=False)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, in the database; a negative one gives the order of the list."""
        wanted = BY_NUMBER
        if column >= 0:
            descending = order is Qt.SortOrder.DescendingOrder
            wanted = RowOrder(SHOWN[column].id, descending)
        if wanted != self._order:
            self._order = wanted
            self._ask_anew(keep=False)

    def refresh(self) -> None:
        """Show what was added since; what is on show stays until the new pages are here."""
        self._ask_anew(keep=True)

    def row(self, place: int) -> SweepRow | None:
        """Give the row at a place, None where it is not read yet."""
        page, within = divmod(place, PAGE)
        rows = self._pages.get(page)
        if rows is None:
            self._ask_page(page)
            rows = self._stale.get(page)
        else:
            self._pages.move_to_end(page)
        return rows[within] if rows is not None and within < len(rows) else None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Count the rows."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Count the columns."""
        return 0 if parent.isValid() else len(SHOWN)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Name the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return SHOWN[section].title
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give what a cell shows."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENTS[index.column()]
        if role not in _ROLES:
            return None
        column = SHOWN[index.column()]
        row = self.row(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(row) if column.id == "path" else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(row, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, column)
        return cell_text(row, column, self._labels)

    def _colour(self, row: SweepRow, column: Column) -> QColor | None:
        if row.error and column.id in {"path", "error", *_ERROR_CELLS}:
            return QColor(self._palette.muted)
        if column.id.startswith("left_"):
            return QColor(self._palette.left)
        if column.id.startswith("right_"):
            return QColor(self._palette.right)
        return None

    def _ask_anew(self, keep: bool) -> None:
        self._version += 1
        self._stale = OrderedDict(self._pages) if keep else OrderedDict()
        self._pages.clear()
        self._asked.clear()
        self._lane.drop(lambda key: not _is_mine(self, key))
        if not keep:
            self._lane.interrupt()
        key = (self, self._version, None)
        self._lane.ask(key, partial(_count, self._filter, self._order))

    def _ask_page(self, page: int) -> None:
        if page not in self._asked:
            self._asked.add(page)
            key = (self, self._version, page)
            self._lane.ask(key, partial(_page, self._filter, self._order, page))

    def _on_answered(self, key: Hashable, answer: Any) -> None:
        if not isinstance(key, tuple) or key[0] is not self:
            return
        _, version, page = key
        if version != self._version:
            return
        if page is None:
            self._set_count(answer)
            return
        self._asked.discard(page)
        self._pages[page] = answer
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        last = min((page + 1) * PAGE, self._count) - 1
        if last >= page * PAGE:
            self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, len(SHOWN) - 1))

    def _set_count(self, count: int) -> None:
        if count > self._count:
            self.beginInsertRows(_NOWHERE, self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(_NOWHERE, count, self._count - 1)
            self._count = count
            self.endRemoveRows()
        self._tell_all()

    def _tell_all(self) -> None:
        if self._count:
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, len(SHOWN) - 1))


def _count(row_filter: RowFilter, order: RowOrder, reading: Reading) -> int:
    reading.table.refresh()
    return reading.table.count(row_filter, order)


def _page(row_filter: RowFilter, order: RowOrder, page: int, reading: Reading) -> list[SweepRow]:
    return reading.table.rows(row_filter, order, page * PAGE, PAGE)


def _is_mine(model: SweepModel, key: Hashable) -> bool:
    return isinstance(key, tuple) and key[0] is model


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft
    if column.kind in _NUMBERS:
        side = Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


_ALIGNMENTS = tuple(_alignment(column) for column in SHOWN)


def _tip(row: SweepRow, column: Column) -> str | None:
    if column.id == "path":
        return row.item.path
    if row.error and column.id in {"error", *_ERROR_CELLS}:
        return f"{row.error} {row.mend}".strip()
    return None


def cell_text(row: SweepRow, column: Column, labels: tuple[str, ...]) -> str:
    """Write one cell; empty where there is no value.

    A row with an error says so where the classes would stand: its own column is far to the right.
    """
    if row.error and column.id in _ERROR_CELLS:
        return "error" if column.id == "top1_same" else row.error
    value = column_value(row, column.id)
    if value is None or value == "":
        return ""
    if column.id == "path":
        return one_line(PurePath(str(value)).name)
    if column.kind is ColumnKind.FLAG:
        return "yes" if value else "no"
    if column.kind is ColumnKind.CLASS:
        return labels[value] if 0 <= value < len(labels) else f"class {value}"
    if column.kind is ColumnKind.SHARE:
        return f"{value:.3f}"
    if column.kind is ColumnKind.NUMBER:
        return f"{value:.3g}"
    if column.kind is ColumnKind.COUNT:
        return f"{value:,}"
    return str(value)


def one_line(name: str) -> str:
    """Write a name with every character that would break a line or draw nothing as a box."""
    return "".join(letter if letter.isprintable() else "�" for letter in name)


def column_value(row: SweepRow, column_id: str) -> Any:
    """Give the value of a column, None where the row has none."""
    if column_id in {"error", "sha256", "bytes", "width", "height"}:
        return getattr(row, column_id)
    if column_id in {"number", "path", "truth"}:
        return getattr(row.item, column_id)
    for name, side in (("left_", row.left), ("right_", row.right)):
        rest = column_id.removeprefix(name)
        if rest != column_id and rest in _OF_SIDE:
            return None if side is None else _OF_SIDE[rest](side)
    return None if row.measures is None else getattr(row.measures, column_id)


_OF_SIDE: dict[str, Callable[[Any], Any]] = {
    "class": lambda side: side.top[0],
    "probability": lambda side: side.probabilities[0],
    "margin": lambda side: side.margin,
    "truth_probability": lambda side: side.truth_probability,
    "truth_rank": lambda side: side.truth_rank,
}
