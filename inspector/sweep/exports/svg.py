"""Plots as inline SVG, coloured by the page's own variables and readable without script.

Every plot takes numbers that are worked out already, and gives a text that can stand in HTML.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.core.numbers import decade_text
from inspector.sweep.distribution import BINS_PER_DECADE
from inspector.sweep.exports.escaping import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.sweep.calibration import Calibration
    from inspector.sweep.distribution import Distribution

WIDTH, HEIGHT = 460, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 12, 42
_PLOT_WIDTH = WIDTH - _LEFT - _RIGHT
_PLOT_HEIGHT = HEIGHT - _TOP - _BOTTOM
_BASE = HEIGHT - _BOTTOM


@dataclass(frozen=True, slots=True)
class Series:
    """Bars of one colour.

    Attributes
    ----------
    name
        What they show.
    colour
        Name of the page's colour: ``left``, ``right``, ``neutral`` or ``selected``.
    values
        One count per place on the axis.
    """

    name: str
    colour: str
    values: Sequence[int]


def bar_chart(
    title: str, x_title: str, labels: Sequence[str], series: Sequence[Series], names: Sequence[str]
) -> str:
    """Draw counts as bars, side by side where there is more than one series.

    Parameters
    ----------
    title, x_title
        Of the plot, for readers who cannot see it, and of its axis.
    labels
        Under the places; an empty one is left out.
    series
        The bars.
    names
        What each place is, for the tips.
    """
    most = max((max(part.values, default=0) for part in series), default=0)
    top, ticks = count_axis(most)
    places = max(len(labels), 1)
    step = _PLOT_WIDTH / places
    width = min(step * 0.84, 60.0) / max(len(series), 1)
    parts = [_grid(ticks, top)]
    for row, part in enumerate(series):
        for place, value in enumerate(part.values):
            height = _PLOT_HEIGHT * value / top
            x = _LEFT + step * (place + 0.5) + width * (row - len(series) / 2)
            tip = (
                f"{names[place]}: {value} ({part.name})"
                if part.name
                else f"{names[place]}: {value}"
            )
            parts.append(_bar(x, _BASE - height, width, height, part.colour, tip))
    for place, label in enumerate(labels):
        if label:
            parts.append(_text(_LEFT + step * (place + 0.5), _BASE + 16, label, "middle"))
    parts.append(_text(_LEFT + _PLOT_WIDTH / 2, HEIGHT - 6, x_title, "middle", "axis-title"))
    return _svg(title, parts)


def log_histogram(title: str, x_title: str, parts: Sequence[tuple[Distribution, str, str]]) -> str:
    """Draw distributions on a common logarithmic axis.

    Parameters
    ----------
    title, x_title
        Of the plot and its axis.
    parts
        Each with its name and the name of its colour.
    """
    held = [part for part in parts if part[0].counts]
    if not held:
        return '<p class="quiet">No picture has a value within the plot.</p>'
    starts = [_bin_number(part[0].edges[0]) for part in held]
    ends = [start + len(part[0].counts) for start, part in zip(starts, held, strict=True)]
    first = math.floor(min(starts) / BINS_PER_DECADE) * BINS_PER_DECADE
    last = math.ceil(max(ends) / BINS_PER_DECADE) * BINS_PER_DECADE
    series = []
    for start, (distribution, name, colour) in zip(starts, held, strict=True):
        values = [0] * (last - first)
        values[start - first : start - first + len(distribution.counts)] = distribution.counts
        series.append(Series(name, colour, values))
    return _histogram(title, x_title, first, series)


def reliability_chart(title: str, calibration: Calibration, colour: str) -> str:
    """Draw accuracy against confidence, bin by bin, with the line where both are the same."""
    size = _PLOT_HEIGHT
    origin = _LEFT
    parts = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _BASE - size * tick
        parts.append(_line(origin, y, origin + size, y, "grid"))
        parts.append(_text(origin - 6, y + 4, f"{tick:g}", "end"))
        parts.append(_text(origin + size * tick, _BASE + 16, f"{tick:g}", "middle"))
    for part in calibration.bins:
        if part.accuracy is None or part.confidence is None:
            continue
        height = size * part.accuracy
        tip = (
            f"confidence {part.low:.2f} to {part.high:.2f}: {part.count} pictures, "
            f"mean {part.confidence:.3f}, correct {part.accuracy:.3f}"
        )
        width = size * (part.high - part.low)
        x = origin + size * part.low
        parts.append(_bar(x + 0.5, _BASE - height, width - 1, height, colour, tip))
    parts.append(_line(origin, _BASE, origin + size, _BASE - size, "diagonal"))
    parts.append(_text(origin + size / 2, HEIGHT - 6, "confidence", "middle", "axis-title"))
    parts.append(_shares(calibration, origin + size + 24, colour))
    return _svg(title, parts)


def count_axis(most: int) -> tuple[float, list[int]]:
    """Give the end of an axis of counts, and two to six round ticks on it."""
    if most <= 0:
        return 1.0, [0, 1]
    rough = most / 5
    unit = 10.0 ** math.floor(math.log10(rough)) if rough >= 1 else 1.0
    step = next(int(unit * part) for part in (1, 2, 5, 10) if unit * part >= rough)
    top = math.ceil(most / step) * step
    return float(top), list(range(0, top + 1, step))


def count_text(count: int) -> str:
    """Write a count for an axis: 1200 as it is, 12 000 as ``12 k``, then ``1.2 M``."""
    if count < 10_000:
        return str(count)
    if count < 1_000_000:
        return f"{count / 1000:g} k"
    return f"{count / 1_000_000:g} M"


def _histogram(title: str, x_title: str, first: int, series: Sequence[Series]) -> str:
    bins = len(series[0].values)
    step = _PLOT_WIDTH / bins
    top, ticks = count_axis(max(max(part.values) for part in series))
    parts = [_grid(ticks, top)]
    for row, part in enumerate(series):
        width = step * 0.9 / len(series)
        for place, value in enumerate(part.values):
            if not value:
                continue
            low = 10.0 ** ((first + place) / BINS_PER_DECADE)
            high = 10.0 ** ((first + place + 1) / BINS_PER_DECADE)
            tip = f"{low:.2g} to {high:.2g}: {value}" + (f" ({part.name})" if part.name else "")
            height = _PLOT_HEIGHT * value / top
            x = _LEFT + step * (place + 0.05) + width * row
            parts.append(_bar(x, _BASE - height, width, height, part.colour, tip))
    decades = bins // BINS_PER_DECADE
    every = math.ceil(decades / 9)
    for decade in range(0, decades + 1, every):
        label = decade_text(first // BINS_PER_DECADE + decade)
        x = _LEFT + step * decade * BINS_PER_DECADE
        parts.append(_line(x, _BASE, x, _BASE + 4, "grid"))
        parts.append(_text(x, _BASE + 18, label, "middle"))
    parts.append(_text(_LEFT + _PLOT_WIDTH / 2, HEIGHT - 6, x_title, "middle", "axis-title"))
    return _svg(title, parts)


def _bin_number(edge: float) -> int:
    return round(math.log10(edge) * BINS_PER_DECADE)


def _shares(calibration: Calibration, x: float, colour: str) -> str:
    """Draw how many pictures each bin of confidence has, beside the curve."""
    total = sum(part.count for part in calibration.bins)
    most = max(part.count for part in calibration.bins)
    length = WIDTH - _RIGHT - x
    rows = [_text(x, _BASE + 16, f"{total} pictures by confidence", "start")]
    height = _PLOT_HEIGHT / len(calibration.bins)
    for place, part in enumerate(calibration.bins):
        y = _BASE - height * (place + 1)
        tip = f"confidence {part.low:.2f} to {part.high:.2f}: {part.count} pictures"
        rows.append(_bar(x, y + 0.5, length * part.count / most, height - 1, colour, tip))
    return "".join(rows)


def _grid(ticks: Sequence[int], top: float) -> str:
    rows = []
    for tick in ticks:
        y = _BASE - _PLOT_HEIGHT * tick / top
        rows.append(_line(_LEFT, y, WIDTH - _RIGHT, y, "grid"))
        rows.append(_text(_LEFT - 6, y + 4, count_text(tick), "end"))
    return "".join(rows)


def _bar(x: float, y: float, width: float, height: float, colour: str, tip: str) -> str:
    if height <= 0 or width <= 0:
        return ""
    return (
        f'<rect class="{colour}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
        f'height="{max(height, 0.8):.1f}"><title>{escape(tip)}</title></rect>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str, kind: str = "tick") -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _svg(title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )
