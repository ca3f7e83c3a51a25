"""Where plots put their marks: reaches of axes, heights of bars, the point nearest to the mouse."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOG_BASELINE = -0.3
"""Foot of the bars on a logarithmic axis of counts (log10 of a half), so that a 1 has a height."""


def nice_reach(value: float) -> float:
    """Give the smallest of 1, 2, 5 times a power of ten that is not below `value` (> 0)."""
    if not value > 0.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    for factor in (1.0, 2.0, 5.0, 10.0):
        if value <= factor * power * (1 + 1e-9):
            return factor * power
    return 10.0 * power


def even_step(reach: float, most: int) -> float:
    """Give the step of ticks from zero that end exactly at `reach`, 1, 2 or 5 times a power of ten.

    Parameters
    ----------
    reach
        From :func:`nice_reach`.
    most
        Most ticks, zero among them, that there is room for; the two at the ends are always there.
    """
    power = 10.0 ** math.floor(math.log10(reach) + 1e-9)
    parts = {1: (5, 2), 2: (4, 2), 5: (5,)}[round(reach / power)]
    return reach / next((count for count in parts if count + 1 <= most), 1)


def bar_range(values: NDArray[np.float64]) -> tuple[float, float]:
    """Give the range of an axis whose bars start at zero; not finite values are left out."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if low >= 0.0:
        return 0.0, nice_reach(high)
    return -nice_reach(-low), nice_reach(high) if high > 0.0 else 0.0


def signed_range(values: NDArray[np.float64]) -> tuple[float, float]:
    """Give a range symmetric about zero that holds all finite values."""
    finite = values[np.isfinite(values)]
    reach = float(np.max(np.abs(finite))) if finite.size else 0.0
    reach = max(reach, 1e-12)
    return -reach, reach


def log_counts(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give log10 of counts, with `LOG_BASELINE` for none."""
    heights = np.full(counts.shape, LOG_BASELINE)
    some = counts > 0
    heights[some] = np.log10(counts[some])
    return heights


def nearest_point(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    at: tuple[float, float],
    unit: tuple[float, float],
    reach: float,
) -> int | None:
    """Find the point nearest to a place in a plot.

    Parameters
    ----------
    x, y
        float64 (points,), axis coordinates.
    at
        The place, in axis coordinates.
    unit
        Length of a screen pixel along each axis.
    reach
        Farthest distance in pixels at which a point still counts.

    Returns
    -------
    int | None
        Its number, or None where all are too far.
    """
    if not x.size:
        return None
    distance = np.hypot((x - at[0]) / unit[0], (y - at[1]) / unit[1])
    distance = np.where(np.isfinite(distance), distance, np.inf)
    found = int(np.argmin(distance))
    return found if distance[found] <= reach else None
