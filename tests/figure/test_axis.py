from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.figure.axis import axis_for

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-9)


def test_a_percentage_axis_has_round_steps() -> None:
    axis = axis_for([0.634, 0.669, 0.01], most=1.0)
    assert axis.ticks == (0.0, 0.25, 0.5, 0.75)
    assert axis.place(0.375) == pytest.approx(0.5)


def test_a_certain_class_does_not_stretch_the_axis_over_one() -> None:
    axis = axis_for([0.9999], most=1.0)
    assert axis.high == 1.0
    assert max(axis.ticks) <= 1.0


def test_no_value_gives_an_axis_all_the_same() -> None:
    axis = axis_for([])
    assert (axis.low, axis.high) == (0.0, 1.0)


@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_the_axis_holds_zero_and_every_value(values: list[float]) -> None:
    axis = axis_for(values)
    span = axis.high - axis.low
    assert axis.low <= 1e-9 * span
    assert axis.high >= -1e-9 * span
    assert axis.low <= min(values) + 1e-6 * span
    assert axis.high >= max(values) - 1e-6 * span
    assert 2 <= len(axis.ticks) <= 6
    assert all(0 <= axis.place(value) <= 1 for value in values)
