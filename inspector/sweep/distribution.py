"""How a measure is distributed over a run, on a logarithmic scale, in memory that does not grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOWEST, HIGHEST = -12, 3
"""Decades that bins cover; what is smaller or larger is counted apart."""

BINS_PER_DECADE = 4
_FINE_PER_BIN = 25
_FINE_PER_DECADE = BINS_PER_DECADE * _FINE_PER_BIN
QUANTILES = (0.5, 0.9, 0.99)


@dataclass(frozen=True, slots=True)
class Distribution:
    """One measure over all answered pictures.

    Attributes
    ----------
    measure
        Its column's id.
    count, missing
        Pictures with a finite value, and those without.
    zeros, below, above
        Of them exactly 0 (or less), below the first bin but not 0, above the last bin.
    mean, minimum, maximum
        Of the finite values; None of none.
    quantiles
        ``(share, value)`` for `QUANTILES`; values within 2.4 % of the exact ones (of 0 where the
        value lies below the first bin).
    edges
        Of the bins, one more than there are counts: from the first to the last that holds anything.
    counts
        Pictures per bin; a bin holds its lower edge.
    """

    measure: str
    count: int
    missing: int
    zeros: int
    below: int
    above: int
    mean: float | None
    minimum: float | None
    maximum: float | None
    quantiles: tuple[tuple[float, float], ...]
    edges: tuple[float, ...]
    counts: tuple[int, ...]


class DistributionCounter:
    """Counts values into fine logarithmic bins.

    Parameters
    ----------
    measure
        Id of the column that is counted.
    """

    def __init__(self, measure: str) -> None:
        self.measure = measure
        self._fine = np.zeros((HIGHEST - LOWEST) * _FINE_PER_DECADE, dtype=np.int64)
        self._missing = self._zeros = self._below = self._above = 0
        self._sum = 0.0
        self._least, self._most = np.inf, -np.inf

    def add(self, values: NDArray[np.float64]) -> None:
        """Count values, float64 (n,); what is not finite is missing."""
        finite = values[np.isfinite(values)]
        self._missing += values.size - finite.size
        if not finite.size:
            return
        self._sum += float(finite.sum())
        self._least = min(self._least, float(finite.min()))
        self._most = max(self._most, float(finite.max()))
        positive = finite[finite > 0.0]
        self._zeros += finite.size - positive.size
        place = np.floor((np.log10(positive) - LOWEST) * _FINE_PER_DECADE + 1e-9)
        inside = (place >= 0) & (place < self._fine.size)
        self._below += int(np.sum(place < 0))
        self._above += int(np.sum(place >= self._fine.size))
        self._fine += np.bincount(place[inside].astype(np.int64), minlength=self._fine.size)

    def result(self) -> Distribution:
        """Give what was counted."""
        count = int(self._fine.sum()) + self._zeros + self._below + self._above
        coarse = self._fine.reshape(-1, _FINE_PER_BIN).sum(axis=1)
        held = np.flatnonzero(coarse)
        first, last = (int(held[0]), int(held[-1]) + 1) if held.size else (0, 0)
        edges = 10.0 ** (LOWEST + np.arange(first, last + 1) / BINS_PER_DECADE)
        return Distribution(
            measure=self.measure,
            count=count,
            missing=self._missing,
            zeros=self._zeros,
            below=self._below,
            above=self._above,
            mean=self._sum / count if count else None,
            minimum=self._least if count else None,
            maximum=self._most if count else None,
            quantiles=tuple((share, self._quantile(share, count)) for share in QUANTILES)
            if count
            else (),
            edges=tuple(edges.tolist()) if held.size else (),
            counts=tuple(coarse[first:last].tolist()),
        )

    def _quantile(self, share: float, count: int) -> float:
        """Give the least value that `share` of all values do not exceed, by its bin's middle."""
        rank = max(1, int(np.ceil(share * count - 1e-9)))
        if rank <= self._zeros + self._below:
            return 0.0 if self._least >= 0.0 else self._least
        rank -= self._zeros + self._below
        sums = np.cumsum(self._fine)
        if rank > sums[-1]:
            return self._most
        place = int(np.searchsorted(sums, rank))
        middle = 10.0 ** (LOWEST + (place + 0.5) / _FINE_PER_DECADE)
        return float(min(max(middle, self._least), self._most))
