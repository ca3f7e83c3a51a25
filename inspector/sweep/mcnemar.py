"""McNemar's test: whether one release is right more often than the other on the same pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass

MOST_EXACT = 10_000
"""Up to so many discordant pictures the exact test is used."""


@dataclass(frozen=True, slots=True)
class McNemar:
    """The test on the pictures with known classes.

    Attributes
    ----------
    both_right, left_only, right_only, both_wrong
        Pictures by which side names the true class first.
    p_value
        Two-sided: how likely counts as uneven as `left_only` against `right_only`, or more, are
        where neither release is better. 1 where they are equal.
    statistic
        Chi-square with one degree of freedom and continuity correction; None of no discordance.
    method
        ``exact`` or ``chi-square``: where `p_value` comes from.
    """

    both_right: int
    left_only: int
    right_only: int
    both_wrong: int
    p_value: float
    statistic: float | None
    method: str


def mcnemar(both_right: int, left_only: int, right_only: int, both_wrong: int) -> McNemar:
    """Test.

    Notes
    -----
    Q. McNemar, Psychometrika 12 (1947), 153-157. The exact p is that of the two-sided binomial
    (sign) test on the discordant pictures; for more than `MOST_EXACT` of them A. L. Edwards'
    corrected statistic, (|b - c| - 1)²/(b + c), Psychometrika 13 (1948), 185-187.
    """
    discordant = left_only + right_only
    statistic = None
    if discordant:
        statistic = max(abs(left_only - right_only) - 1, 0) ** 2 / discordant
    if discordant <= MOST_EXACT:
        p_value, method = _sign_test(min(left_only, right_only), discordant), "exact"
    else:
        p_value, method = math.erfc(math.sqrt((statistic or 0.0) / 2.0)), "chi-square"
    return McNemar(both_right, left_only, right_only, both_wrong, p_value, statistic, method)


def _sign_test(smaller: int, total: int) -> float:
    """Give min(1, 2·P(X <= smaller)) of a binomial with p = 1/2."""
    logarithm = math.lgamma(total + 1) - total * math.log(2.0)
    tail = math.fsum(
        math.exp(logarithm - math.lgamma(i + 1) - math.lgamma(total - i + 1))
        for i in range(smaller + 1)
    )
    return min(1.0, 2.0 * tail)
