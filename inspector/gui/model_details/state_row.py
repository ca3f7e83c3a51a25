"""One line over a tab: what is going on, or why it ended, with a button to stop or repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from inspector.gui.eliding import ElidingLabel
from inspector.gui.pair_wizard.fields import Problem
from inspector.gui.views.widgets import tinted

if TYPE_CHECKING:
    from inspector.core.palette import Palette

STOPPED = "It was stopped."
_STEPS = 1000


class StateRow(QWidget):
    """Shown while something goes on, or has gone wrong; hidden where all is well."""

    stopped = Signal()
    repeated = Signal()

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(120, 6)
        self._doing = ElidingLabel(align_right=False)
        self.stop_button = QPushButton("Stop")
        self.again_button = QPushButton("Try again")
        for button in (self.stop_button, self.again_button):
            button.setAutoDefault(False)
        self.problem = Problem(palette)
        self.stop_button.clicked.connect(self.stopped)
        self.again_button.clicked.connect(self.repeated)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._bar)
        row.addWidget(self._doing, 1)
        row.addWidget(self.problem, 1)
        row.addWidget(self.stop_button)
        row.addWidget(self.again_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        self.set_palette_scheme(palette)
        self.settle()

    @property
    def text(self) -> str:
        """What it says."""
        return "" if self.isHidden() else self._doing.text() or self.problem.text()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self.problem.set_palette_scheme(palette)
        tinted(self._doing, palette.muted)

    def show_progress(self, text: str, fraction: float | None = None) -> None:
        """Say what is going on, and how far it is, 0 to 1, where that is known."""
        self._show(doing=True)
        self._doing.setText(f"{text} …")
        self._bar.setRange(0, 0 if fraction is None else _STEPS)
        if fraction is not None:
            self._bar.setValue(round(_STEPS * fraction))

    def show_end(self, text: str, kind: str = "bad") -> None:
        """Say why there is nothing to see; `kind` names a colour of the palette."""
        self._show(doing=False)
        self._doing.setText("")
        self.problem.tell(text, kind)

    def show_stopped(self) -> None:
        """Say that there is nothing to see by the user's wish."""
        self.show_end(STOPPED, "warning")

    def settle(self) -> None:
        """Say nothing: all is there."""
        self._doing.setText("")
        self.problem.tell("")
        self.hide()

    def _show(self, doing: bool) -> None:
        for part in (self._bar, self._doing, self.stop_button):
            part.setVisible(doing)
        self.problem.setVisible(not doing)
        self.again_button.setVisible(not doing)
        self.show()
