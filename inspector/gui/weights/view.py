"""The weights tab: the answer in words, a search line, and the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from inspector.core.palette import LIGHT
from inspector.core.weights.audit import AuditCode
from inspector.gui.causes.section import text_line
from inspector.gui.icons import icon
from inspector.gui.views.widgets import tinted
from inspector.gui.weights.model import TITLES, Column, WeightsFilter, WeightsModel, cell_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent, QShowEvent

    from inspector.core.pairs import PairSpec
    from inspector.core.palette import Palette
    from inspector.core.weights.audit import WeightAudit
    from inspector.core.weights.rows import WeightRow
    from inspector.gui.explainer import Causes

WAITING = "The weights of both releases are compared with the first explanation of a pair."
NO_AUDIT = "The weights of this pair could not be compared."
LOOKS = {
    AuditCode.SAME: "good",
    AuditCode.OTHER_EPSILON: "warning",
    AuditCode.CLASSES_REORDERED: "warning",
    AuditCode.QUANTISED: "warning",
    AuditCode.PARTLY_SAME: "warning",
    AuditCode.DIFFERENT_WEIGHTS: "bad",
    AuditCode.DIFFERENT_MODELS: "bad",
    AuditCode.NO_WEIGHTS: "note",
}
"""The icon of every answer."""

NAMES = (Column.LEFT, Column.RIGHT)
MOST_SHARE = 0.22
"""Most of the width that a column beside the names may take."""

USUAL = 0.9
"""Part of the rows whose texts decide on a column's width; the tooltips have the others whole."""

MEASURED = 400
"""So many rows at most are measured, evenly spread."""

PADDING = 3
"""Average letters of room around a text; the header's sort mark needs as much."""


