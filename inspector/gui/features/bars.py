"""The dimensions that differ most, as two bar plots that share their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.core.features.result import FeatureResult
from inspector.core.numbers import difference_text, score_text
from inspector.core.ordering import largest_differences
from inspector.core.pairs import Side
from inspector.core.scales import bar_range
from inspector.gui.features.tips import dimension_tip
from inspector.gui.views.axes import Ticks
from inspector.gui.views.bars import AnyBars
from inspector.gui.views.rows import BarColumn, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

HEADS = ("left − right", "dimension")
PER_TOP = 2
"""Rows for each class that the bars of classes would show on a side: as many as those have."""


class FeatureBarsView(AnyBars[FeatureResult]):
    """Left's number growing to the left, right's to the right, on one scale.

    Between them stand the dimension and left minus right.
    """

    per_top = PER_TOP
    name, caption = "Dimensions that differ most", "Most &apart"
    count_name = "Number of dimensions"
    count_tip = "How many dimensions are shown, the largest difference first"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[int, ...] = ()

    @property
    def shown_dimensions(self) -> tuple[int, ...]:
        """The dimensions on show, the largest difference first."""
        return self._shown

    def _choose_rows(self, result: FeatureResult) -> None:
        self._shown = largest_differences(result.comparison.difference, self._spin.value())

    def _drawn_rows(self, result: FeatureResult) -> Rows:
        comparison = result.comparison
        chosen = list(self._shown)
        rows = {Side.LEFT: comparison.left[chosen], Side.RIGHT: comparison.right[chosen]}
        limits = bar_range(np.concatenate(list(rows.values())))
        columns = tuple(
            BarColumn(
                values=values,
                texts=tuple(score_text(float(value), probability=False) for value in values),
                colours=(getattr(self._palette, side.value),) * values.size,
                limits=limits,
                ticks=Ticks.NUMBERS,
            )
            for side, values in rows.items()
        )
        return Rows(
            labels=tuple(str(index) for index in chosen),
            marks=tuple(difference_text(float(comparison.difference[i])) for i in chosen),
            tips=tuple(dimension_tip(result, index) for index in chosen),
            columns=columns,
            heads=HEADS,
        )

    def _in_words(self, result: FeatureResult) -> str:
        difference = result.comparison.difference
        words = (f"dimension {i}: {difference_text(float(difference[i]))}" for i in self._shown)
        return "; ".join(words)

    def _order(self) -> Sequence[int]:
        return self._shown
