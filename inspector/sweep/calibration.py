"""Whether a release's probabilities can be believed: reliability and calibration error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINS = 15
"""Bins of equal width over the confidence, as Guo et al. use."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Pictures whose confidence lies in one bin, ``(low, high]``.

    Attributes
    ----------
    low, high
        The bin.
    count
        How many pictures.
    confidence, accuracy
        Mean probability of the first class, and how often that is the true one; None of no picture.
    """

    low: float
    high: float
    count: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Reliability of one side on the pictures with known classes.

    Attributes
    ----------
    bins
        From the lowest confidence to the highest.
    ece
        Expected calibration error, 0 to 1: sum over the bins of n_b/n · abs(accuracy - confidence).

    Notes
    -----
    M. P. Naeini, G. F. Cooper, M. Hauskrecht (AAAI 2015); with 15 bins of equal width as in C. Guo
    et al., "On Calibration of Modern Neural Networks" (ICML 2017).
    """

    bins: tuple[ReliabilityBin, ...]
    ece: float


class CalibrationCounter:
    """Counts confidences and hits into bins."""

    def __init__(self) -> None:
        self._counts = np.zeros(BINS, dtype=np.int64)
        self._confidence = np.zeros(BINS)
        self._hits = np.zeros(BINS, dtype=np.int64)
        self._strange = False

    def add(self, confidence: NDArray[np.float64], hit: NDArray[np.bool_]) -> None:
        """Count pictures: probability of the first class, and whether that is the true one."""
        if not (np.all(confidence >= 0.0) and np.all(confidence <= 1.0 + 1e-6)):
            self._strange = True
            return
        # (low, high]: the value of an edge belongs to the bin below it; 0 to the first.
        inner = np.arange(1, BINS) / BINS
        place = np.searchsorted(inner, confidence, side="left")
        self._counts += np.bincount(place, minlength=BINS)
        self._confidence += np.bincount(place, weights=confidence, minlength=BINS)
        self._hits += np.bincount(place[hit], minlength=BINS)

    def result(self) -> Calibration | None:
        """Give the curve; None of no picture, or where a side gave no probabilities."""
        total = int(self._counts.sum())
        if self._strange or not total:
            return None
        gap = np.abs(self._hits - self._confidence).sum() / total
        return Calibration(tuple(self._bin(place) for place in range(BINS)), float(gap))

    def _bin(self, place: int) -> ReliabilityBin:
        count = int(self._counts[place])
        return ReliabilityBin(
            low=place / BINS,
            high=(place + 1) / BINS,
            count=count,
            confidence=float(self._confidence[place]) / count if count else None,
            accuracy=int(self._hits[place]) / count if count else None,
        )