class FittingTable(QTableView):
    """Shares its width out among the columns, until the user drags one."""

    def __init__(self) -> None:
        super().__init__()
        self._sharing = self._dragged = False
        self._needed: dict[Column, int] = {}
        self.horizontalHeader().sectionResized.connect(self._note_drag)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns."""
        super().resizeEvent(event)
        self.share_out()

    def measure(self, rows: Sequence[WeightRow]) -> None:
        """Note how wide the columns have to be for some rows; one without texts is left out."""
        metrics = self.fontMetrics()
        noted = any(row.note for row in rows)
        rows = rows[:: max(1, len(rows) // MEASURED)]
        for column in Column:
            texts = [text for row in rows if (text := cell_text(row, column))]
            widths = sorted(metrics.horizontalAdvance(text) for text in texts)
            usual = widths[int((len(widths) - 1) * USUAL)] if widths else 0
            head = metrics.horizontalAdvance(TITLES[column])
            self._needed[column] = max(usual, head) + self._padding()
        self._sharing = True
        self.setColumnHidden(Column.NOTE, not noted)
        self._sharing = False
        self.share_out()

    def share_out(self) -> None:
        """Give the columns their widths."""
        if self._dragged or self.model() is None:
            return
        self._sharing = True
        for column, width in self._widths(self.viewport().width()).items():
            self.setColumnWidth(column, width)
        self._sharing = False

    def _widths(self, whole: int) -> dict[Column, int]:
        """Give the columns beside the names what they need, and the notes what is left.

        The tooltips have every note whole, and few rows have one.
        """
        widths: dict[Column, int] = {
            column: min(needed, int(whole * MOST_SHARE))
            for column, needed in self._needed.items()
            if column not in (*NAMES, Column.NOTE)
        }
        names = sum(self._needed.get(column, 1) for column in NAMES)
        room = whole - sum(widths.values())
        if not self.isColumnHidden(Column.NOTE):
            least = self.fontMetrics().horizontalAdvance(TITLES[Column.NOTE]) + self._padding()
            widths[Column.NOTE] = max(least, room - names)
            room -= widths[Column.NOTE]
        for column in NAMES:
            widths[column] = max(1, room * self._needed.get(column, 1) // max(names, 1))
        widths[Column.RIGHT] += max(0, whole - sum(widths.values()))
        return widths

    def _padding(self) -> int:
        return PADDING * self.fontMetrics().averageCharWidth()

    def _note_drag(self, column: int) -> None:
        if not self._sharing and column != Column.NOTE:
            self._dragged = True


class WeightsView(QWidget):
    """Shows the audit of the pair in use; what was searched and sorted stays with the pair."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._pair: PairSpec | None = None
        self._audit: WeightAudit | None = None
        self._waiting = False
        self.setAccessibleName("Weights")
        self.model = WeightsModel(self)
        self.filter = WeightsFilter(self.model, self)
        self._icon = QLabel()
        self._summary = text_line(WAITING)
        self.search_field = QLineEdit()
        self.search_field.setPlaceholderText("Search names, shapes, status and notes")
        self.search_field.setAccessibleName("Search the variables")
        self.search_field.setClearButtonEnabled(True)
        self.search_field.textChanged.connect(self._search)
        self._count = QLabel()
        self.table = FittingTable()
        self._arrange()
        self._set_up_table()
        self._show_table(False)

    @property
    def summary(self) -> str:
        """The answer in words."""
        return self._summary.text()

    @property
    def count_text(self) -> str:
        """How many variables are on show."""
        return self._count.text()

    def set_causes(self, causes: Causes) -> None:
        """Show the audit of a pair as soon as it is known; it stays until the pair changes."""
        if causes.result.pair != self._pair:
            self._pair, self._audit = causes.result.pair, None
            self._set_waiting()
        if causes.explanation is not None and causes.explanation.audit != self._audit:
            self._audit = causes.explanation.audit
            self._set_waiting()
        if self._audit is None:
            self._summary.setText(WAITING if causes.explanation is None else NO_AUDIT)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        tinted(self._count, palette.muted)
        self.model.set_palette_scheme(palette)
        self._draw_icon()

    def showEvent(self, event: QShowEvent) -> None:
        """Fill the table when it is first looked at."""
        super().showEvent(event)
        self._fill()

    def _set_waiting(self) -> None:
        self._waiting = True
        if self.isVisible():
            self._fill()

    def _fill(self) -> None:
        if not self._waiting:
            return
        self._waiting = False
        audit = self._audit
        header = self.table.horizontalHeader()
        by_status = audit is not None and not audit.same_checkpoint
        self.model.set_rows(() if audit is None else audit.rows)
        self.table.measure(self.model.rows)
        header.setSortIndicator(Column.STATUS if by_status else -1, Qt.SortOrder.AscendingOrder)
        if audit is not None:
            self._summary.setText(audit.text)
        self._show_table(audit is not None and bool(audit.rows))
        self._draw_icon()
        self._tell_count()

    def _draw_icon(self) -> None:
        self._icon.setVisible(self._audit is not None)
        if self._audit is not None:
            look = LOOKS[self._audit.code]
            self._icon.setPixmap(icon(look, self._palette).pixmap(QSize(22, 22)))

    def _show_table(self, shown: bool) -> None:
        for part in (self.search_field, self._count, self.table):
            part.setVisible(shown)

    def _search(self, text: str) -> None:
        self.filter.search(text)
        self._tell_count()

    def _tell_count(self) -> None:
        shown, whole = self.filter.rowCount(), self.model.rowCount()
        rows = "1 row" if whole == 1 else f"{whole} rows"
        self._count.setText(rows if shown == whole else f"{shown} of {rows}")

    def _arrange(self) -> None:
        answer = QHBoxLayout()
        answer.setContentsMargins(8, 0, 0, 0)
        answer.setSpacing(8)
        answer.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        answer.addWidget(self._summary, 1)
        search = QHBoxLayout()
        search.addWidget(self.search_field, 1)
        search.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(6)
        column.addLayout(answer)
        column.addLayout(search)
        column.addWidget(self.table, 1)
        column.addStretch(0)

    def _set_up_table(self) -> None:
        table, header = self.table, self.table.horizontalHeader()
        table.setModel(self.filter)
        table.setAccessibleName("Variables of both releases")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideLeft)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(round(table.fontMetrics().height() * 1.4))
        header.setHighlightSections(False)
        header.setStretchLastSection(False)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
        table.measure(())
