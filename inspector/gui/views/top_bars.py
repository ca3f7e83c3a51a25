"""The top classes of both sides as two bar plots that share their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QWidget

from inspector.core.modes import MODE_IDS, find_mode
from inspector.core.numbers import reads_as_probabilities, score_text
from inspector.core.pairs import Side
from inspector.core.scales import bar_range
from inspector.core.top import MAX_TOP, top_rows
from inspector.gui.views.axes import Ticks
from inspector.gui.views.base import ResultWidget
from inspector.gui.views.rows import BarColumn, Rows
from inspector.gui.views.rows_canvas import RowsCanvas
from inspector.gui.views.tips import class_tip
from inspector.gui.views.widgets import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from inspector.core.result import Result
    from inspector.core.top import TopRow

DEFAULT_TOP = 5
NO_BACKGROUND = "none"
BACKGROUND_LABEL = "background class"


class TopBarsView(ResultWidget):
    """Two horizontal bar plots, left growing to the left and right to the right.

    Both share one label column, and their scale where both give probabilities. A background class
    has a row of its own under a thin line.
    """

    k_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Top classes of both sides", parent)
        self._rows: tuple[TopRow, ...] = ()
        self._canvas: RowsCanvas | None = None
        self._titles = {Side.LEFT: ElidedLabel(), Side.RIGHT: ElidedLabel(align_right=True)}
        self._spin = QSpinBox()
        self._spin.setRange(1, MAX_TOP)
        self._spin.setValue(DEFAULT_TOP)
        self._spin.setAccessibleName("Number of top classes per side")
        self._spin.setToolTip("How many classes of each side are shown")
        self._spin.valueChanged.connect(self._k_edited)
        caption = QLabel("&Top")
        caption.setBuddy(self._spin)
        middle = QHBoxLayout()
        middle.setSpacing(4)
        middle.addWidget(caption)
        middle.addWidget(self._spin)
        self._header.setContentsMargins(6, 2, 6, 0)
        self._header.setSpacing(12)
        self._header.addWidget(self._titles[Side.LEFT], 1)
        self._header.addLayout(middle)
        self._header.addWidget(self._titles[Side.RIGHT], 1)

    @property
    def k(self) -> int:
        """Classes per side."""
        return self._spin.value()

    @property
    def rows(self) -> tuple[TopRow, ...]:
        """The rows on show, without the background class."""
        return self._rows

    @property
    def canvas(self) -> RowsCanvas | None:
        """The bars, or None before the first result was shown."""
        return self._canvas

    def set_k(self, k: int) -> None:
        """Show `k` classes per side, 1 to 20."""
        self._spin.setValue(k)

    def title(self, side: Side) -> str:
        """Give the sub-header of a side."""
        return self._titles[side].text

    def _k_edited(self, k: int) -> None:
        self.k_changed.emit(k)
        self._touch()

    def _build(self) -> QWidget:
        self._canvas = RowsCanvas(self.accessibleName(), butterfly=True)
        self._canvas.row_clicked.connect(self._row_clicked)
        return self._canvas

    def _draw(self, result: Result) -> None:
        canvas = self._canvas
        if canvas is None:
            return
        self._rows = top_rows(result.comparison, result.labels, self.k)
        for side in Side:
            colour = getattr(self._palette, side.value)
            self._titles[side].set_text(_title(result, side), colour)
        canvas.dress(self._palette)
        canvas.set_rows(self._drawn_rows(result))
        self.setAccessibleDescription(_in_words(self._rows))

    def _mark(self) -> None:
        if self._canvas is not None:
            order = self._order()
            self._canvas.select(order.index(self._selected) if self._selected in order else None)

    def _order(self) -> Sequence[int]:
        return tuple(row.index for row in self._rows)

    def _row_clicked(self, number: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if number < len(self._rows):
            self._choose(self._rows[number].index)

    def _drawn_rows(self, result: Result) -> Rows:
        background = any(result.side(side).scores.background is not None for side in Side)
        labels = tuple(row.label for row in self._rows)
        marks = tuple(rank_mark(row) for row in self._rows)
        tips = tuple(class_tip(result, row.index) for row in self._rows)
        if background:
            labels, marks = (*labels, BACKGROUND_LABEL), (*marks, "")
            tips = (*tips, "Probability of the background class, which the other classes leave out")
        return Rows(labels, marks, tips, self._columns(result, background), separated=background)

    def _columns(self, result: Result, background: bool) -> tuple[BarColumn, ...]:
        shared = reads_as_probabilities(result.comparison.left) == reads_as_probabilities(
            result.comparison.right
        )
        both = np.array([[row.left, row.right] for row in self._rows])
        columns = []
        for number, side in enumerate(Side):
            values = both[:, number]
            limits = bar_range(both if shared else values)
            columns.append(self._column(result, side, values, limits, background))
        return tuple(columns)

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
            share = result.side(side).scores.background
            values = np.append(values, np.nan if share is None else share)
            limits = _widened(limits, share)
            texts = (*texts, NO_BACKGROUND if share is None else _share_text(share))
            colours = (*colours, self._palette.neutral)
        ticks = Ticks.PERCENT if probability else Ticks.NUMBERS
        return BarColumn(values, texts, colours, limits, ticks)


def rank_mark(row: TopRow) -> str:
    """Write a class's rank: once where both sides agree, else as ``2 → 3 ▼``."""
    if row.rank_change == 0:
        return str(row.left_rank)
    arrow = "▲" if row.rank_change > 0 else "▼"
    return f"{row.left_rank} → {row.right_rank} {arrow}"


def _widened(limits: tuple[float, float], share: float | None) -> tuple[float, float]:
    if share is None:
        return limits
    low, high = bar_range(np.array([*limits, share]))
    return low, high


def _share_text(share: float) -> str:
    return score_text(share, probability=0.0 <= share <= 1.0)


def _title(result: Result, side: Side) -> str:
    mode = result.side(side).settings.mode
    shown = find_mode(mode).title if mode in MODE_IDS else mode
    return f"{result.pair.release(side).name} · {shown}"


def _in_words(rows: tuple[TopRow, ...]) -> str:
    parts = [f"{row.label}: left {row.left:.3g}, right {row.right:.3g}" for row in rows]
    return "; ".join(parts)
