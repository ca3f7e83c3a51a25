"""The distance between two activations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inspector.core.endpoints import Activation, Endpoint, EndpointKind, measure_gap

VALUES = arrays(np.float32, (3, 4, 5), elements=st.floats(-100, 100, width=32))


def test_a_known_gap() -> None:
    a = np.zeros((2, 2, 3), np.float32)
    a[..., 0] = 3.0
    b = a.copy()
    b[0, 0, 2] = 4.0
    gap = measure_gap(a, b)
    norms = math.sqrt(4 * 9), math.sqrt(4 * 9 + 16)
    assert gap.relative_l2 == pytest.approx(4 / norms[1])
    assert gap.cosine == pytest.approx(36 / (norms[0] * norms[1]))
    assert gap.max_abs == 4.0
    assert gap.worst_channel == 2
    assert gap.worst_channel_gap == pytest.approx((4 / 2) / (norms[1] / math.sqrt(12)))


@given(VALUES, VALUES)
def test_it_is_the_same_both_ways(a: np.ndarray, b: np.ndarray) -> None:
    one, other = measure_gap(a, b), measure_gap(b, a)
    assert one == other
    assert 0 <= one.relative_l2 <= 2 + 1e-6
    assert one.max_abs == np.abs(a.astype(np.float64) - b).max()
    assert -1 - 1e-6 <= one.cosine <= 1 + 1e-6


@given(VALUES)
def test_nothing_is_between_a_thing_and_itself(a: np.ndarray) -> None:
    gap = measure_gap(a, a)
    assert (gap.relative_l2, gap.max_abs) == (0.0, 0.0)
    assert gap.cosine == pytest.approx(1.0)


@given(VALUES, st.floats(0.125, 8, width=32))
def test_the_relative_gap_knows_no_unit(a: np.ndarray, factor: float) -> None:
    b = np.roll(a, 1)
    scaled = measure_gap(a * np.float32(factor), b * np.float32(factor))
    assert scaled.relative_l2 == pytest.approx(measure_gap(a, b).relative_l2, rel=1e-4, abs=1e-12)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_none_is_as_far_as_can_be(number: float) -> None:
    a = np.ones((2, 2, 3), np.float32)
    b = a.copy()
    b[0, 0, 0] = number
    assert measure_gap(a, b).relative_l2 == math.inf
    assert measure_gap(b, b).relative_l2 == math.inf


def test_zero_and_something() -> None:
    gap = measure_gap(np.zeros(3, np.float32), np.ones(3, np.float32))
    assert (gap.relative_l2, gap.cosine) == (1.0, 0.0)


def test_a_row_has_a_channel_for_each_number() -> None:
    a = np.arange(5, dtype=np.float32)
    b = a.copy()
    b[3] += 1
    assert measure_gap(a, b).worst_channel == 3


def test_axes_of_length_one_do_not_count() -> None:
    endpoint = Endpoint("pool", (1, 1, 4), EndpointKind.LAYER)
    assert Activation(endpoint, np.ones((1, 1, 4), np.float32)).compact.shape == (4,)
