"""Small widgets that several views use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.core.palette import LIGHT

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from inspector.core.palette import Palette

UPDATING = "updating…"


def tinted(widget: QWidget, colour: str) -> None:
    """Give a widget's text a colour."""
    palette = widget.palette()
    palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
    widget.setPalette(palette)


def translucent(colour: str, alpha: float) -> QColor:
    """Give a colour with an opacity of 0 to 1."""
    made = QColor(colour)
    made.setAlphaF(alpha)
    return made


class StaleVeil(QWidget):
    """Lies over a view whose result is out of date; lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(UPDATING)

    def set_colours(self, palette: Palette) -> None:
        """Take the colours of a scheme."""
        self._palette = palette
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim everything and write the mark over its middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), translucent(self._palette.panel, 0.6))
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(UPDATING) + metrics.height()
        height = metrics.height() * 1.5
        mark = QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)
        painter.setPen(QColor(self._palette.neutral))
        painter.setBrush(QColor(self._palette.panel))
        painter.drawRoundedRect(mark, height / 2, height / 2)
        painter.setPen(QColor(self._palette.text))
        painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, UPDATING)


class ElidedLabel(QWidget):
    """One line of text with a small mark of colour before it; shortened to fit, full as tooltip."""

    def __init__(self, align_right: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._colour = LIGHT.text
        self._right = align_right
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """The full text."""
        return self._text

    def set_text(self, text: str, colour: str) -> None:
        """Show a text, with a mark in `colour`."""
        self._text, self._colour = text, colour
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 24, round(metrics.height() * 1.3))

    def minimumSizeHint(self) -> QSize:
        """Ask for one line, however narrow."""
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw mark and text."""
        if not self._text:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        mark = metrics.ascent() * 0.8
        gap = metrics.averageCharWidth()
        room = self.width() - mark - gap
        shown = metrics.elidedText(self._text, Qt.TextElideMode.ElideMiddle, int(room))
        used = mark + gap + metrics.horizontalAdvance(shown)
        start = self.width() - used if self._right else 0.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour))
        painter.drawRoundedRect(QRectF(start, (self.height() - mark) / 2, mark, mark), 2, 2)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(start + mark + gap, baseline), shown)
