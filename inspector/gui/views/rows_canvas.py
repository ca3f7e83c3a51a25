"""Horizontal bars with shared labels: rows that never overlap, and scroll where they are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QToolTip, QWidget

from inspector.core.palette import LIGHT
from inspector.gui.theme import configure_plots
from inspector.gui.views.axes import Axis, Ticks
from inspector.gui.views.pointer import Pointer
from inspector.gui.views.row_text import RowBand, RowText
from inspector.gui.views.rows import NO_ROWS

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QWheelEvent

    from inspector.core.palette import Palette
    from inspector.gui.views.rows import BarColumn, Rows

configure_plots()

BAR_HEIGHT = 0.62
"""Part of a row that its bar fills."""

TIGHTEST, WIDEST = 1.3, 3.2
"""Least and greatest height of a row, in heights of the font."""

TURN_OF_A_ROW = 40
"""So far a wheel turns for one row: three rows for a notch of 120."""


class RowsCanvas(QWidget):
    """Draws :class:`Rows`.

    Parameters
    ----------
    name
        Accessible name.
    butterfly
        Two columns on both sides of the labels, the first growing to the left; else one column to
        the right of the labels.
    """

    row_clicked = Signal(int)

    def __init__(self, name: str, *, butterfly: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = NO_ROWS
        self.selected: int | None = None
        self._turned = 0
        self.palette_scheme = LIGHT
        self.butterfly = butterfly
        self.view = pg.GraphicsView(self)
        self.view.setAccessibleName(name)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.scroll_bar.valueChanged.connect(self._place)
        self.boxes = [_box(mirrored=butterfly)] + ([_box(mirrored=False)] if butterfly else [])
        self.axes = [Axis("bottom", Ticks.NUMBERS) for _ in self.boxes]
        self.bars = [pg.BarGraphItem(x0=[], y=[], width=[], height=0.5) for _ in self.boxes]
        self._gap = pg.GraphicsWidget()
        self._lay_out()
        self.band = RowBand(self)
        self.text = RowText(self)
        for item in (self.band, self.text):
            self.view.scene().addItem(item)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.view, 1)
        row.addWidget(self.scroll_bar)
        self.pointer = Pointer(self.view.viewport(), self)
        self.pointer.moved.connect(self._moved)
        self.pointer.clicked.connect(self._clicked)
        self.boxes[0].sigResized.connect(self.arrange)

    def set_rows(self, rows: Rows) -> None:
        """Show other rows."""
        self.rows = rows
        for column, bars, axis in zip(rows.columns, self.bars, self.axes, strict=True):
            lengths = np.where(np.isfinite(column.values), column.values, 0.0)
            bars.setOpts(
                x0=np.zeros(lengths.size),
                width=lengths,
                y=np.arange(lengths.size) + 0.5,
                height=BAR_HEIGHT,
                brushes=[QColor(colour) for colour in column.colours],
                pen=None,
            )
            axis.set_kind(column.ticks)
            axis.set_ends(column.limits if self.butterfly else None)
        self.arrange()

    def dress(self, palette: Palette) -> None:
        """Take colours, and the widget's font."""
        self.palette_scheme = palette
        self.view.setBackground(QColor(palette.panel))
        for axis in self.axes:
            axis.dress(palette, self.font())
        self._repaint()

    def select(self, row: int | None) -> None:
        """Mark a row and bring it into view."""
        self.selected = row
        if row is not None and self.scroll_bar.maximum() > 0:
            top, height = round(row * self.row_height), round(self.row_height)
            page = self.scroll_bar.pageStep()
            self.scroll_bar.setValue(min(max(self.scroll_bar.value(), top + height - page), top))
        self._repaint()

    @property
    def row_height(self) -> float:
        """Height of a row in pixels; where there are too many, whole ones fill the height."""
        line, height = self.fontMetrics().height(), self.plot_area().height()
        wanted = height / max(1, len(self.rows.labels))
        if wanted >= line * TIGHTEST:
            return min(wanted, line * WIDEST)
        whole = max(1, int(height / (line * TIGHTEST)))
        return max(height / whole, line * TIGHTEST)

    def plot_area(self) -> QRect:
        """Give the pixels between the upper edge and the axes, over all columns."""
        first = self.boxes[0].sceneBoundingRect()
        return QRect(0, round(first.top()), self.view.width(), round(first.height()))

    def row_top(self, row: int) -> float:
        """Give the pixel of a row's upper edge."""
        return self.plot_area().top() + row * self.row_height - self.scroll_bar.value()

    def row_at(self, place: QPointF) -> int | None:
        """Give the row under a pixel."""
        area = self.plot_area()
        if not area.contains(place.toPoint()):
            return None
        row = int((place.y() - self.row_top(0)) // self.row_height)
        return row if 0 <= row < len(self.rows.labels) else None

    def row_centre(self, row: int) -> QPoint:
        """Give a pixel in the middle of a row's label."""
        label = self.label_area()
        return QPoint(label.center().x(), round(self.row_top(row) + self.row_height / 2))

    def label_area(self) -> QRect:
        """Give the pixels of the label column."""
        area = self.plot_area()
        if not self.butterfly:
            return QRect(
                0, area.top(), round(self.boxes[0].sceneBoundingRect().left()), area.height()
            )
        left = round(self.boxes[0].sceneBoundingRect().right())
        right = round(self.boxes[1].sceneBoundingRect().left())
        return QRect(left, area.top(), right - left, area.height())

    def mark_width(self) -> int:
        """Give the width that the texts beside the labels need."""
        metrics = self.fontMetrics()
        widths = [metrics.horizontalAdvance(mark) for mark in self.rows.marks if mark]
        if self.rows.heads[0]:
            widths.append(metrics.horizontalAdvance(self.rows.heads[0]) + self.beside_zero())
        return max(widths) + metrics.averageCharWidth() if widths else 0

    def beside_zero(self) -> int:
        """Give how far the zero of an axis stands into the label column, with some air."""
        metrics = self.fontMetrics()
        return metrics.horizontalAdvance("0 %") // 2 + metrics.averageCharWidth()

    def arrange(self) -> None:
        """Fit label column, axes and scroll bar to the size and the rows."""
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(text) for text in self.rows.labels), default=0)
        if self.rows.heads[1]:
            head = metrics.horizontalAdvance(self.rows.heads[1]) + self.beside_zero()
            widest = max(widest, head)
        wanted = widest + self.mark_width() + 3 * metrics.averageCharWidth()
        self._gap.setFixedWidth(min(wanted, max(60, round(self.view.width() * 0.42))))
        ranges = [
            self._with_room(column, box.width())
            for box, column in zip(self.boxes, self.rows.columns, strict=False)
        ]
        if self._shares_scale():
            ranges = [(min(low for low, _ in ranges), max(high for _, high in ranges))] * len(
                ranges
            )
        for box, axis, (low, high) in zip(self.boxes, self.axes, ranges, strict=False):
            box.setXRange(low, high, padding=0.0)
            axis.linkToView(box)
        self._fit_scroll_bar()
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit everything to the new size."""
        super().resizeEvent(event)
        self.arrange()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the rows."""
        if self.scroll_bar.maximum() == 0:
            event.ignore()
            return
        if event.pixelDelta().isNull():  # a wheel, not a touch pad: stop where a row begins
            self._turn_wheel(event.angleDelta().y())
        else:
            self.scroll_bar.setValue(self.scroll_bar.value() - event.pixelDelta().y())
        event.accept()

    def _turn_wheel(self, angle: int) -> None:
        """Move by whole rows; what is left of a turn counts for the next, in small steps, too."""
        if angle * self._turned < 0:
            self._turned = 0
        self._turned += angle
        rows = int(self._turned / TURN_OF_A_ROW)
        if rows:
            self._turned -= rows * TURN_OF_A_ROW
            first = round(self.scroll_bar.value() / self.row_height) - rows
            self.scroll_bar.setValue(round(first * self.row_height))

    def _lay_out(self) -> None:
        grid = pg.GraphicsLayout()
        edge = self.fontMetrics().horizontalAdvance("100 %") / 2 + 2
        grid.setContentsMargins(edge, 2, edge, 2)
        grid.setSpacing(0)
        places = (0, 2) if self.butterfly else (1,)
        grid.addItem(self._gap, 0, 1 if self.butterfly else 0)
        for place, box, axis, bars in zip(places, self.boxes, self.axes, self.bars, strict=True):
            grid.addItem(box, 0, place)
            grid.addItem(axis, 1, place)
            grid.layout.setColumnStretchFactor(place, 1)
            axis.linkToView(box)
            box.addItem(bars, ignoreBounds=True)
        self._grid = grid
        self.view.setCentralItem(grid)

    def _shares_scale(self) -> bool:
        """Tell whether a bar on one side may be compared with one on the other."""
        return len({(column.limits, column.ticks) for column in self.rows.columns}) == 1

    def _with_room(self, column: BarColumn, width: float) -> tuple[float, float]:
        """Widen the axis' range so that the texts fit beyond the bars' ends."""
        low, high = column.limits
        metrics = self.fontMetrics()
        text = max((metrics.horizontalAdvance(text) for text in column.texts), default=0)
        share = min((text + 2 * metrics.averageCharWidth()) / max(width, 1.0), 0.7)
        if self.butterfly:
            longest = float(np.nanmax(column.values, initial=0.0))
            return low, low + max(high - low, (longest - low) / (1.0 - share))
        middle = (low + high) / 2
        reach = (high - middle) / (1.0 - min(2 * share, 0.8))
        return middle - reach, middle + reach

    def _fit_scroll_bar(self) -> None:
        height = self.plot_area().height()
        total = round(self.row_height * len(self.rows.labels))
        self.scroll_bar.setPageStep(max(1, height))
        self.scroll_bar.setSingleStep(max(1, round(self.row_height)))
        self.scroll_bar.setRange(0, max(0, total - height - 1))
        self.scroll_bar.setVisible(self.scroll_bar.maximum() > 0)

    def _place(self) -> None:
        height = max(1, self.plot_area().height())
        first = self.scroll_bar.value() / self.row_height
        for box in self.boxes:
            box.setYRange(first, first + height / self.row_height, padding=0.0)
        self._repaint()

    def _repaint(self) -> None:
        self.band.update()
        self.text.update()
        self.view.viewport().update()

    def _moved(self, place: QPointF) -> None:
        row = self.row_at(place)
        viewport = self.view.viewport()
        viewport.setCursor(
            Qt.CursorShape.ArrowCursor if row is None else Qt.CursorShape.PointingHandCursor
        )
        if row is None or not self.rows.tips[row]:
            QToolTip.hideText()
            return
        at = viewport.mapToGlobal(place.toPoint() + QPoint(14, 10))
        top = round(self.row_top(row))
        area = QRect(0, top, self.view.width(), round(self.row_height))
        QToolTip.showText(at, self.rows.tips[row], viewport, area)

    def _clicked(self, place: QPointF) -> None:
        row = self.row_at(place)
        if row is not None:
            self.row_clicked.emit(row)


def _box(mirrored: bool) -> pg.ViewBox:
    box = pg.ViewBox(
        enableMenu=False, enableMouse=False, invertX=mirrored, invertY=True, defaultPadding=0.0
    )
    box.disableAutoRange()
    return box
