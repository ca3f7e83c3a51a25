"""What stands where the table would be, when a sweep could not begin or a run cannot be read."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

NOTHING_DONE = "Nothing was compared."
NOT_READ = "There is nothing to show."


class DeadEnd(QWidget):
    """Says that there is nothing to see, and offers the ways out; hidden at first.

    Parameters
    ----------
    can_change
        Whether what was asked for can be changed: where this window began the sweep.
    """

    change_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, can_change: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.can_change = can_change
        self.text = QLabel(NOTHING_DONE if can_change else NOT_READ)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.change = QPushButton("Change…")
        self.change.setToolTip("Ask again, with what was asked for before filled in")
        if not can_change:
            self.change.hide()
        self.change.clicked.connect(self.change_wanted)
        self.close_button = QPushButton("Close")
        self.close_button.clicked.connect(self.close_wanted)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.change)
        row.addWidget(self.close_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self.text)
        column.addLayout(row)
        column.addStretch(1)
        self.hide()
