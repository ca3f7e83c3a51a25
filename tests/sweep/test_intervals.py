from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.sweep.intervals import share_of, wilson_interval


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        # Newcombe 1998 (Statistics in Medicine 17), table I, method 3: the score interval.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_known_intervals(count: int, total: int, low: float, high: float) -> None:
    found = wilson_interval(count, total)
    assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_all_of_some_has_an_end_at_one_exactly() -> None:
    low, high = wilson_interval(10, 10)
    assert high == 1.0
    assert low == pytest.approx(0.7225, abs=5e-5)


def test_of_nothing_nothing_is_known() -> None:
    share = share_of(0, 0)
    assert share.rate is None
    assert (share.low, share.high) == (0.0, 1.0)


@given(st.integers(1, 10**7), st.data())
def test_the_ends_are_where_the_score_test_would_reject(total: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, total))
    low, high = wilson_interval(count, total)
    share = count / total
    assert 0.0 <= low <= share <= high <= 1.0
    for end in {low, high} - {0.0, 1.0}:
        score = abs(share - end) / math.sqrt(end * (1.0 - end) / total)
        assert score == pytest.approx(1.959963984540054, rel=1e-5)
