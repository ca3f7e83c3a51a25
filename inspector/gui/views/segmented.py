"""A few exclusive choices as joined buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent


class _Segment(QToolButton):
    """One of the buttons; painted in the palette's own colours, the chosen one highlighted."""

    def sizeHint(self) -> QSize:
        """Ask for the text and some air around it."""
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + 3 * metrics.averageCharWidth()
        return QSize(width, round(metrics.height() * 1.6))

    def minimumSizeHint(self) -> QSize:
        """Ask for the same: a cut text names nothing."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame and text."""
        colours = self.palette()
        chosen = self.isChecked()
        strong = self.underMouse() or self.hasFocus()
        painter = QPainter(self)
        fill = QPalette.ColorRole.Highlight if chosen else QPalette.ColorRole.Base
        edge = QPalette.ColorRole.Text if strong else QPalette.ColorRole.Dark
        text = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.ButtonText
        painter.setPen(colours.color(edge))
        painter.setBrush(colours.color(fill))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(colours.color(text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class Segmented(QWidget):
    """A few exclusive choices as joined buttons.

    Parameters
    ----------
    name
        Accessible name of the group.
    choices
        Id, text and tooltip of each; the first is chosen.
    """

    chosen = Signal(str)

    def __init__(
        self, name: str, choices: tuple[tuple[str, str, str], ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, _Segment] = {}
        for choice, text, tip in choices:
            button = _Segment(self)
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(f"{name}: {text}")
            button.setCheckable(True)
            row.addWidget(button)
            self._group.addButton(button)
            self._buttons[choice] = button
        self._buttons[choices[0][0]].setChecked(True)
        self._group.buttonClicked.connect(self._tell)

    @property
    def value(self) -> str:
        """Id of the choice."""
        return next(choice for choice, button in self._buttons.items() if button.isChecked())

    def button(self, choice: str) -> QToolButton:
        """Give the button of a choice."""
        return self._buttons[choice]

    def choose(self, choice: str) -> None:
        """Choose, and tell where that changes anything."""
        if choice != self.value:
            self._buttons[choice].setChecked(True)
            self._tell()

    def _tell(self) -> None:
        self.chosen.emit(self.value)
