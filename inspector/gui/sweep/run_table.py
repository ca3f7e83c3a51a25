"""The table of a run: few columns at first, errors over the row, a word where it is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.sweep.cells import one_line
from inspector.gui.sweep.model import SHOWN
from inspector.gui.sweep.thumbnails import SIDE
from inspector.sweep.columns import ColumnKind

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QPainter, QResizeEvent

    from inspector.core.palette import Palette
    from inspector.gui.sweep.model import SweepModel
    from inspector.sweep.rows import SweepRow

    Index = QModelIndex | QPersistentModelIndex

USUAL = (
    *("path", "max_abs_difference", "top1_same", "left_class", "left_probability"),
    *("right_class", "right_probability"),
)
"""Columns that are shown at first; with known true classes these, too."""

TRUTH = "truth"
NONE_FITS = "No picture matches"
NONE_YET = "No picture is compared yet"
MARGIN = 4
SORT_MARK = 26
"""Room beside a title, with what shows that the column is sorted by, in pixels."""

LONGEST = {ColumnKind.SHARE: ">99.9 %", ColumnKind.NUMBER: "8.88e-08", ColumnKind.COUNT: "8,888"}
"""The longest that most cells of a kind have; a column by its title alone may be narrower."""

GAP = "\N{EN SPACE}"

_PLACES = {column.id: place for place, column in enumerate(SHOWN)}
_TEXTS = {"path": 3, "left_class": 2, "right_class": 2, TRUTH: 2}
"""Columns that share the room that numbers leave, and in which parts."""

_LEAST_TEXT = 44
"""Least width of a part, in pixels."""


class RunTable(QTableView):
    """Shows the rows of a model.

    Parameters
    ----------
    model
        The rows.
    """

    clear_wanted = Signal()
    """Every picture is wanted again."""

    def __init__(self, model: SweepModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fitting = False
        self._by_hand = False
        self._is_filtered = False
        self.rows = model
        self.setModel(model)
        self.setItemDelegate(_Delegate(self))
        self._dress()
        self.columns_menu = QMenu("Columns", self)
        self.columns_menu.setToolTipsVisible(True)
        self.columns_menu.aboutToShow.connect(self._fill_menu)
        self._add_empty_note()
        self._fit_soon = QTimer(self, singleShot=True, interval=0)
        self._fit_soon.timeout.connect(self.fit_columns)
        self.show_usual_columns()
        header = self.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_menu)
        header.sectionResized.connect(self._note_resized)
        # An error's text stays where it is while the columns move under it.
        self.horizontalScrollBar().valueChanged.connect(lambda _: self.viewport().update())
        model.counted.connect(self._tell_empty)
        model.rowsInserted.connect(self.empty.hide)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self.empty_text.setStyleSheet(f"color: {palette.muted};")

    def set_filtered(self, is_filtered: bool) -> None:
        """Take whether only some of the rows are wanted."""
        self._is_filtered = is_filtered

    def show_usual_columns(self, truth: bool = False) -> None:
        """Show the columns that say what a run is about; the true class where it is known."""
        wanted = {*USUAL, *({TRUTH} if truth else ())}
        for place, column in enumerate(SHOWN):
            self._set_hidden(place, column.id not in wanted)
        self._by_hand = False
        self.fit_columns()

    def show_column(self, column_id: str) -> None:
        """Show a column, and bring it into view."""
        place = _PLACES[column_id]
        if self.isColumnHidden(place):
            self._set_hidden(place, False)
            self.fit_columns()
        self.updateGeometries()  # so that the scroll bar reaches a column that was hidden
        header = self.horizontalHeader()
        first = header.sectionPosition(place)
        last = first + header.sectionSize(place)
        bar, width = self.horizontalScrollBar(), self.viewport().width()
        if not bar.value() <= first <= last <= bar.value() + width:
            bar.setValue(max(0, last - width))

    def fit_columns(self) -> None:
        """Share the width among the columns, unless the user has set one by hand."""
        if self._by_hand:
            return
        self._fitting = True
        shown = [place for place in range(len(SHOWN)) if not self.isColumnHidden(place)]
        texts = {place: _TEXTS.get(SHOWN[place].id, 0) for place in shown}
        for place in shown:
            if not texts[place]:
                self.setColumnWidth(place, self._width_of(place))
        room = self.viewport().width() - sum(
            self.columnWidth(place) for place in shown if not texts[place]
        )
        part = max(room // max(sum(texts.values()), 1), _LEAST_TEXT)
        for place, parts in texts.items():
            if parts:
                self.setColumnWidth(place, part * parts)
        self._fitting = False

    def error_area(self, row_top: int, height: int) -> QRect:
        """Give the place of an error's text: what is in view right of the first column."""
        header = self.horizontalHeader()
        begin = max(header.sectionViewportPosition(0) + header.sectionSize(0), 0)
        end = min(header.length() - header.offset(), self.viewport().width())
        return QRect(begin, row_top, end - begin, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self._fit_soon.start()
        area = self.viewport().rect()
        self.empty.setGeometry(area)

    def _dress(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setAccessibleName("Pictures of the run")
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(SIDE + 6)
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)

    def _width_of(self, place: int) -> int:
        """Give the width that a column of numbers needs: for its title, and for what is in it."""
        column, metrics = SHOWN[place], self.fontMetrics()
        title = metrics.horizontalAdvance(column.title) + SORT_MARK
        longest = LONGEST.get(column.kind, "")
        return max(title, metrics.horizontalAdvance(f"{longest}{GAP}") + 3 * MARGIN)

    def _set_hidden(self, place: int, hidden: bool) -> None:
        """Hide or show a column; the header calls that a new width, which is none by hand."""
        self._fitting = True
        self.setColumnHidden(place, hidden)
        self._fitting = False

    def _note_resized(self, *_: int) -> None:
        self._by_hand = self._by_hand or not self._fitting

    def _add_empty_note(self) -> None:
        self.empty = QWidget(self.viewport())
        self.empty_text = QLabel(NONE_YET)
        self.empty_text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.clear_button = QPushButton("Clear filters")
        self.clear_button.clicked.connect(self.clear_wanted)
        column = QVBoxLayout(self.empty)
        column.addStretch(1)
        column.addWidget(self.empty_text)
        column.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        self.empty.hide()

    def _tell_empty(self) -> None:
        self.empty_text.setText(NONE_FITS if self._is_filtered else NONE_YET)
        self.clear_button.setVisible(self._is_filtered)
        self.empty.setVisible(self.rows.rowCount() == 0)

    def _show_menu(self, place: QPoint) -> None:
        self.columns_menu.popup(self.horizontalHeader().mapToGlobal(place))

    def _fill_menu(self) -> None:
        menu = self.columns_menu
        menu.clear()
        for place, column in enumerate(SHOWN[1:], start=1):
            action = menu.addAction(column.title)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(place))
            action.setToolTip(column.tip)
            action.toggled.connect(lambda on, place=place: self._set_column(place, on))
        menu.addSeparator()
        known = not self.isColumnHidden(_PLACES[TRUTH])
        menu.addAction("Usual columns").triggered.connect(
            lambda: self.show_usual_columns(truth=known)
        )

    def _set_column(self, place: int, on: bool) -> None:
        if on:
            self.show_column(SHOWN[place].id)
        else:
            self._set_hidden(place, True)
            self.fit_columns()


