"""The texts of a :class:`RowsCanvas`, and the band under its selected row: one item each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem

from inspector.gui.views.widgets import translucent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from inspector.gui.views.rows import BarColumn
    from inspector.gui.views.rows_canvas import RowsCanvas


class _Layer(QGraphicsItem):
    """An item as large as the canvas; scene coordinates are the canvas' pixels."""

    def __init__(self, canvas: RowsCanvas, z: float) -> None:
        super().__init__()
        self._canvas = canvas
        self.setZValue(z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        """Give more than any screen's size, so that no resize has to be told."""
        return QRectF(-10.0, -10.0, 20000.0, 20000.0)

    def visible_rows(self) -> range:
        """Give the rows that are at least partly in view."""
        canvas = self._canvas
        area = canvas.plot_area()
        first = int((area.top() - canvas.row_top(0)) // canvas.row_height)
        last = int((area.bottom() - canvas.row_top(0)) // canvas.row_height)
        return range(max(0, first), min(len(canvas.rows.labels), last + 1))


class RowBand(_Layer):
    """The band under the selected row, and the line that sets the last row apart."""

    def __init__(self, canvas: RowsCanvas) -> None:
        super().__init__(canvas, -20.0)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw both."""
        canvas = self._canvas
        area = canvas.plot_area()
        painter.setClipRect(area)
        if canvas.selected is not None:
            top = canvas.row_top(canvas.selected)
            band = QRectF(area.left(), top, area.width(), canvas.row_height)
            painter.fillRect(band, translucent(canvas.palette_scheme.selected, 0.14))
            edge = QRectF(area.left(), top, 3.0, canvas.row_height)
            painter.fillRect(edge, QColor(canvas.palette_scheme.selected))
        if canvas.rows.separated:
            y = canvas.row_top(len(canvas.rows.labels) - 1)
            painter.setPen(QColor(canvas.palette_scheme.neutral))
            painter.drawLine(QLineF(area.left() + 6, y, area.right() - 6, y))


class RowText(_Layer):
    """Labels, marks beside them, and the numbers at the ends of the bars."""

    def __init__(self, canvas: RowsCanvas) -> None:
        super().__init__(canvas, 20.0)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Draw the rows that are in view."""
        canvas = self._canvas
        painter.setClipRect(canvas.plot_area())
        painter.setFont(canvas.font())
        for row in self.visible_rows():
            self._label(painter, row)
            for number in range(len(canvas.rows.columns)):
                self._number(painter, row, number)
        painter.setClipping(False)
        self._heads(painter)

    def _heads(self, painter: QPainter) -> None:
        """Say what marks and labels are, on the line of the axes' numbers."""
        canvas = self._canvas
        mark, label = canvas.rows.heads
        painter.setPen(QColor(canvas.palette_scheme.muted))
        area = QRectF(canvas.label_area())
        foot = canvas.axes[0].sceneBoundingRect()
        line = QRectF(area.left(), area.bottom(), area.width(), foot.bottom() - area.bottom())
        space = canvas.fontMetrics().averageCharWidth()
        beside = canvas.beside_zero()
        line.adjust(space, 0, -space - beside, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line.adjusted(beside, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | middle, mark)
        line.setLeft(line.left() + canvas.mark_width())
        if line.width() >= canvas.fontMetrics().horizontalAdvance(label):
            painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | middle, label)

    def _label(self, painter: QPainter, row: int) -> None:
        canvas = self._canvas
        metrics = canvas.fontMetrics()
        space = metrics.averageCharWidth()
        area = QRectF(canvas.label_area())
        line = QRectF(area.left(), canvas.row_top(row), area.width(), canvas.row_height)
        line.adjust(space, 0, -space, 0)
        marks = canvas.mark_width()
        palette = canvas.palette_scheme
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(palette.muted))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | middle, canvas.rows.marks[row])
        line.setLeft(line.left() + marks)
        shown = metrics.elidedText(
            canvas.rows.labels[row], Qt.TextElideMode.ElideRight, int(line.width())
        )
        painter.setPen(QColor(palette.selected if row == canvas.selected else palette.text))
        centre = Qt.AlignmentFlag.AlignHCenter if canvas.butterfly else Qt.AlignmentFlag.AlignRight
        painter.drawText(line, centre | middle, shown)

    def _number(self, painter: QPainter, row: int, number: int) -> None:
        canvas = self._canvas
        column = canvas.rows.columns[number]
        text = column.texts[row]
        metrics = painter.fontMetrics()
        space = metrics.averageCharWidth() * 0.8
        x, outward = self._bar_end(column, row, number)
        width = metrics.horizontalAdvance(text)
        start = x + space if outward > 0 else x - space - width
        top = canvas.row_top(row)
        painter.setPen(QColor(canvas.palette_scheme.text))
        painter.drawText(
            QRectF(start, top, width + 2.0, canvas.row_height),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            text,
        )

    def _bar_end(self, column: BarColumn, row: int, number: int) -> tuple[float, int]:
        """Give the pixel where a bar ends, and the direction it grows in: +1 is to the right."""
        canvas = self._canvas
        area = canvas.boxes[number].sceneBoundingRect()
        low, high = canvas.boxes[number].viewRange()[0]
        value = float(column.values[row])
        end = value if value == value else 0.0
        outward = 1
        if canvas.butterfly:
            end = max(end, 0.0)
        elif end < 0:
            outward = -1
        share = (end - low) / (high - low)
        if canvas.butterfly and number == 0:
            return area.right() - share * area.width(), -1
        return area.left() + share * area.width(), outward
