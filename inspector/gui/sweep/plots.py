"""The linked plots of a run; a click in one chooses rows for the table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from inspector.core.scales import LOG_BASELINE, log_counts
from inspector.gui.sweep.statistics_view import StatisticsView
from inspector.gui.views.axes import Ticks
from inspector.gui.views.chart import Chart
from inspector.gui.views.segmented import Segmented
from inspector.sweep.columns import find_column
from inspector.sweep.filters import Limits, RowFilter, RowKind

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QWidget

    from inspector.core.palette import Palette
    from inspector.sweep.calibration import Calibration, ReliabilityBin
    from inspector.sweep.distribution import Distribution
    from inspector.sweep.statistics import RunStatistics

MEASURES = (
    ("max_abs_difference", "Largest |Δp|", "Largest difference of a probability per picture"),
    ("js", "JS", "Jensen-Shannon divergence per picture, in nats"),
    ("left_margin", "Left margin", "How far left's first class is ahead of its second"),
    ("right_margin", "Right margin", "How far right's first class is ahead of its second"),
)
_NONE = "Nothing to draw yet"


class RunPlot(StatisticsView):
    """A plot with a line of text over it."""

    def __init__(self, name: str, chart: Chart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.chart = chart
        self.note.setText(_NONE)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self._column.addWidget(chart, 1)
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
            (LOG_BASELINE, max(float(tops.max()) * 1.06, 0.5)),
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
        return f"{low:.2g} to {high:.2g}: {pictures(shown.counts[found])}"

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
            (float(place), rank_text(rank.first, rank.last)) for place, rank in enumerate(ranks)
        ]
        self.chart.bottom.setTicks([names])
        self.chart.label_axes("rank on the other side", "pictures")
        top = max(float(row.max()) for row in tops)
        self.chart.set_limits((-0.6, len(ranks) - 0.4), (LOG_BASELINE, max(top * 1.06, 0.5)))
        self.note.setText(
            "Rank that right gives left's first class (left's colour), and left gives right's. "
            f"Of the first five classes both share {overlap_text(statistics.top5_overlap)}."
        )

    def _tip(self, place: QPointF) -> str:
        found = round(place.x())
        if self._statistics is None or not 0 <= found < len(self._statistics.ranks):
            return ""
        rank = self._statistics.ranks[found]
        return (
            f"Rank {rank_text(rank.first, rank.last)}\n"
            f"right of left's first class: {pictures(rank.right_of_left)}\n"
            f"left of right's first class: {pictures(rank.left_of_right)}"
        )

    def _chosen(self, place: QPointF) -> RowFilter | None:
        found = round(place.x())
        if self._statistics is None or not 0 <= found < len(self._statistics.ranks):
            return None
        rank = self._statistics.ranks[found]
        column = "right_rank_of_left" if place.x() <= found else "left_rank_of_right"
        last = None if rank.last is None else float(rank.last)
        return RowFilter(limits=(Limits(column, float(rank.first), last),))


class CalibrationPlot(RunPlot):
    """Reliability of both sides, where the true classes are known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        chart = Chart("Calibration", Ticks.PERCENT, Ticks.PERCENT)
        super().__init__("Calibration", chart, parent)
        self._diagonal = pg.PlotDataItem([0.0, 1.0], [0.0, 1.0])
        self.lines = {name: pg.PlotDataItem([], []) for name in ("left", "right")}
        chart.add(self._diagonal)
        for line in self.lines.values():
            chart.add(line)

    def _problem(self, statistics: RunStatistics) -> str:
        problem = super()._problem(statistics)
        if problem or (statistics.labelled and self._curves(statistics)):
            return problem
        if statistics.labelled:
            return "Neither side gives probabilities, so there is nothing to calibrate."
        return (
            "The true classes are not known. Name the folders of the pictures by WordNet id, label "
            "or index, or give a table of paths and labels."
        )

    def _curves(self, statistics: RunStatistics) -> dict[str, Calibration]:
        sides = {"left": statistics.left, "right": statistics.right}
        return {
            name: side.calibration
            for name, side in sides.items()
            if side is not None and side.calibration is not None
        }

    def _draw(self, statistics: RunStatistics) -> None:
        self._diagonal.setPen(pg.mkPen(self._palette.muted, width=1, style=Qt.PenStyle.DashLine))
        curves = self._curves(statistics)
        for name, line in self.lines.items():
            curve = curves.get(name)
            points = [] if curve is None else _points(curve.bins)
            colour = getattr(self._palette, name)
            line.setData(
                [x for x, _ in points],
                [y for _, y in points],
                pen=pg.mkPen(colour, width=2),
                symbol="o" if name == "left" else "s",
                symbolSize=8,
                symbolBrush=colour,
                symbolPen=pg.mkPen(self._palette.panel, width=1),
            )
        self.chart.label_axes("probability of the first class", "how often it is the true one")
        self.chart.set_limits((0.0, 1.04), (0.0, 1.02))
        self.note.setText(accuracy_text(statistics))

    def _tip(self, place: QPointF) -> str:
        if self._statistics is None:
            return ""
        lines = []
        for name, curve in self._curves(self._statistics).items():
            for part in curve.bins:
                if part.low < place.x() <= part.high and part.accuracy is not None:
                    lines.append(
                        f"{name}: {100 * part.accuracy:.1f} % of {pictures(part.count)} at a mean "
                        f"probability of {100 * (part.confidence or 0):.1f} %"
                    )
        return "\n".join(lines)

    def _chosen(self, place: QPointF) -> RowFilter | None:
        if self._statistics is None:
            return None
        for name, curve in self._curves(self._statistics).items():
            for part in curve.bins:
                if part.low < place.x() <= part.high and part.count:
                    column = f"{name}_probability"
                    return RowFilter(
                        kind=RowKind.ANSWERED, limits=(Limits(column, part.low, part.high),)
                    )
        return None


