"""All numbers of a comparison of features, and those of the selected dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QScrollArea, QWidget

from inspector.core.features.wording import number_rows
from inspector.gui.features.tips import dimension_rows
from inspector.gui.views.base import FeatureWidget
from inspector.gui.views.widgets import tinted

if TYPE_CHECKING:
    from inspector.core.features.result import FeatureResult

HEADLINES = 2
"""The first rows, by which features are judged: cosine and relative L2."""

DIMENSION_ROWS = 6
"""Room for what is said of one dimension."""


class FeatureNumbersView(FeatureWidget):
    """A table of two columns; every value can be marked and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Numbers of the comparison and of the selected dimension", parent)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._form: QFormLayout | None = None
        self._line: QFrame | None = None
        self._said = 0

    @property
    def entries(self) -> dict[str, str]:
        """The rows on show: name and value."""
        shown = len(self._rows) - DIMENSION_ROWS + self._said
        return {name.text(): value.text() for name, value in self._rows[: max(shown, 0)]}

    def _problem(self, result: FeatureResult) -> str:
        """Even numbers that cannot be drawn can be written."""
        return ""

    def _build(self) -> QWidget:
        table = QWidget()
        self._form = QFormLayout(table)
        self._form.setContentsMargins(4, 5, 0, 5)
        self._form.setHorizontalSpacing(6)
        self._form.setVerticalSpacing(3)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        area = QScrollArea()
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(table)
        return area

    def _draw(self, result: FeatureResult) -> None:
        rows = number_rows(result.comparison)
        self._have(len(rows))
        for (name, value), row in zip(self._rows, rows, strict=False):
            _write(name, value, row.name, row.value)
            for label in (name, value):
                label.setToolTip(row.tip)
        if self._line is not None:
            tinted(self._line, self._palette.grid)
        for name, value in self._rows:
            tinted(name, self._palette.muted)
            tinted(value, self._palette.text)

    def _mark(self) -> None:
        if self._result is None:
            return
        chosen = self.valid_selection()
        said = () if chosen is None else dimension_rows(self._result, chosen)
        self._said = len(said)
        for number, (name, value) in enumerate(self._rows[-DIMENSION_ROWS:]):
            shown = number < len(said)
            if shown:
                _write(name, value, *said[number])
            name.setVisible(shown)
            value.setVisible(shown)
        self.setAccessibleDescription("\n".join(f"{n}\t{v}" for n, v in self.entries.items()))

    def _have(self, count: int) -> None:
        """Make the rows once: the comparison's, a line, the dimension's."""
        if self._form is None or self._rows:
            return
        for _ in range(count):
            self._add_row(self._form)
        for _, value in self._rows[:HEADLINES]:
            font = value.font()
            font.setBold(True)
            value.setFont(font)
        self._line = QFrame()
        self._line.setFrameShape(QFrame.Shape.HLine)
        self._form.addRow(self._line)
        for _ in range(DIMENSION_ROWS):
            self._add_row(self._form)

    def _add_row(self, form: QFormLayout) -> None:
        name, value = QLabel(), QLabel()
        for label in (name, value):
            label.setTextFormat(Qt.TextFormat.PlainText)
        value.setWordWrap(True)
        value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        form.addRow(name, value)
        self._rows.append((name, value))


def _write(name: QLabel, value: QLabel, title: str, text: str) -> None:
    name.setText(title)
    value.setText(text)
    value.setAccessibleName(f"{title}: {text}")
