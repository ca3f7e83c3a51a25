"""A one-line legend."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class Shape(Enum):
    """What a mark looks like."""

    DOT = auto()
    DIAMOND = auto()
    RING = auto()


Entry = tuple[Shape, str, str]
"""Shape, colour and text."""


class Legend(QWidget):
    """Shapes and what they stand for, in one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is shown."""
        return self._entries

    def set_entries(self, entries: tuple[Entry, ...]) -> None:
        """Show other entries."""
        self._entries = entries
        self.setAccessibleName("Legend: " + ", ".join(text for _, _, text in entries))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the room of all entries."""
        metrics = self.fontMetrics()
        width = sum(self._entry_width(text) for _, _, text in self._entries)
        return QSize(round(width), round(metrics.height() * 1.6))

    def minimumSizeHint(self) -> QSize:
        """Ask for one line, however narrow."""
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the entries from left to right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        size = metrics.ascent() * 0.7
        middle = self.height() / 2
        baseline = middle + (metrics.ascent() - metrics.descent()) / 2
        x = 0.0
        for shape, colour, text in self._entries:
            _draw_mark(painter, shape, QColor(colour), QPointF(x + size / 2 + 1, middle), size)
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(QPointF(x + size + metrics.averageCharWidth(), baseline), text)
            x += self._entry_width(text)

    def _entry_width(self, text: str) -> float:
        metrics = self.fontMetrics()
        gaps = 3.5 * metrics.averageCharWidth()
        return metrics.ascent() * 0.7 + gaps + metrics.horizontalAdvance(text)


def _draw_mark(
    painter: QPainter, shape: Shape, colour: QColor, centre: QPointF, size: float
) -> None:
    half = size / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if shape is Shape.DIAMOND:
        painter.setPen(QPen(colour, 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        steps = ((0.0, -half), (half, 0.0), (0.0, half), (-half, 0.0))
        painter.drawPolygon(QPolygonF([centre + QPointF(x, y) for x, y in steps]))
        return
    if shape is Shape.RING:
        painter.setPen(QPen(colour, 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(centre.x() - half, centre.y() - half, size, size))
