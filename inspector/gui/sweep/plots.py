"""The linked plots of a run; a click in one chooses rows for the table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from inspector.core.scales import LOG_BASELINE, log_counts
from inspector.gui.sweep.statistics_view import StatisticsView
from inspector.gui.sweep.words import counted
from inspector.gui.views.axes import Ticks
from inspector.gui.views.chart import Chart
from inspector.gui.views.legend import Legend, Shape
from inspector.gui.views.segmented import Segmented
from inspector.sweep.columns import find_column
from inspector.sweep.filters import Limits, RowFilter

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QWidget

    from inspector.core.palette import Palette
    from inspector.sweep.distribution import Distribution
    from inspector.sweep.statistics import RunStatistics

MEASURES = (
    ("max_abs_difference", "Largest |Δp|", "Largest difference of a probability per picture"),
    ("js", "JS", "Jensen-Shannon divergence per picture, in nats"),
    ("left_margin", "Left margin", "How far left's first class is ahead of its second"),
    ("right_margin", "Right margin", "How far right's first class is ahead of its second"),
)
_NONE = "Nothing to draw yet"
FACTORS = (1, 2, 5)
"""What counts are written on the axis: these times powers of ten, where few powers are in sight."""

MOST_DECADES = 3
"""From more powers of ten on, those alone are written."""


class RunPlot(StatisticsView):
    """A plot with a line of text over it."""

    def __init__(self, name: str, chart: Chart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.chart = chart
        self.note.setText(_NONE)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self._column.addWidget(chart, 1)
        self._column.addStretch(0)  # takes the room while there is no chart
        chart.hide()
        chart.hovered.connect(self._hover)
        chart.unhovered.connect(lambda: chart.show_tip(0, 0, ""))
        chart.clicked.connect(self._click)

    def _show(self, statistics: RunStatistics) -> None:
        problem = self._problem(statistics)
        self.chart.setHidden(bool(problem))
        if problem:
            self.note.setText(problem)
            return
        self.chart.dress(self._palette)
        self._draw(statistics)

    def _show_counts(self, highest: float) -> float:
        """Write the axis of counts up to a height, log10 of one; give where it ends."""
        top = max(highest * 1.06, 0.5)
        self.chart.left.setTicks([count_ticks(top)])
        return top

    def _problem(self, statistics: RunStatistics) -> str:
        return "" if statistics.answered else _NONE

    def _draw(self, statistics: RunStatistics) -> None:
        raise NotImplementedError

    def _tip(self, place: QPointF) -> str:
        """Say what is under the mouse; empty for nothing."""
        return ""

    def _chosen(self, place: QPointF) -> RowFilter | None:
        """Give the rows of what is under the mouse, or None."""
        return None

    def _hover(self, place: QPointF) -> None:
        self.chart.show_tip(place.x(), place.y(), self._tip(place))

    def _click(self, place: QPointF) -> None:
        chosen = self._chosen(place)
        if chosen is not None:
            self.filter_wanted.emit(chosen)


class DistributionPlot(RunPlot):
    """How a measure is distributed, on a logarithmic axis; a bar chooses its pictures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Distribution", Chart("Distribution", Ticks.DECADES, Ticks.DECADES), parent
        )
        self.measures = Segmented("Measure", MEASURES)
        self.measures.chosen.connect(lambda _: self._touch())
        self._column.insertWidget(0, self.measures, 0, Qt.AlignmentFlag.AlignLeft)
        self.bars = pg.BarGraphItem(x0=[], width=[], y0=[], height=[])
        self.chart.add(self.bars)

    @property
    def distribution(self) -> Distribution | None:
        """What is on show."""
        if self._statistics is None:
            return None
        return self._statistics.distribution(self.measures.value)

    def _problem(self, statistics: RunStatistics) -> str:
        problem = super()._problem(statistics)
        if problem or statistics.distribution(self.measures.value).counts:
            return problem
        return "All values are 0: there is no difference at all."

    def _draw(self, statistics: RunStatistics) -> None:
        shown = statistics.distribution(self.measures.value)
        edges = np.log10(np.array(shown.edges))
        tops = log_counts(np.array(shown.counts, dtype=np.int64))
        self.bars.setOpts(
            x0=edges[:-1],
            width=np.diff(edges),
            y0=np.full(tops.size, LOG_BASELINE),
            height=tops - LOG_BASELINE,
            brush=_colour(self.measures.value, self._palette),
            pen=pg.mkPen(self._palette.panel, width=1),
        )
        self.chart.label_axes(find_column(self.measures.value).title, "pictures")
        reach = (math.floor(edges[0]), math.ceil(edges[-1]))
        self.chart.set_limits(
            (reach[0], max(reach[1], reach[0] + 1)),
            (LOG_BASELINE, self._show_counts(float(tops.max()))),
        )
        self.note.setText(distribution_text(shown))

    def _bin_at(self, place: QPointF) -> int | None:
        shown = self.distribution
        if shown is None or not shown.counts:
            return None
        found = int(np.searchsorted(np.log10(np.array(shown.edges)), place.x(), side="right")) - 1
        return found if 0 <= found < len(shown.counts) else None

    def _tip(self, place: QPointF) -> str:
        found, shown = self._bin_at(place), self.distribution
        if found is None or shown is None:
            return ""
        low, high = shown.edges[found], shown.edges[found + 1]
        return f"{low:.2g} to {high:.2g}: {counted(shown.counts[found], 'picture')}"

    def _chosen(self, place: QPointF) -> RowFilter | None:
        found, shown = self._bin_at(place), self.distribution
        if found is None or shown is None or not shown.counts[found]:
            return None
        limits = Limits(shown.measure, shown.edges[found], shown.edges[found + 1])
        return RowFilter(limits=(limits,))


