"""One quiet line: that the causes are being measured, or why they could not be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from inspector.gui.causes.section import text_line
from inspector.gui.eliding import ElidingLabel
from inspector.gui.explainer import STARTING
from inspector.gui.icons import icon
from inspector.gui.views.widgets import tinted

if TYPE_CHECKING:
    from inspector.core.palette import Palette
    from inspector.gui.explainer import Causes

MEASURING = "Measuring the causes …"
NOT_MEASURED = "The causes were not measured."


class StateLine(QWidget):
    """Text, a small bar without an end while something goes on, and a button to stop or repeat."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = QLabel()
        self._doing = ElidingLabel(align_right=False)
        self._text = text_line()
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(70, 6)
        self._bar.setAccessibleName("The causes are being measured")
        self.cancel_button = QPushButton("Stop")
        self.cancel_button.setToolTip("Stop measuring the causes; the comparison stays")
        self.again_button = QPushButton("Measure")
        self.again_button.setToolTip("Measure the causes of this comparison")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._bar)
        row.addWidget(self._doing, 1)
        row.addWidget(self._text, 1)
        for button in (self.cancel_button, self.again_button):
            button.setFixedHeight(round(self.fontMetrics().height() * 1.5))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        for part in (self._icon, self._bar, self._doing, self.cancel_button, self.again_button):
            part.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._doing.text() or self._text.text()

    @property
    def is_moving(self) -> bool:
        """Whether it says that something goes on."""
        return not self._bar.isHidden()

    def show_causes(self, causes: Causes, palette: Palette) -> None:
        """Say how the measurement stands; nothing where it is done."""
        ended = not causes.doing and causes.explanation is None
        self._bar.setVisible(bool(causes.doing))
        self.cancel_button.setVisible(bool(causes.doing))
        self.again_button.setVisible(ended)
        self._icon.setVisible(causes.error is not None)
        self._icon.setPixmap(icon("warning", palette).pixmap(QSize(18, 18)))
        tinted(self._doing, palette.muted)
        tinted(self._text, palette.muted if causes.error is None else palette.text)
        self._doing.setVisible(bool(causes.doing))
        self._doing.setText(_doing(causes))
        self._text.setVisible(not causes.doing)
        self._text.setText(_outcome(causes))


def _doing(causes: Causes) -> str:
    if not causes.doing:
        return ""
    return MEASURING if causes.doing == STARTING else f"{causes.doing} …"


def _outcome(causes: Causes) -> str:
    if causes.error is not None:
        return f"{NOT_MEASURED} {causes.error.message} {causes.error.mend}".rstrip()
    return NOT_MEASURED if causes.explanation is None and not causes.doing else ""
