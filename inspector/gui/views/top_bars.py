"""The top classes of both sides as two bar plots that share their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.core.numbers import reads_as_probabilities, score_text
from inspector.core.pairs import Side
from inspector.core.result import Result
from inspector.core.scales import bar_range
from inspector.core.top import rank_text, top_rows
from inspector.gui.views.axes import Ticks
from inspector.gui.views.bars import AnyBars
from inspector.gui.views.rows import BarColumn, Rows
from inspector.gui.views.tips import class_tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from inspector.core.top import TopRow

HEADS = ("rank", "class")
NO_BACKGROUND = "none"
BACKGROUND_LABEL = "background class"


class TopBarsView(AnyBars[Result]):
    """Two horizontal bar plots, left growing to the left and right to the right.

    Both share one label column, and their scale where both give probabilities. A background class
    has a row of its own under a thin line.
    """

    name, caption = "Top classes of both sides", "&Top"
    count_name = "Number of top classes per side"
    count_tip = "How many classes of each side are shown"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[TopRow, ...] = ()

    @property
    def k(self) -> int:
        """Classes per side."""
        return self._spin.value()

    @property
    def rows(self) -> tuple[TopRow, ...]:
        """The rows on show, without the background class."""
        return self._rows

    def _choose_rows(self, result: Result) -> None:
        self._rows = top_rows(result.comparison, result.labels, self.k)

    def _in_words(self, result: Result) -> str:
        rows = self._rows
        return "; ".join(f"{row.label}: left {row.left:.3g}, right {row.right:.3g}" for row in rows)

    def _order(self) -> Sequence[int]:
        return tuple(row.index for row in self._rows)

    def _drawn_rows(self, result: Result) -> Rows:
        background = any(result.side(side).scores.background is not None for side in Side)
        labels = tuple(row.label for row in self._rows)
        marks = tuple(rank_mark(row) for row in self._rows)
        tips = tuple(class_tip(result, row.index) for row in self._rows)
        if background:
            labels, marks = (*labels, BACKGROUND_LABEL), (*marks, "")
            tips = (*tips, "Probability of the background class, which the other classes leave out")
        columns = self._columns(result, background)
        return Rows(labels, marks, tips, columns, separated=background, heads=HEADS)

    def _columns(self, result: Result, background: bool) -> tuple[BarColumn, ...]:
        shared = reads_as_probabilities(result.comparison.left) == reads_as_probabilities(
            result.comparison.right
        )
        values = {
            Side.LEFT: np.array([row.left for row in self._rows]),
            Side.RIGHT: np.array([row.right for row in self._rows]),
        }
        reaches = {side: _reached(values[side], _background(result, side)) for side in Side}
        if shared:
            reaches = dict.fromkeys(Side, np.concatenate(list(reaches.values())))
        return tuple(
            self._column(result, side, values[side], bar_range(reaches[side]), background)
            for side in Side
        )

    def _column(
        self,
        result: Result,
        side: Side,
        values: NDArray[np.float64],
        limits: tuple[float, float],
        background: bool,
    ) -> BarColumn:
        row = result.comparison.left if side is Side.LEFT else result.comparison.right
        probability = reads_as_probabilities(row)
        texts = tuple(score_text(float(value), probability) for value in values)
        colours = (getattr(self._palette, side.value),) * values.size
        if background:
            share = _background(result, side)
            values = np.append(values, np.nan if share is None else share)
            texts = (*texts, NO_BACKGROUND if share is None else _share_text(share))
            colours = (*colours, self._palette.neutral)
        ticks = Ticks.PERCENT if probability else Ticks.NUMBERS
        return BarColumn(values, texts, colours, limits, ticks)


def rank_mark(row: TopRow) -> str:
    """Write a class's rank: once where both sides agree, else as ``2 → 3 ▼``.

    Where it shares a side's least value with others it has no rank there: ``2 → tied``.
    """
    if row.left_tied or row.right_tied or row.rank_change == 0:
        return rank_text(row)
    return f"{rank_text(row)} {'▲' if row.rank_change > 0 else '▼'}"


def _background(result: Result, side: Side) -> float | None:
    return result.side(side).scores.background


def _reached(values: NDArray[np.float64], share: float | None) -> NDArray[np.float64]:
    return values if share is None else np.append(values, share)


def _share_text(share: float) -> str:
    return score_text(share, probability=0.0 <= share <= 1.0)
