"""A table of names and numbers to read and to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QScrollArea, QWidget

from inspector.gui.views.widgets import tinted

if TYPE_CHECKING:
    from inspector.core.palette import Palette


class NumberTable(QScrollArea):
    """Two columns that scroll; every value can be marked and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Numbers")
        self.rows: list[tuple[QLabel, QLabel]] = []
        self._lines: list[QFrame] = []
        table = QWidget()
        self._form = QFormLayout(table)
        self._form.setContentsMargins(4, 5, 0, 5)
        self._form.setHorizontalSpacing(6)
        self._form.setVerticalSpacing(3)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setWidget(table)

    def add_rows(self, count: int) -> None:
        """Add empty rows at the end."""
        for _ in range(count):
            name, value = QLabel(), QLabel()
            for label in (name, value):
                label.setTextFormat(Qt.TextFormat.PlainText)
            value.setWordWrap(True)
            value.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            self._form.addRow(name, value)
            self.rows.append((name, value))

    def add_line(self) -> None:
        """Add a line across both columns at the end."""
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        self._form.addRow(line)
        self._lines.append(line)

    def write(self, number: int, title: str, text: str, tip: str = "") -> None:
        """Fill a row."""
        name, value = self.rows[number]
        for label in (name, value):
            label.setToolTip(tip)
        name.setText(title)
        value.setText(text)
        value.setAccessibleName(f"{title}: {text}")

    def dress(self, palette: Palette) -> None:
        """Take the colours of a scheme."""
        for line in self._lines:
            tinted(line, palette.grid)
        for name, value in self.rows:
            tinted(name, palette.muted)
            tinted(value, palette.text)
