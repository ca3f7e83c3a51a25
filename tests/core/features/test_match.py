from __future__ import annotations

import numpy as np
import pytest

from inspector.core.features.match import LEAST_PICTURES, match_dimensions

PICTURES, DIMENSIONS = 24, 300


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    return np.random.default_rng(3).normal(size=(PICTURES, DIMENSIONS))


def test_the_same_features_stand_in_place(rows: np.ndarray) -> None:
    found = match_dimensions(rows, rows * 2.0 + 1.0)
    assert found is not None
    assert (found.in_place, found.moved, found.reordered) == (DIMENSIONS, 0, False)
    assert found.order.tolist() == list(range(DIMENSIONS))
    assert found.middle_correlation == pytest.approx(1.0)


def test_another_order_is_found_with_the_order_itself(rows: np.ndarray) -> None:
    order = np.random.default_rng(0).permutation(DIMENSIONS)
    found = match_dimensions(rows, rows[:, order])
    assert found is not None
    assert found.reordered
    assert found.moved + found.in_place == DIMENSIONS
    assert (rows[:, order][:, found.order] == rows).all()


def test_other_features_follow_nothing(rows: np.ndarray) -> None:
    other = np.random.default_rng(9).normal(size=rows.shape)
    found = match_dimensions(rows, other)
    assert found is not None
    assert (found.in_place, found.moved, found.reordered) == (0, 0, False)
    assert (found.order == -1).all()


def test_dead_dimensions_are_counted_and_follow_nothing(rows: np.ndarray) -> None:
    dying = rows.copy()
    dying[:, :100] = 0.25
    found = match_dimensions(dying, rows)
    assert found is not None
    assert (found.left_dead, found.right_dead, found.left_live) == (100, 0, 200)
    assert (found.order[:100] == -1).all()
    assert found.in_place == 200


def test_too_few_pictures_or_no_numbers_tell_nothing(rows: np.ndarray) -> None:
    few = rows[: LEAST_PICTURES - 1]
    assert match_dimensions(few, few) is None
    broken = rows.copy()
    broken[3, 4] = np.nan
    assert match_dimensions(broken, rows) is None
