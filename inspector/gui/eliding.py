"""Labels that shorten their text where the room is narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QTextLayout
from PySide6.QtWidgets import QLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget


class ElidingLabel(QLabel):
    """The full text is its tooltip.

    Parameters
    ----------
    align_right
        At which end of its room the text stands.
    """

    def __init__(self, align_right: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        side = Qt.AlignmentFlag.AlignRight if align_right else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def setText(self, text: str) -> None:
        """Show a text."""
        super().setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        """Ask for one line, however narrow."""
        return QSize(60, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much of the text as there is room for."""
        painter = QPainter(self)
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, self.alignment(), shown)


class ClampedLabel(QLabel):
    """Plain text that wraps; where it may have but so many lines, the last one is shortened.

    The full text is its tooltip as long as it is shortened.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._most: int | None = None
        self._least = 0
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    @property
    def shown_lines(self) -> tuple[str, ...]:
        """The lines as they are drawn."""
        return self._lines(self.contentsRect().width())

    def set_most_lines(self, most: int | None) -> None:
        """Show so many lines at most; None for all of them."""
        if most != self._most:
            self._most = most
            self._tell()
            self.updateGeometry()
            self.update()

    def set_least_lines(self, least: int) -> None:
        """Keep room for so many lines, so that a longer text moves nothing."""
        if least != self._least:
            self._least = least
            self.updateGeometry()

    def setText(self, text: str) -> None:
        """Show a text."""
        super().setText(text)
        self._tell()

    def heightForWidth(self, width: int) -> int:
        """Give the height of as many lines as are shown, and of those that room is kept for."""
        line = self.fontMetrics().lineSpacing()
        if self._most is None:
            return max(super().heightForWidth(width), self._least * line)
        return max(len(self._lines(width)), self._least) * line

    def sizeHint(self) -> QSize:
        """Ask for the lines that are shown."""
        return self._clamped(super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        """Ask for the lines that are shown."""
        return self._clamped(super().minimumSizeHint())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the text to the new width."""
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines there is room for."""
        if self._most is None:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.contentsRect(), flags, "\n".join(self.shown_lines))

    def _clamped(self, hint: QSize) -> QSize:
        if self._most is None:
            return hint
        most = self._most * self.fontMetrics().lineSpacing()
        return QSize(hint.width(), min(hint.height(), most))

    def _tell(self) -> None:
        self.setToolTip(self.text() if self._is_shortened() else "")

    def _is_shortened(self) -> bool:
        """Tell whether less is drawn than the text says; it may end in dots of its own."""
        if self._most is None:
            return False
        width = self.contentsRect().width()
        whole = wrapped(self.text(), self.font(), width)
        return " ".join(self._lines(width)) != " ".join(whole)

    def _lines(self, width: int) -> tuple[str, ...]:
        lines = wrapped(self.text(), self.font(), width)
        if self._most is None or len(lines) <= self._most:
            return lines
        kept, rest = lines[: self._most - 1], " ".join(lines[self._most - 1 :])
        elide = Qt.TextElideMode.ElideRight
        return (*kept, self.fontMetrics().elidedText(rest, elide, width))


def wrapped(text: str, font: QFont, width: int) -> tuple[str, ...]:
    """Break a text into lines of at most `width` pixels."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    return tuple(lines)
