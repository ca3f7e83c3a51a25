from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.causes.attribution import attribute
from inspector.core.scores import softmax


def rows(seed: int, players: int) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [softmax(random.normal(0, 2, 12)) for _ in range(1 << players)]


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_both_distances_are_divided_without_a_rest(seed: int, players: int) -> None:
    names = [f"stage{i}" for i in range(players)]
    runs = rows(seed, players)
    result = attribute(names, runs)
    assert result.total == pytest.approx(np.max(np.abs(runs[0] - runs[-1])))
    assert sum(share.value for share in result.shares) == pytest.approx(result.total, abs=1e-12)
    assert result.js_total is not None
    assert sum(s.value for s in result.js_shares) == pytest.approx(result.js_total, abs=1e-12)


@given(st.integers(0, 10_000))
def test_does_not_change_when_left_and_right_are_exchanged(seed: int) -> None:
    runs = rows(seed, 3)
    forth = attribute(["a", "b", "c"], runs)
    back = attribute(["a", "b", "c"], runs[::-1])
    assert [s.value for s in forth.shares] == pytest.approx([s.value for s in back.shares])


def test_a_stage_that_does_nothing_gets_nothing() -> None:
    a, b = rows(1, 1)
    result = attribute(["resize", "weights"], [a, b, a, b])
    assert result.shares[0].share == pytest.approx(1.0)
    assert result.shares[1].value == pytest.approx(0.0)
    assert result.largest is result.shares[0]


def test_every_run_is_told() -> None:
    runs = rows(3, 2)
    result = attribute(["crop", "resize"], runs)
    assert [run.stages for run in result.runs] == [(), ("crop",), ("resize",), ("crop", "resize")]
    assert result.runs[0].from_left == 0
    assert result.runs[-1].from_right == 0
    assert result.runs[1].top1 == int(np.argmax(runs[1]))


def test_rows_that_are_no_distribution_have_no_divergence() -> None:
    logits = [np.array([3.0, -2.0]), np.array([1.0, 0.5])]
    result = attribute(["output"], logits)
    assert result.js_total is None
    assert result.js_shares == ()
    assert result.total == pytest.approx(2.5)


def test_equal_sides_have_no_shares_but_zero() -> None:
    row = softmax(np.arange(5.0))
    result = attribute(["resize"], [row, row])
    assert result.total == 0
    assert result.shares[0].share == 0