class _Delegate(QStyledItemDelegate):
    """Draws cells; an error's text runs over all columns but the first."""

    def __init__(self, table: RunTable) -> None:
        super().__init__(table)
        self._table = table

    def initStyleOption(self, option: Any, index: Index) -> None:
        """Keep numbers off the column after them."""
        super().initStyleOption(option, index)
        if option.displayAlignment & Qt.AlignmentFlag.AlignRight:
            option.text += GAP

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell."""
        row: SweepRow | None = self._table.rows.row(index.row()) if index.column() else None
        if row is None or not row.error:
            super().paint(painter, option, index)
            return
        self._paint_error(painter, option, index, row.error)

    def _paint_error(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, error: str
    ) -> None:
        """Draw the part of an error's text that lies in this cell."""
        shown: Any = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        shown.text = ""
        style, element = self._table.style(), QStyle.ControlElement.CE_ItemViewItem
        style.drawControl(element, shown, painter, self._table)
        is_selected = bool(shown.state & QStyle.StateFlag.State_Selected)
        role = (
            QPalette.ColorRole.HighlightedText
            if is_selected
            else QPalette.ColorRole.PlaceholderText
        )
        area = self._table.error_area(shown.rect.top(), shown.rect.height())
        area.adjust(MARGIN, 0, -MARGIN, 0)
        text = self._table.fontMetrics().elidedText(
            one_line(error), Qt.TextElideMode.ElideRight, area.width()
        )
        painter.save()
        painter.setClipRect(shown.rect)
        painter.setPen(shown.palette.color(role))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
        painter.restore()
