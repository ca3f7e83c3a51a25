"""Histogram of the per-class differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_BINS = 41
"""Odd, so that a bin is centred on zero."""


@dataclass(frozen=True, eq=False, slots=True)
class Histogram:
    """Counts of classes by signed difference.

    Attributes
    ----------
    edges
        float64 (bins + 1,), symmetric about zero.
    counts
        int64 (bins,).
    members
        For each bin the indices of its classes, the largest absolute difference first.
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    members: tuple[tuple[int, ...], ...]


def difference_histogram(difference: NDArray[np.float64], bins: int = DEFAULT_BINS) -> Histogram:
    """Count classes by their signed difference, in equal bins from -max to +max.

    Parameters
    ----------
    difference
        float64 (classes,), left minus right; not finite values are left out.
    bins
        Number of bins, at least 1.
    """
    finite = np.flatnonzero(np.isfinite(difference))
    values = difference[finite]
    reach = float(np.max(np.abs(values))) if values.size else 0.0
    reach = max(reach, 1e-12)
    edges = np.linspace(-reach, reach, bins + 1)
    place = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, bins - 1)
    by_size = np.argsort(-np.abs(values), kind="stable")
    members: list[list[int]] = [[] for _ in range(bins)]
    for position in by_size:
        members[place[position]].append(int(finite[position]))
    return Histogram(
        edges=edges,
        counts=np.bincount(place, minlength=bins).astype(np.int64),
        members=tuple(tuple(group) for group in members),
    )