def _points(bins: tuple[ReliabilityBin, ...]) -> list[tuple[float, float]]:
    return [
        (part.confidence, part.accuracy)
        for part in bins
        if part.confidence is not None and part.accuracy is not None
    ]


def _colour(measure: str, palette: Palette) -> str:
    if measure.startswith("left"):
        return palette.left
    return palette.right if measure.startswith("right") else palette.neutral


def pictures(count: int) -> str:
    """Write a number of pictures."""
    return f"{count:,} picture" + ("" if count == 1 else "s")


def rank_text(first: int, last: int | None) -> str:
    """Write a bucket of ranks."""
    if last is None:
        return f"{first}+"
    return str(first) if first == last else f"{first}–{last}"


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
        parts.append(f"exactly 0 in {pictures(shown.zeros)}")
    if shown.missing:
        parts.append(f"not finite in {pictures(shown.missing)}")
    return " · ".join(parts)


_QUANTILES = ("half under", "90 % under", "99 % under")


def _values(shown: Distribution) -> list[float]:
    return [value for _, value in shown.quantiles]


def accuracy_text(statistics: RunStatistics) -> str:
    """Write how often each side is right, and whether they differ in that."""
    parts = []
    for name, side in (("Left", statistics.left), ("Right", statistics.right)):
        if side is None or side.top1.rate is None:
            continue
        text = (
            f"{name} is right on {100 * side.top1.rate:.1f} % "
            f"(95 %: {100 * side.top1.low:.1f} to {100 * side.top1.high:.1f})"
        )
        if side.top5.rate is not None:
            text += f", among its first five on {100 * side.top5.rate:.1f} %"
        if side.calibration is not None:
            text += f", calibration error {100 * side.calibration.ece:.1f} %"
        parts.append(f"{text}.")
    test = statistics.mcnemar
    if test is not None:
        parts.append(
            f"Only left is right on {pictures(test.left_only)}, only right on "
            f"{pictures(test.right_only)}: McNemar's p = {test.p_value:.3g}."
        )
    return " ".join(parts)
