"""The sign that what is being dragged over the window can be dropped there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QWidget

from inspector.core.palette import LIGHT

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPaintEvent

    from inspector.core.palette import Palette

EDGE = 4
PADDING = 18
VEIL = 110
"""How far the window's ground covers what is beneath, of 255."""


class DropFrame(QWidget):
    """A frame around its whole parent, with a few words in the middle; it takes no mouse events.

    Parameters
    ----------
    parent
        What it covers while it is shown.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._covered = parent
        self._palette = LIGHT
        self._text = ""
        self.setAccessibleName("Drop target")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.4)
        font.setBold(True)
        self.setFont(font)
        self.hide()
        parent.installEventFilter(self)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def invite(self, text: str) -> None:
        """Show the frame, and say what a drop would do."""
        self._text = text
        self.setGeometry(self._covered.rect())
        self.raise_()
        self.show()
        self.update()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the parent also when it changes its size."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._covered.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the veil, the frame and the words."""
        palette = self._palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(palette.window)
        veil.setAlpha(VEIL)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(palette.left), EDGE))
        inset = EDGE // 2 + 2
        painter.drawRoundedRect(self.rect().adjusted(inset, inset, -inset, -inset), 8, 8)
        words = self._place_of_words()
        painter.setBrush(QColor(palette.panel))
        painter.setPen(QPen(QColor(palette.left), 2))
        painter.drawRoundedRect(words, 8, 8)
        painter.setPen(QColor(palette.text))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._text)

    def _place_of_words(self) -> QRect:
        metrics = self.fontMetrics()
        place = QRect(
            0,
            0,
            metrics.horizontalAdvance(self._text) + 2 * PADDING,
            metrics.height() + PADDING,
        )
        place.moveCenter(self.rect().center())
        return place
