"""The differences of all classes as a histogram, and the figures that sum them up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from inspector.core.histogram import difference_histogram
from inspector.core.reports.report import reads_as_probabilities
from inspector.figure import text as typography
from inspector.figure.canvas import Align
from inspector.figure.layout import HEADING_HEIGHT, inside

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inspector.core.comparison import Comparison
    from inspector.core.histogram import Histogram
    from inspector.core.result import Result
    from inspector.figure.canvas import Canvas
    from inspector.figure.layout import Layout

_METRIC_PITCH = 20.0
_COUNT_WIDTH = 40.0
_AXIS_HEIGHT = 36.0
_LEAST_COUNT = 0.5
"""Where the logarithmic axis begins, so that a bin of one class is seen."""


def draw_histogram(canvas: Canvas, layout: Layout, result: Result, log: bool = True) -> None:
    """Draw the card with the histogram over the figures that sum it up.

    Parameters
    ----------
    canvas, layout, result
        Where and what to draw.
    log
        Whether the counts have a logarithmic axis.
    """
    canvas.card(layout.histogram)
    box = inside(layout.histogram)
    canvas.text(
        QRectF(box.left(), box.top(), box.width(), HEADING_HEIGHT),
        "Difference of every class",
        typography.HEADING,
    )
    entries = metric_entries(result.comparison)
    metrics_height = height_of_metrics(len(entries))
    body = box.adjusted(0, HEADING_HEIGHT + 8, 0, -metrics_height - 12)
    if not layout.finite:
        canvas.message(body, "There is nothing to plot.")
    elif result.comparison.max_abs_difference == 0.0:
        words = f"All {result.comparison.classes} differences are exactly zero."
        canvas.message(body, words)
    else:
        difference = result.comparison.difference
        percent = reads_as_probabilities(result.comparison)
        DifferencePlot(canvas, body, difference, percent, log).draw()
    draw_metrics(canvas, box.adjusted(0, box.height() - metrics_height, 0, 0), entries)


def metric_entries(comparison: Comparison) -> tuple[tuple[str, str], ...]:
    """Give name and value of each metric, as they are written under the histogram."""
    five = min(5, comparison.classes)
    return (
        ("Largest |Δ|", _metric(comparison.max_abs_difference)),
        ("Mean |Δ|", _metric(comparison.mean_abs_difference)),
        ("JS divergence", _metric(comparison.js)),
        ("Noise floor", _metric(comparison.noise_floor)),
        ("Cosine", _similarity(comparison.cosine)),
        ("Spearman", _similarity(comparison.spearman)),
        ("Shared top 5", f"{comparison.top5_overlap} of {five}"),
        ("allclose, rtol 0.8", "yes" if comparison.allclose_rtol_08 else "no"),
    )


class DifferencePlot:
    """The histogram with its axes.

    Parameters
    ----------
    canvas, box
        Where to draw.
    difference
        float64 (entries,), left minus right.
    percent
        Whether these are differences of probabilities.
    log
        Whether the counts have a logarithmic axis.
    counted
        What is counted.
    """

    def __init__(
        self,
        canvas: Canvas,
        box: QRectF,
        difference: NDArray[np.float64],
        percent: bool,
        log: bool,
        counted: str = "classes",
    ) -> None:
        self.canvas, self.log, self.counted = canvas, log, counted
        self.histogram: Histogram = difference_histogram(difference)
        self.percent = percent
        self.area = box.adjusted(_COUNT_WIDTH, typography.CAPTION.leading + 4, 0, -_AXIS_HEIGHT)
        self.most = max(int(self.histogram.counts.max()), 1)

    def draw(self) -> None:
        """Draw grid, bins, zero line and axes."""
        self._draw_counts()
        self._draw_bins()
        self._draw_differences()
        self._draw_directions()

    def _height(self, count: float) -> float:
        """Give how high a count stands in the area, 0 to 1."""
        if count <= 0:
            return 0.0
        if not self.log:
            return count / self.most
        return math.log(count / _LEAST_COUNT) / math.log(self.most / _LEAST_COUNT)

    def _count_ticks(self) -> list[int]:
        if self.log:
            return [10**power for power in range(math.floor(math.log10(self.most)) + 1)]
        return [0, self.most]

    def _draw_counts(self) -> None:
        palette, area = self.canvas.palette, self.area
        for count in self._count_ticks():
            y = area.bottom() - self._height(count) * area.height()
            self.canvas.line(QPointF(area.left(), y), QPointF(area.right(), y), palette.grid)
            cell = QRectF(area.left() - _COUNT_WIDTH, y - 8, _COUNT_WIDTH - 8, 16)
            self.canvas.text(cell, f"{count}", typography.CAPTION, palette.muted, Align.RIGHT)

    def _draw_bins(self) -> None:
        area, counts = self.area, self.histogram.counts
        width = area.width() / counts.size
        for number, count in enumerate(counts.tolist()):
            height = self._height(count) * area.height()
            if height > 0:
                left = area.left() + number * width
                rect = QRectF(left + 0.5, area.bottom() - height, width - 1.0, height)
                self.canvas.fill(rect, self.canvas.palette.neutral)
        start, end = area.bottomLeft(), area.bottomRight()
        self.canvas.line(start, end, self.canvas.palette.muted)

    def _draw_differences(self) -> None:
        area, palette = self.area, self.canvas.palette
        reach = float(self.histogram.edges[-1])
        factor, unit = difference_unit(reach, self.percent)
        middle = area.center().x()
        self.canvas.line(
            QPointF(middle, area.top() - 2), QPointF(middle, area.bottom()), palette.text
        )
        ticks = ((area.left(), -reach, Align.LEFT), (middle, 0.0, Align.CENTRE))
        for x, value, align in (*ticks, (area.right(), reach, Align.RIGHT)):
            cell = QRectF(x - align.value * 100, area.bottom() + 4, 100, typography.CAPTION.leading)
            words = f"{value * factor:+.3g}".replace("-", "−") if value else "0"
            self.canvas.text(cell, words, typography.CAPTION, palette.muted, align)
        name = QRectF(area.left(), area.bottom() + 20, area.width(), typography.CAPTION.leading)
        words = f"left − right, {unit}"
        self.canvas.text(name, words, typography.CAPTION, palette.muted, Align.CENTRE)

    def _draw_directions(self) -> None:
        area, palette = self.area, self.canvas.palette
        row = QRectF(
            area.left() - _COUNT_WIDTH,
            area.top() - typography.CAPTION.leading - 6,
            area.width() + _COUNT_WIDTH,
            typography.CAPTION.leading,
        )
        axis = f"{self.counted} (log)" if self.log else self.counted
        self.canvas.text(row, axis, typography.CAPTION, palette.muted)
        middle = area.center().x()
        right = QRectF(middle + 10, row.top(), area.width() / 2 - 10, row.height())
        self.canvas.text(right, "left higher →", typography.CAPTION, palette.left)
        left = right.translated(-right.width() - 20, 0)
        self.canvas.text(left, "← right higher", typography.CAPTION, palette.right, Align.RIGHT)


def difference_unit(reach: float, percent: bool) -> tuple[float, str]:
    """Give the factor and the name of the unit that suits differences up to `reach`."""
    if not percent:
        return 1.0, "raw numbers"
    if reach >= 1e-4:
        return 100.0, "percentage points"
    return 1.0, "probability"


def height_of_metrics(count: int) -> float:
    """Give the height that some figures take in two columns."""
    return math.ceil(count / 2) * _METRIC_PITCH


def draw_metrics(canvas: Canvas, box: QRectF, entries: tuple[tuple[str, str], ...]) -> None:
    """Write names and values in two columns."""
    gap = 20.0
    width = (box.width() - gap) / 2
    for number, (name, value) in enumerate(entries):
        row, column = divmod(number, 2)
        cell = QRectF(
            box.left() + column * (width + gap),
            box.top() + row * _METRIC_PITCH,
            width,
            _METRIC_PITCH,
        )
        used = canvas.text(cell, value, typography.CAPTION_STRONG, align=Align.RIGHT)
        name_cell = cell.adjusted(0, 0, -used - 6, 0)
        canvas.text(name_cell, name, typography.CAPTION, canvas.palette.muted)


def _metric(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return "—"
    return f"{value:.3g}".replace("-", "−")


def _similarity(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return "—"
    return f"{value:.5f}".replace("-", "−")
