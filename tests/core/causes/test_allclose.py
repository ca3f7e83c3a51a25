from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inspector.core.causes.allclose import (
    allclose_text,
    check_allclose,
    least_text,
    needed_text,
    rounded_up,
)

_ROWS = hnp.arrays(np.float64, 6, elements=st.floats(1e-6, 1.0))
_TOLERANCES = st.sampled_from([0.0, 1e-12, 1e-8, 1e-5, 1e-3, 0.1, 1.0])


@given(_ROWS, _ROWS, _TOLERANCES, _TOLERANCES)
def test_agrees_with_numpy(left: np.ndarray, right: np.ndarray, rtol: float, atol: float) -> None:
    check = check_allclose(left, right, rtol, atol)
    assert check.passes == np.allclose(left, right, rtol=rtol, atol=atol)
    assert check.passes == (check.failing == 0)


@given(_ROWS, _ROWS, _TOLERANCES, _TOLERANCES)
def test_the_least_tolerances_do_pass_and_are_hardly_too_large(
    left: np.ndarray, right: np.ndarray, rtol: float, atol: float
) -> None:
    check = check_allclose(left, right, rtol, atol)
    assert np.allclose(left, right, rtol=check.least_rtol, atol=atol)
    assert np.allclose(left, right, rtol=rtol, atol=check.least_atol)
    if check.least_rtol > 1e-9:
        assert not np.allclose(left, right, rtol=check.least_rtol * 0.98, atol=atol)
    if check.least_atol > 1e-9:
        assert not np.allclose(left, right, rtol=rtol, atol=check.least_atol * 0.98)


@given(st.floats(1e-30, 1e30))
def test_rounds_up_to_three_digits(value: float) -> None:
    up = rounded_up(value)
    assert value <= up <= value * 1.0101
    assert float(f"{up:.3g}") == up


def test_nothing_passes_where_a_number_is_not_finite() -> None:
    check = check_allclose(np.array([0.5, np.nan]), np.array([0.5, 0.5]), 1.0, 1.0)
    assert not check.passes
    assert math.isinf(check.least_rtol)
    assert least_text(check) == "No tolerance would pass."


@pytest.mark.parametrize(
    ("right", "words"),
    [
        ([0.5, 0.5], "passes: all 2 classes"),
        ([0.5, 0.6], "fails: 1 of 2 class is"),
        ([0.4, 0.6], "fails: 2 of 2 classes are"),
    ],
)
def test_says_so(right: list[float], words: str) -> None:
    check = check_allclose(np.array([0.5, 0.5]), np.array(right), 1e-5, 1e-8)
    assert words in allclose_text(check)


def test_an_infinite_relative_tolerance_is_not_offered() -> None:
    check = check_allclose(np.array([0.5, 0.5]), np.array([1.0, 0.0]), 1e-5, 1e-8)
    assert least_text(check) == "It would pass with atol=0.5."


def test_what_passes_is_told_how_little_would_do() -> None:
    check = check_allclose(np.array([0.5, 0.5]), np.array([0.5, 0.5]), 1e-5, 1e-8)
    assert least_text(check) == "It would still pass with rtol=0, or with atol=0."


@pytest.mark.parametrize("rtol", [math.inf, 3.96e3])
def test_a_useless_relative_tolerance_is_left_out(rtol: float) -> None:
    assert needed_text(rtol, 0.013) == "numpy.allclose would pass with atol=0.013."
    check = check_allclose(np.array([0.5, 0.5]), np.array([0.5 - 1e-3, 1e-7]), 1e-5, 1e-8)
    assert "rtol" not in least_text(check)


def test_needed_tolerances_in_words() -> None:
    assert needed_text(0.0, 0.0) == "numpy.allclose passes with its own tolerances."
    assert needed_text(0.52, 0.0) == "numpy.allclose passes with its own tolerances."
    assert (
        needed_text(0.51234, 0.125)
        == "numpy.allclose would pass with rtol=0.513, or with atol=0.125."
    )
    assert needed_text(math.nan, math.nan) == "numpy.allclose would pass with no tolerance."
