from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inspector.core.comparison import Comparison, compare, find_near_ties, first_near_ties
from inspector.core.pairs import OutputKind
from inspector.core.scores import OutputSwitches, Scores, interpret

sizes = st.shared(st.integers(2, 20), key="size")
logits = arrays(np.float32, sizes, elements=st.floats(-60, 60, width=32))
wild = arrays(np.float32, sizes, elements=st.floats(width=32))


def scores(
    row: object, kind: OutputKind = OutputKind.LOGITS, softmax: bool | None = None
) -> Scores:
    return interpret(np.asarray(row, np.float32), kind, False, OutputSwitches(softmax))


def of(left: object, right: object, **options: float) -> Comparison:
    return compare(scores(left), scores(right), **options)


@given(logits, logits)
def test_what_holds_of_every_comparison(a: np.ndarray, b: np.ndarray) -> None:
    found = of(a, b)
    assert found.classes == a.size
    np.testing.assert_array_equal(found.difference, found.left - found.right)
    assert found.logit_difference.mean() == pytest.approx(0, abs=1e-4)
    assert found.max_abs_difference == np.abs(found.difference).max()
    assert 0 <= found.mean_abs_difference <= found.max_abs_difference <= 1
    assert found.left_ranks[found.left_top] == 1
    assert found.right_ranks[found.right_top] == 1
    assert found.top1_same == (found.left_top == found.right_top)
    assert 0 <= found.top5_overlap <= min(5, a.size)
    assert abs(found.difference[found.largest]) == found.max_abs_difference
    assert found.kl is not None
    assert found.spearman is not None


@given(logits, logits)
def test_exchanging_the_sides_turns_the_difference_round(a: np.ndarray, b: np.ndarray) -> None:
    one, two = of(a, b), of(b, a)
    np.testing.assert_array_equal(one.difference, -two.difference)
    assert (one.left_top, one.top5_overlap) == (two.right_top, two.top5_overlap)
    assert one.js == pytest.approx(two.js, abs=1e-12)
    np.testing.assert_array_equal(one.near_ties, two.near_ties)


@given(logits)
def test_a_side_agrees_with_itself(a: np.ndarray) -> None:
    found = of(a, a)
    assert found.max_abs_difference == 0
    assert found.allclose_rtol_08
    assert found.top1_same
    assert found.top5_overlap == min(5, a.size)


@given(wild, wild, st.booleans())
def test_any_numbers_are_compared_without_a_warning(
    a: np.ndarray, b: np.ndarray, softmax: bool
) -> None:
    found = compare(scores(a, softmax=softmax), scores(b, softmax=softmax), 1e-7)
    assert found.near_ties.dtype == bool
    assert 0 <= found.left_top < a.size
    assert 0 <= found.largest < a.size
    if not (np.isfinite(found.left).all() and np.isfinite(found.right).all()):
        assert found.cosine is None
        assert found.spearman is None
        assert found.kl is None


def test_not_a_number_is_never_first() -> None:
    found = compare(scores([np.nan, 1, 2], softmax=False), scores([np.nan, 2, 1], softmax=False))
    assert (found.left_top, found.right_top, found.top1_same) == (2, 1, False)
    assert found.largest in {1, 2}
    assert np.isnan(found.max_abs_difference)


def test_a_kept_background_shifts_the_classes_as_in_a_users_script() -> None:
    found = of([5, 1, 2, 3], [1, 2, 3])
    assert found.classes == 3
    assert found.kl is None
    assert (found.left_top, found.right_top) == (0, 2)


def test_allclose_is_numpys() -> None:
    left, right = [0.6, 0.3, 0.1], [0.5, 0.3, 0.2]
    found = compare(scores(left, OutputKind.PROBABILITIES), scores(right, OutputKind.PROBABILITIES))
    assert found.allclose_rtol_08 == np.allclose(left, right, rtol=0.8)
    far = compare(
        scores([0.01, 0.99], OutputKind.PROBABILITIES),
        scores([0.99, 0.01], OutputKind.PROBABILITIES),
    )
    assert not far.allclose_rtol_08


def test_logits_are_no_distribution() -> None:
    found = compare(scores([1, 2, -3], softmax=False), scores([1, 2, 3]))
    assert found.kl is None
    assert found.js is None
    assert found.cosine is not None


def test_near_ties_are_classes_whose_place_float_noise_decides() -> None:
    left = np.array([0.50, 0.30, 0.100002, 0.099998, 0.0])
    right = np.array([0.50, 0.30, 0.1200, 0.0800, 0.0])
    assert find_near_ties(left, right, 1e-5).tolist() == [False, False, True, True, False]
    assert not find_near_ties(left, right, 1e-6).any()
    tail = np.array([1 - 2e-4, 1e-4, 1e-4])
    assert not find_near_ties(tail, tail, 1e-5).any()  # all but the first below NEAR_TIE_FLOOR


def test_a_large_difference_is_no_near_tie_and_logits_have_none() -> None:
    first, other = np.array([0.8, 0.15, 0.05]), np.array([0.05, 0.15, 0.8])
    assert not find_near_ties(first, other, 1e-5).any()
    assert not find_near_ties(np.array([9.4, 9.4]), np.array([7.2, 7.2]), 1e-5).any()


def test_equal_values_are_ties_and_a_single_class_is_none() -> None:
    assert find_near_ties(np.array([0.5, 0.5]), np.array([0.5, 0.5]), 0.0).all()
    assert not find_near_ties(np.array([1.0]), np.array([1.0]), 0.1).any()


def test_only_near_ties_of_the_first_places_are_kept() -> None:
    left = np.array([0.5, 0.2, 0.2, 0.05, 0.03, 0.015, 0.003, 0.002])
    right = np.array([0.5, 0.3, 0.1, 0.05, 0.03, 0.015, 0.0025, 0.0025])
    made = of(np.log(np.maximum(left, 1e-30)), np.log(np.maximum(right, 1e-30)))
    assert np.flatnonzero(made.near_ties).tolist() == [1, 2, 6, 7]
    assert np.flatnonzero(first_near_ties(made)).tolist() == [1, 2]
    assert np.flatnonzero(first_near_ties(made, places=8)).tolist() == [1, 2, 6, 7]


def test_a_first_class_with_equals_far_down_on_the_other_side_is_no_first_near_tie() -> None:
    left = np.array([0.9, 0.06, 0.02, 0.01, 0.006, 0.004, 0.0, 0.0])
    right = np.array([0.001, 0.001, 0.3, 0.25, 0.2, 0.15, 0.06, 0.038])
    made = of(np.log(np.maximum(left, 1e-30)), np.log(np.maximum(right, 1e-30)))
    assert made.near_ties[0]
    assert not first_near_ties(made).any()


def test_an_answer_that_is_not_finite_has_the_first_class_of_none() -> None:
    good, bad = (
        interpret(
            np.array([first, 0.8], np.float32), OutputKind.PROBABILITIES, False, OutputSwitches()
        )
        for first in (0.2, np.nan)
    )
    for left, right in ((good, bad), (bad, good), (bad, bad)):
        assert not compare(left, right).top1_same
