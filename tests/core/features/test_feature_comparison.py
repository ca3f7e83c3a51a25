from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inspector.core.features.comparison import (
    L2Over,
    best_factor,
    compare_features,
    distance_for,
    relative_l2,
)

ROWS = hnp.arrays(np.float64, 12, elements=st.floats(-1e6, 1e6))


@given(ROWS, ROWS)
def test_distance_does_not_depend_on_the_order(a: np.ndarray, b: np.ndarray) -> None:
    assert relative_l2(a, b) == relative_l2(b, a)
    assert 0.0 <= relative_l2(a, b) <= 2.0 + 1e-9


@given(ROWS, ROWS, st.floats(1e-3, 1e3))
def test_distance_does_not_depend_on_the_unit(a: np.ndarray, b: np.ndarray, unit: float) -> None:
    assert relative_l2(unit * a, unit * b) == pytest.approx(relative_l2(a, b), abs=1e-9)


@given(ROWS, ROWS)
def test_no_other_factor_comes_nearer(a: np.ndarray, b: np.ndarray) -> None:
    factor = best_factor(a, b)
    if factor is None:
        assert not b.any() or float(b @ b) == 0.0
        return
    least = np.linalg.norm(a - factor * b)
    for other in (factor * 1.01, factor * 0.99, factor + 1e-3, 0.0, 1.0):
        assert least <= np.linalg.norm(a - other * b) * (1 + 1e-9) + 1e-9


@given(ROWS, ROWS, ROWS)
def test_the_distance_of_an_attribution_keeps_the_triangle(
    a: np.ndarray, b: np.ndarray, c: np.ndarray
) -> None:
    distance = L2Over(3.0)
    assert distance(a, c) <= distance(a, b) + distance(b, c) + 1e-6


def test_the_numbers_of_a_small_case() -> None:
    left, right = np.array([3.0, 0.0, 4.0]), np.array([3.0, 0.0, 0.0])
    found = compare_features(left, right, 1e-7)
    assert found.cosine == pytest.approx(0.6)
    assert found.relative_l2 == pytest.approx(4.0 / 4.0)
    assert (found.left_norm, found.right_norm) == (5.0, 3.0)
    assert found.factor == pytest.approx(1.0)
    assert found.ranks.tolist() == [2, 3, 1]
    assert found.largest == 2
    assert (found.left_zeros, found.right_zeros, found.shared_zeros) == (1, 2, 1)
    assert found.max_abs_difference == 4.0
    assert found.noise_floor == 1e-7
    assert distance_for(found)(left, right) == pytest.approx(found.relative_l2)


def test_a_multiple_is_found() -> None:
    right = np.random.default_rng(1).normal(size=200)
    found = compare_features(-2.5 * right, right)
    assert found.factor == pytest.approx(-2.5)
    assert found.factor_rest == pytest.approx(0.0, abs=1e-12)
    assert found.cosine == pytest.approx(-1.0)
    assert found.correlation == pytest.approx(-1.0)


def test_rows_of_zeros_have_no_direction() -> None:
    zeros = np.zeros(5)
    found = compare_features(zeros, zeros)
    assert (found.cosine, found.correlation, found.factor) == (None, None, None)
    assert found.relative_l2 == 0.0
    assert compare_features(zeros, np.ones(5)).relative_l2 == 2.0


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_told(bad: float) -> None:
    left = np.array([1.0, bad, 2.0])
    found = compare_features(left, np.ones(3))
    assert not found.finite
    assert (found.cosine, found.factor) == (None, None)
    assert math.isnan(found.relative_l2)
    assert found.largest == 2
