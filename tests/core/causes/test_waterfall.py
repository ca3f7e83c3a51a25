from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.causes.attribution import Share
from inspector.core.causes.waterfall import waterfall

_VALUES = st.lists(st.floats(-1, 1), min_size=1, max_size=8)


@given(_VALUES)
def test_the_bars_follow_on_one_another_and_add_up(values: list[float]) -> None:
    total = sum(values)
    drawn = waterfall([Share(str(i), value, 0.0) for i, value in enumerate(values)], total)
    assert drawn.steps[0].start == 0
    for step, after in zip(drawn.steps, drawn.steps[1:], strict=False):
        assert after.start == step.end
    assert drawn.steps[-1].end == pytest.approx(total, abs=1e-12)
    assert [step.value for step in drawn.steps] == pytest.approx(values, abs=1e-12)
    low, high = drawn.reach
    assert low <= 0 <= high
    assert all(low <= step.end <= high for step in drawn.steps)


def test_the_largest_runs_forwards() -> None:
    drawn = waterfall([Share("a", -0.9, 0), Share("b", 0.3, 0), Share("c", 0.2, 0)], -0.4)
    assert drawn.largest is drawn.steps[1]
    assert waterfall([Share("a", -0.9, 0)], -0.9).largest is None
    assert waterfall([], 0.0).reach == (0.0, 0.0)
