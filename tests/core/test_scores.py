from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inspector.core.pairs import OutputKind
from inspector.core.scores import SMALLEST, OutputSwitches, Scores, interpret, softmax

AS_DECLARED = OutputSwitches()
rows = arrays(
    np.float32, st.integers(2, 40), elements=st.floats(-50, 50, width=32, allow_nan=False)
)
wild = arrays(
    np.float32,
    st.integers(2, 12),
    elements=st.floats(width=32, allow_nan=True, allow_infinity=True),
)


def logits_of(row: np.ndarray, background: bool = True, **switches: bool) -> Scores:
    return interpret(row, OutputKind.LOGITS, background, OutputSwitches(**switches))


@given(rows)
def test_softmax_sums_to_one(row: np.ndarray) -> None:
    p = softmax(row.astype(np.float64))
    assert p.sum() == pytest.approx(1, abs=1e-12)
    assert (p >= 0).all()
    assert p[np.argmax(row)] == p.max()  # neighbours of one rounding may come out equal


@given(rows, st.floats(-1e4, 1e4))
def test_softmax_knows_no_common_shift(row: np.ndarray, shift: float) -> None:
    wide = row.astype(np.float64)
    np.testing.assert_allclose(softmax(wide + shift), softmax(wide), rtol=1e-9, atol=1e-12)


@given(rows)
def test_dropping_the_background_is_renormalising(row: np.ndarray) -> None:
    """keras_p[i] == hub_p[i + 1] / (1 - hub_p[0])."""
    whole = softmax(row.astype(np.float64))
    scores = logits_of(row)
    assert scores.background == pytest.approx(whole[0])
    assert scores.probabilities.sum() == pytest.approx(1, abs=1e-12)
    if whole[0] < 1 - 1e-6:
        np.testing.assert_allclose(
            scores.probabilities, whole[1:] / (1 - whole[0]), rtol=1e-6, atol=1e-15
        )
    np.testing.assert_array_equal(scores.logits, row[1:].astype(np.float64))


@given(rows)
def test_keras_and_hub_readings_of_one_checkpoint_are_the_same(row: np.ndarray) -> None:
    hub = logits_of(row)
    keras_row = softmax(row[1:].astype(np.float64)).astype(np.float32)
    keras = interpret(keras_row, OutputKind.PROBABILITIES, False, AS_DECLARED)
    np.testing.assert_allclose(keras.probabilities, hub.probabilities, rtol=0, atol=1e-6)


def test_a_background_that_takes_all_still_leaves_an_order() -> None:
    scores = logits_of(np.array([900, 3, 2, 1], np.float32))
    assert scores.background == 1.0
    assert scores.probabilities.sum() == pytest.approx(1)
    assert np.argmax(scores.probabilities) == 0


def test_probabilities_with_a_background() -> None:
    row = np.array([0.2, 0.6, 0.2], np.float32)
    scores = interpret(row, OutputKind.PROBABILITIES, True, AS_DECLARED)
    np.testing.assert_allclose(scores.probabilities, [0.75, 0.25], atol=1e-7)
    assert scores.background == pytest.approx(0.2)
    assert scores.as_declared
    all_background = interpret(
        np.array([1, 0, 0], np.float32), OutputKind.PROBABILITIES, True, AS_DECLARED
    )
    assert all_background.probabilities.tolist() == [0.0, 0.0]


def test_logits_of_probabilities_are_their_logarithms() -> None:
    row = np.array([0.5, 0.5, 0.0], np.float32)
    scores = interpret(row, OutputKind.PROBABILITIES, False, AS_DECLARED)
    np.testing.assert_allclose(scores.logits, np.log([0.5, 0.5, SMALLEST]))
    own = np.array([1, 1, -300], np.float32)
    assert interpret(row, OutputKind.PROBABILITIES, False, AS_DECLARED, own).logits.tolist() == [
        1.0,
        1.0,
        -300.0,
    ]


def test_switches_against_the_declaration() -> None:
    row = np.array([1, 2, 3], np.float32)
    raw = logits_of(row, softmax=False)
    assert raw.probabilities.tolist() == [2.0, 3.0]
    assert (raw.applied_softmax, raw.as_declared, raw.background) == (False, False, 1.0)
    kept = logits_of(row, drop_background=False)
    assert kept.probabilities.size == 3
    assert (kept.background, kept.dropped_background, kept.as_declared) == (None, False, False)
    twice = interpret(
        np.array([0.9, 0.1], np.float32), OutputKind.PROBABILITIES, False, OutputSwitches(True)
    )
    assert twice.probabilities[0] == pytest.approx(1 / (1 + np.exp(-0.8)))
    assert not twice.as_declared


def test_a_background_that_is_not_there_cannot_be_dropped() -> None:
    row = np.array([1, 2, 3], np.float32)
    scores = logits_of(row, background=False, drop_background=True)
    assert scores.probabilities.size == 3
    assert scores.as_declared


def test_switches_that_say_what_is_declared_change_nothing() -> None:
    row = np.array([1, 2, 3], np.float32)
    said = logits_of(row, softmax=True, drop_background=True)
    assert said.as_declared
    np.testing.assert_array_equal(said.probabilities, logits_of(row).probabilities)


@given(wild, st.sampled_from(OutputKind), st.booleans(), st.booleans(), st.booleans())
def test_any_numbers_are_taken_without_a_warning(
    row: np.ndarray, kind: OutputKind, background: bool, apply: bool, drop: bool
) -> None:
    scores = interpret(row, kind, background, OutputSwitches(apply, drop))
    assert scores.probabilities.shape == scores.logits.shape
    assert scores.probabilities.size == row.size - (background and drop)
    if not np.isfinite(row).all() and kind is OutputKind.LOGITS and apply and not drop:
        bad = np.isnan(row).any() or np.isposinf(row).any() or np.isneginf(row).all()
        assert np.isnan(scores.probabilities).all() == bad


def test_minus_infinity_is_a_probability_of_zero() -> None:
    scores = logits_of(np.array([0, -np.inf, 1], np.float32), background=False)
    assert scores.probabilities[1] == 0.0
    assert scores.probabilities.sum() == pytest.approx(1)
