"""Shares with their confidence intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """A share of pictures.

    Attributes
    ----------
    count, total
        How many, of how many.
    low, high
        Wilson interval at `CONFIDENCE`, 0 to 1; 0 and 1 where `total` is 0: nothing is known.
    """

    count: int
    total: int
    low: float
    high: float

    @property
    def rate(self) -> float | None:
        """The share itself, 0 to 1; None of nothing."""
        return self.count / self.total if self.total else None


def share_of(count: int, total: int) -> Share:
    """Give a share with its Wilson interval."""
    return Share(count, total, *wilson_interval(count, total))


def wilson_interval(count: int, total: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Give the score interval of a binomial share.

    Parameters
    ----------
    count, total
        Successes and trials.
    confidence
        Coverage, such as 0.95.

    Notes
    -----
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
    the American Statistical Association 22 (1927), 209-212, without continuity correction:
    (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n). Unlike p ± z·sqrt(p(1-p)/n) it stays
    within 0 and 1, and has a width where all agree.
    """
    if total <= 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + confidence / 2.0)
    share, square = count / total, z * z / total
    middle = share + square / 2.0
    reach = z * math.sqrt(share * (1.0 - share) / total + square / (4.0 * total))
    low, high = (middle - reach) / (1.0 + square), (middle + reach) / (1.0 + square)
    # Exact at both ends, where rounding would leave 1e-17.
    return (0.0 if count == 0 else low), (1.0 if count == total else high)
