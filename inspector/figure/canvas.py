"""A painter that knows the palette and the type scale."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from inspector.figure import text as typography

if TYPE_CHECKING:
    from inspector.core.palette import Palette
    from inspector.figure.text import TextStyle

CARD_RADIUS = 8.0


class Align(Enum):
    """Where a line of text stands in its rectangle."""

    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


class Canvas:
    """Draws the figure's few shapes on any paint device.

    Parameters
    ----------
    painter
        An active painter; one logical pixel of the figure is one unit of its coordinates.
    palette
        The colours.
    """

    def __init__(self, painter: QPainter, palette: Palette) -> None:
        self.painter = painter
        self.palette = palette
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)

    def fill(self, rect: QRectF, colour: str, radius: float = 0.0) -> None:
        """Fill a rectangle, its corners rounded by `radius`."""
        if radius <= 0:
            self.painter.fillRect(rect, QColor(colour))
            return
        path = QPainterPath()
        path.addRoundedRect(rect, radius, radius)
        self.painter.fillPath(path, QColor(colour))

    def outline(self, rect: QRectF, colour: str, radius: float = 0.0) -> None:
        """Draw a line of one pixel just inside a rectangle."""
        self.painter.setPen(QPen(QColor(colour), 1.0))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

    def card(self, rect: QRectF) -> None:
        """Draw a panel on the figure's background."""
        self.fill(rect, self.palette.panel, CARD_RADIUS)
        self.outline(rect, self.palette.grid, CARD_RADIUS)

    def line(self, start: QPointF, end: QPointF, colour: str, width: float = 1.0) -> None:
        """Draw a straight line with square ends."""
        pen = QPen(QColor(colour), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        self.painter.setPen(pen)
        self.painter.drawLine(start, end)

    def dot(self, centre: QPointF, colour: str, radius: float = 5.0) -> None:
        """Draw a filled circle."""
        path = QPainterPath()
        path.addEllipse(centre, radius, radius)
        self.painter.fillPath(path, QColor(colour))

    def text(
        self,
        rect: QRectF,
        words: str,
        style: TextStyle,
        colour: str | None = None,
        align: Align = Align.LEFT,
        middle: bool = False,
    ) -> float:
        """Write one line, centred on the height of its capitals; what does not fit is cut.

        Returns
        -------
        float
            The width that was used.
        """
        line = typography.elided(words, style, rect.width(), middle)
        used = typography.width_of(line, style)
        x = rect.left() + align.value * (rect.width() - used)
        y = rect.center().y() + typography.metrics(style).capHeight() / 2
        self.painter.setFont(typography.font(style))
        self.painter.setPen(QColor(colour or self.palette.text))
        self.painter.drawText(QPointF(x, y), line)
        return used

    def lines(
        self,
        rect: QRectF,
        lines: tuple[str, ...],
        style: TextStyle,
        colour: str | None = None,
        align: Align = Align.LEFT,
    ) -> None:
        """Write lines that were wrapped before, from the top of a rectangle."""
        for number, line in enumerate(lines):
            top = rect.top() + number * style.leading
            self.text(
                QRectF(rect.left(), top, rect.width() + 1, style.leading),
                line,
                style,
                colour,
                align,
            )

    def message(self, rect: QRectF, words: str) -> None:
        """Write a sentence in the middle of a rectangle where there is nothing to plot."""
        style = typography.BODY
        lines = typography.wrapped(words, style, rect.width() - 40, 4)
        height = len(lines) * style.leading
        top = rect.center().y() - height / 2
        self.lines(
            QRectF(rect.left() + 20, top, rect.width() - 40, height),
            lines,
            style,
            self.palette.muted,
            Align.CENTRE,
        )
