"""How far two networks are apart over their depth: what a plot of a trace shows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.trace import Path

LOWEST = -9.0
"""Decade at which equal activations are drawn, which a logarithm has no place for."""

_LEAST_RANGE = (-8.0, 0.0)
"""Decades that are always in view, the noise among them."""


@dataclass(frozen=True, eq=False, slots=True)
class DepthPoints:
    """A point for each aligned endpoint, in the order of depth.

    Attributes
    ----------
    rows
        int64 (points,), the number of each point's row in the path.
    decades
        float64 (points,), log10 of the relative L2 difference; `LOWEST` for equal activations, the
        upper limit for those that are not finite.
    agrees
        bool (points,), whether the two are the same but for float noise.
    departs
        The point where the two networks part, or None.
    limits
        Whole decades that hold all points.
    """

    rows: NDArray[np.int64]
    decades: NDArray[np.float64]
    agrees: NDArray[np.bool_]
    departs: int | None
    limits: tuple[float, float]


def depth_points(path: Path) -> DepthPoints:
    """Give the points of a path."""
    gaps = [(place, row.gap) for place, row in enumerate(path.rows) if row.gap is not None]
    rows = np.array([place for place, _ in gaps], dtype=np.int64)
    raw = np.array([_decade(gap.relative_l2) for _, gap in gaps], dtype=np.float64)
    finite = raw[np.isfinite(raw)]
    low = min(_LEAST_RANGE[0], math.floor(finite.min(initial=0.0)))
    high = max(_LEAST_RANGE[1], math.ceil(finite.max(initial=low)))
    departs = [place for place, row in enumerate(rows) if row == path.departs]
    return DepthPoints(
        rows=rows,
        decades=np.where(np.isfinite(raw), raw, high),
        agrees=np.array([path.rows[place].agrees for place in rows], dtype=np.bool_),
        departs=departs[0] if departs else None,
        limits=(float(low), float(high)),
    )


def point_of(points: DepthPoints, row: int) -> int | None:
    """Give the point of a row of the path, or None where the row is not aligned."""
    found = np.flatnonzero(points.rows == row)
    return int(found[0]) if found.size else None


def _decade(value: float) -> float:
    if not math.isfinite(value):
        return math.inf
    return max(LOWEST, math.log10(value)) if value > 0.0 else LOWEST