class RankPlot(RunPlot):
    """Which rank the other side gives a side's first class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Ranks", Chart("Ranks", Ticks.WHOLE, Ticks.DECADES), parent)
        self.left_bars = pg.BarGraphItem(x=[], width=0.4, y0=[], height=[])
        self.right_bars = pg.BarGraphItem(x=[], width=0.4, y0=[], height=[])
        for bars in (self.left_bars, self.right_bars):
            self.chart.add(bars)
        self.legend = Legend()
        self.legend.hide()
        self._column.insertWidget(1, self.legend)

    def _problem(self, statistics: RunStatistics) -> str:
        problem = super()._problem(statistics)
        self.legend.setHidden(bool(problem))
        return problem

    def _draw(self, statistics: RunStatistics) -> None:
        ranks = statistics.ranks
        places = np.arange(len(ranks), dtype=float)
        counts = np.array([(rank.right_of_left, rank.left_of_right) for rank in ranks]).T
        tops = [log_counts(row.astype(np.int64)) for row in counts]
        sides = ((self.left_bars, self._palette.left), (self.right_bars, self._palette.right))
        for (bars, colour), row, shift in zip(sides, tops, (-0.2, 0.2), strict=True):
            bars.setOpts(
                x=places + shift,
                width=0.38,
                y0=np.full(row.size, LOG_BASELINE),
                height=row - LOG_BASELINE,
                brush=colour,
                pen=None,
            )
        names = [
            (float(place), rank_tick(rank.first, rank.last)) for place, rank in enumerate(ranks)
        ]
        self.chart.bottom.setTicks([names])
        self.chart.label_axes("rank on the other side", "pictures")
        top = max(float(row.max()) for row in tops)
        self.chart.set_limits((-0.6, len(ranks) - 0.4), (LOG_BASELINE, self._show_counts(top)))
        self.legend.set_entries(
            (
                (Shape.DOT, self._palette.left, "right's rank of left's first class"),
                (Shape.DOT, self._palette.right, "left's rank of right's"),
            )
        )
        shared = overlap_text(statistics.top5_overlap)
        self.note.setText(f"Of their first five classes both sides share {shared}.")

    def _tip(self, place: QPointF) -> str:
        found = round(place.x())
        if self._statistics is None or not 0 <= found < len(self._statistics.ranks):
            return ""
        rank = self._statistics.ranks[found]
        return (
            f"Rank {rank_text(rank.first, rank.last)}\n"
            f"right of left's first class: {counted(rank.right_of_left, 'picture')}\n"
            f"left of right's first class: {counted(rank.left_of_right, 'picture')}"
        )

    def _chosen(self, place: QPointF) -> RowFilter | None:
        found = round(place.x())
        if self._statistics is None or not 0 <= found < len(self._statistics.ranks):
            return None
        rank = self._statistics.ranks[found]
        column = "right_rank_of_left" if place.x() <= found else "left_rank_of_right"
        last = None if rank.last is None else float(rank.last)
        return RowFilter(limits=(Limits(column, float(rank.first), last),))


def _colour(measure: str, palette: Palette) -> str:
    if measure.startswith("left"):
        return palette.left
    return palette.right if measure.startswith("right") else palette.neutral


def count_ticks(top: float) -> list[tuple[float, str]]:
    """Give places and texts of a logarithmic axis of counts that ends at `top`, log10 of one.

    Where the axis holds few powers of ten it has their double and fivefold, too.
    """
    factors = FACTORS if top < MOST_DECADES else (1,)
    counts = [factor * 10**power for power in range(math.floor(top) + 1) for factor in factors]
    return [(math.log10(count), f"{count:,}") for count in counts if math.log10(count) <= top]


def rank_text(first: int, last: int | None) -> str:
    """Write a bucket of ranks."""
    if last is None:
        return f"{first}+"
    return str(first) if first == last else f"{first}–{last}"


def rank_tick(first: int, last: int | None) -> str:
    """Write a bucket of ranks so that ten fit beside each other."""
    if last is None:
        return f">{first - 1}"
    return str(first) if first == last else f"≤{last}"


def overlap_text(counts: tuple[int, ...]) -> str:
    """Write how many of the first five classes are shared, on average."""
    total = sum(counts)
    mean = sum(shared * count for shared, count in enumerate(counts)) / total if total else 0.0
    return f"{mean:.2f} on average"


def distribution_text(shown: Distribution) -> str:
    """Write what a distribution comes to in one line."""
    parts = [f"{name} {value:.3g}" for name, value in zip(_QUANTILES, _values(shown), strict=False)]
    if shown.maximum is not None:
        parts.append(f"largest {shown.maximum:.3g}")
    if shown.zeros:
        parts.append(f"exactly 0 in {counted(shown.zeros, 'picture')}")
    if shown.missing:
        parts.append(f"not finite in {counted(shown.missing, 'picture')}")
    return " · ".join(parts)


_QUANTILES = ("half under", "90 % under", "99 % under")


def _values(shown: Distribution) -> list[float]:
    return [value for _, value in shown.quantiles]
