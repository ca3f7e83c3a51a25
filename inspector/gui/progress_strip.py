"""What is going on and how far it is, for anything that takes more than half a second."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

SHOW_AFTER_MS = 500
STEPS = 1000


class ProgressStrip(QWidget):
    """Text, bar and Cancel in one line."""

    cancelled = Signal()
    visibility_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Progress")
        self._label = QLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(130, 10)
        self._bar.setAccessibleName("Progress of the comparison")
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setToolTip("Stop the comparison that is under way (Esc)")
        self.cancel_button.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 0, 0)
        row.setSpacing(8)
        for part in (self._label, self._bar, self.cancel_button):
            row.addWidget(part)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOW_AFTER_MS)
        self._timer.timeout.connect(self._appear)
        self.set_progress("Comparing", None)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    @property
    def fraction(self) -> float | None:
        """How far the work is, 0 to 1, or None where that is unknown."""
        return None if self._bar.maximum() == 0 else self._bar.value() / STEPS

    def set_busy(self, busy: bool) -> None:
        """Start waiting before it shows, or hide it."""
        if not busy:
            self._timer.stop()
            self.hide()
            self.visibility_changed.emit(False)
        elif not self.isVisible() and not self._timer.isActive():
            self.set_progress("Comparing", None)
            self._timer.start()

    def set_progress(self, text: str, fraction: float | None) -> None:
        """Say what is going on; `fraction` is 0 to 1, or None where it is unknown."""
        self._label.setText(text)
        if fraction is None:
            self._bar.setRange(0, 0)
            return
        self._bar.setRange(0, STEPS)
        self._bar.setValue(round(STEPS * min(max(fraction, 0.0), 1.0)))

    def _appear(self) -> None:
        self.show()
        self.visibility_changed.emit(True)
