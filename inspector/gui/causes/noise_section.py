"""How far each model is from itself, and the tolerance that would pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

from inspector.core.causes.explanation import NOISE_TITLES
from inspector.core.features.explanation import FeatureExplanation
from inspector.core.pairs import Side
from inspector.gui.causes.section import Section, text_line
from inspector.gui.causes.tolerance_fields import ToleranceFields
from inspector.gui.views.widgets import ElidedLabel

if TYPE_CHECKING:
    from inspector.core.causes.explanation import NoiseRow
    from inspector.core.palette import Palette
    from inspector.gui.explainer import Causes

NOT_MEASURED = "not measured"
HINT = "Largest |Δp| of each model against itself: a difference of this size means nothing."
FEATURE_HINT = "Relative L2 of each model against itself: a distance of this size means nothing."


class NoiseSection(Section):
    """A small table, one row a measurement and one column a side, and the tolerance fields."""

    def __init__(self) -> None:
        super().__init__("Noise floor and tolerance", HINT)
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(3)
        self._heads = {side: ElidedLabel() for side in Side}
        self.numbers = {
            (what, side): QLabel(NOT_MEASURED) for what in NOISE_TITLES for side in Side
        }
        for column, side in enumerate(Side, start=1):
            grid.addWidget(self._heads[side], 0, column)
            grid.setColumnMinimumWidth(column, self.fontMetrics().horizontalAdvance(NOT_MEASURED))
        for line, (what, title) in enumerate(NOISE_TITLES.items(), start=1):
            grid.addWidget(text_line(title), line, 0)
            for column, side in enumerate(Side, start=1):
                number = self.numbers[what, side]
                number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                grid.addWidget(number, line, column)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(3, 2)
        self.body.addLayout(grid)
        self.tolerance = ToleranceFields()
        self.body.addWidget(self.tolerance)

    def draw(self, causes: Causes, palette: Palette) -> None:
        """Fill the table."""
        explanation = causes.explanation
        if explanation is None:
            return
        self.set_hint(FEATURE_HINT if isinstance(explanation, FeatureExplanation) else HINT)
        for side, colour in ((Side.LEFT, palette.left_text), (Side.RIGHT, palette.right_text)):
            self._heads[side].set_text(str(side), colour)
        for number in self.numbers.values():
            number.setText(NOT_MEASURED)
        for row in explanation.noise:
            self.numbers[row.what, row.side].setText(noise_text(row))
        self.tolerance.show_comparison(explanation.result.comparison, palette)


def noise_text(row: NoiseRow) -> str:
    """Write one measurement."""
    if row.max_abs_difference is None:
        return NOT_MEASURED
    return f"{row.max_abs_difference:.2g}"
