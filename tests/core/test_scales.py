from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.scales import (
    LOG_BASELINE,
    bar_range,
    even_step,
    log_counts,
    nearest_point,
    nice_reach,
    signed_range,
)


@given(st.floats(1e-30, 1e30))
def test_a_nice_reach_is_round_and_not_too_large(value):
    reach = nice_reach(value)
    assert value <= reach * (1 + 1e-9)
    assert reach <= value * 2.5 * (1 + 1e-9)
    assert f"{reach:.0e}"[0] in "125"


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan")])
def test_nothing_to_show_gives_one(value):
    assert nice_reach(value) == 1.0


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.6, 0.1], (0.0, 1.0)),
        ([0.04], (0.0, 0.05)),
        ([-3.0, 11.0], (-5.0, 20.0)),
        ([-3.0], (-5.0, 0.0)),
        ([np.nan], (0.0, 1.0)),
        ([np.nan, 1.7], (0.0, 2.0)),
    ],
)
def test_bar_ranges_hold_zero_and_all_finite_values(values, expected):
    assert bar_range(np.array(values)) == pytest.approx(expected)


def test_signed_ranges_are_symmetric():
    assert signed_range(np.array([0.1, -0.3, np.nan])) == (-0.3, 0.3)
    low, high = signed_range(np.zeros(3))
    assert low == -high < 0


def test_log_counts_leave_room_under_a_single_class():
    assert log_counts(np.array([0, 1, 100])).tolist() == [LOG_BASELINE, 0.0, 2.0]


def test_the_nearest_point_is_measured_in_pixels():
    x, y = np.array([0.0, 1.0]), np.array([0.0, 0.0])
    assert nearest_point(x, y, (0.6, 0.0), (0.1, 0.1), reach=5.0) == 1
    assert nearest_point(x, y, (0.6, 0.0), (0.1, 0.1), reach=3.0) is None
    assert nearest_point(x, np.array([np.nan, 0.0]), (0.0, 0.0), (1.0, 1.0), reach=5.0) == 1
    assert nearest_point(np.empty(0), np.empty(0), (0.0, 0.0), (1.0, 1.0), reach=5.0) is None


@pytest.mark.parametrize(
    ("reach", "most", "step"),
    [(1.0, 9, 0.2), (1.0, 5, 0.5), (1.0, 2, 1.0), (2.0, 5, 0.5), (2.0, 4, 1.0), (0.05, 6, 0.01)],
)
def test_an_even_step_ends_at_the_reach(reach, most, step):
    assert even_step(reach, most) == pytest.approx(step)
