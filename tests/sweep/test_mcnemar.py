from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.sweep import mcnemar as module
from inspector.sweep.mcnemar import mcnemar


def test_known_values() -> None:
    # Agresti, Categorical Data Analysis: approval ratings 794, 150, 86, 570.
    found = mcnemar(794, 150, 86, 570)
    assert found.statistic == pytest.approx((150 - 86 - 1) ** 2 / 236)
    assert found.p_value == pytest.approx(3.716e-5, rel=1e-2)
    # scipy.stats.binomtest(3, 10).pvalue and binomtest(1, 12).pvalue
    assert mcnemar(5, 3, 7, 5).p_value == pytest.approx(0.34375, rel=1e-12)
    assert mcnemar(0, 11, 1, 0).p_value == pytest.approx(0.00634765625, rel=1e-12)


def test_without_discordance_nothing_is_shown() -> None:
    found = mcnemar(10, 0, 0, 3)
    assert (found.p_value, found.statistic, found.method) == (1.0, None, "exact")


@given(st.integers(0, 60), st.integers(0, 60))
def test_exact_as_by_whole_numbers(left_only: int, right_only: int) -> None:
    total = left_only + right_only
    tail = sum(math.comb(total, i) for i in range(min(left_only, right_only) + 1))
    expected = min(Fraction(1), 2 * Fraction(tail, 2**total))
    found = mcnemar(0, left_only, right_only, 0)
    assert found.p_value == pytest.approx(float(expected), rel=1e-9)
    assert found.p_value == mcnemar(0, right_only, left_only, 0).p_value


def test_both_methods_meet_where_one_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = mcnemar(0, 5080, 4920, 0)
    monkeypatch.setattr(module, "MOST_EXACT", 0)
    other = mcnemar(0, 5080, 4920, 0)
    assert (exact.method, other.method) == ("exact", "chi-square")
    assert other.p_value == pytest.approx(exact.p_value, rel=1e-2)
