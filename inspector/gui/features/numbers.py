"""All numbers of a comparison of features, and those of the selected dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.features.wording import number_rows
from inspector.gui.features.tips import dimension_rows
from inspector.gui.views.base import FeatureWidget
from inspector.gui.views.number_table import NumberTable

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from inspector.core.features.result import FeatureResult

HEADLINES = 2
"""The first rows, by which features are judged: cosine and relative L2."""

DIMENSION_ROWS = 6
"""Room for what is said of one dimension."""


class FeatureNumbersView(FeatureWidget):
    """A table of two columns; every value can be marked and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Numbers of the comparison and of the selected dimension", parent)
        self._table = NumberTable()
        self._said = 0

    @property
    def entries(self) -> dict[str, str]:
        """The rows on show: name and value."""
        shown = len(self._table.rows) - DIMENSION_ROWS + self._said
        return {name.text(): value.text() for name, value in self._table.rows[: max(shown, 0)]}

    def _problem(self, result: FeatureResult) -> str:
        """Even numbers that cannot be drawn can be written."""
        return ""

    def _build(self) -> QWidget:
        return self._table

    def _draw(self, result: FeatureResult) -> None:
        rows = number_rows(result.comparison)
        self._have(len(rows))
        for number, row in enumerate(rows):
            self._table.write(number, row.name, row.value, row.tip)
        self._table.dress(self._palette)

    def _mark(self) -> None:
        if self._result is None:
            return
        chosen = self.valid_selection()
        said = () if chosen is None else dimension_rows(self._result, chosen)
        self._said = len(said)
        first = len(self._table.rows) - DIMENSION_ROWS
        for number, row in enumerate(said, start=first):
            self._table.write(number, *row)
        for number, labels in enumerate(self._table.rows[first:]):
            for label in labels:
                label.setVisible(number < len(said))
        self.setAccessibleDescription("\n".join(f"{n}\t{v}" for n, v in self.entries.items()))

    def _have(self, count: int) -> None:
        """Make the rows once: the comparison's, a line, the dimension's."""
        if self._table.rows:
            return
        self._table.add_rows(count)
        for _, value in self._table.rows[:HEADLINES]:
            font = value.font()
            font.setBold(True)
            value.setFont(font)
        self._table.add_line()
        self._table.add_rows(DIMENSION_ROWS)
