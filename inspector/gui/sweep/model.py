"""A run's rows as a table of any length: pages are read when they come into view."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QImage

from inspector.core.palette import LIGHT
from inspector.gui.sweep.cells import ERROR_CELLS, cell_text, cell_tip, is_real_disagreement
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
TINT_STRENGTH = 170
"""Of 255: what shows through is the light and dark of the rows."""

_NOWHERE = QModelIndex()
_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.BackgroundRole,
    }
)
"""What is answered for a row; Qt asks for more, and for every cell at every drawing."""

SHOWN: tuple[Column, ...] = tuple(
    find_column(name)
    for name in (
        *("path", "max_abs_difference", "top1_same", "left_class", "left_probability"),
        *("right_class", "right_probability", "truth", "js", "near_tie", "left_margin"),
        *("right_margin", "top5_overlap", "right_rank_of_left", "left_rank_of_right"),
        *("max_difference_class", "mean_abs_difference", "spearman", "cosine", "kl"),
        *("left_truth_probability", "left_truth_rank", "right_truth_probability"),
        *("right_truth_rank", "error", "number"),
    )
)
"""The columns of the table, from the left."""

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

    Signals
    -------
    counted
        How many rows there are is known, for the filter that was set last.
    """

    counted = Signal()

    def __init__(self, lane: Lane, labels: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._labels = labels
        self._palette = LIGHT
        self._tint = _tint_of(LIGHT)
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
        self._tint = _tint_of(palette)
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
        if role == Qt.ItemDataRole.TextAlignmentRole:
            is_text = _ALIGNMENTS[section] & Qt.AlignmentFlag.AlignLeft
            return _ALIGNMENTS[section] if is_text else Qt.AlignmentFlag.AlignCenter
        return SHOWN[section].tip if role == Qt.ItemDataRole.ToolTipRole else None

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
            return cell_tip(row, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, column)
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._tint if is_real_disagreement(row) else None
        return cell_text(row, column, self._labels)

    def _colour(self, row: SweepRow, column: Column) -> QColor | None:
        if row.error and column.id in {"path", "error", *ERROR_CELLS}:
            return QColor(self._palette.muted)
        if column.id.startswith("left_"):
            return QColor(self._palette.left_text)
        if column.id.startswith("right_"):
            return QColor(self._palette.right_text)
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
        self.counted.emit()

    def _tell_all(self) -> None:
        if self._count:
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, len(SHOWN) - 1))


def _tint_of(palette: Palette) -> QColor:
    """Give the background of rows that really disagree."""
    tint = QColor(palette.warning)
    tint.setAlpha(TINT_STRENGTH)
    return tint


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
    elif column.kind is ColumnKind.FLAG:
        side = Qt.AlignmentFlag.AlignHCenter
    return side | Qt.AlignmentFlag.AlignVCenter


_ALIGNMENTS = tuple(_alignment(column) for column in SHOWN)
