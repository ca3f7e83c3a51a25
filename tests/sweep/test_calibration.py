from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.sweep.calibration import BINS, CalibrationCounter


def test_a_small_case_by_hand() -> None:
    counter = CalibrationCounter()
    counter.add(np.array([0.95, 0.95, 0.55]), np.array([True, False, True]))
    found = counter.result()
    assert found is not None
    assert found.ece == pytest.approx(2 / 3 * abs(0.5 - 0.95) + 1 / 3 * abs(1.0 - 0.55))
    last = found.bins[-1]
    assert (last.count, last.accuracy) == (2, 0.5)
    assert last.confidence == pytest.approx(0.95)
    assert found.bins[0].accuracy is None


def test_an_edge_belongs_to_the_bin_below() -> None:
    counter = CalibrationCounter()
    counter.add(np.array([1 / 3, 0.0, 1.0]), np.array([True, True, True]))
    found = counter.result()
    assert found is not None
    assert [place for place, part in enumerate(found.bins) if part.count] == [0, 4, 14]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50))
def test_as_by_the_formula(pairs: list[tuple[float, bool]]) -> None:
    counter = CalibrationCounter()
    for confidence, hit in pairs:
        counter.add(np.array([confidence]), np.array([hit]))
    found = counter.result()
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, hit in pairs:
        place = next(m for m in range(BINS) if confidence <= (m + 1) / BINS or m == BINS - 1)
        bins.setdefault(place, []).append((confidence, hit))
    expected = sum(
        abs(sum(hit for _, hit in held) - sum(confidence for confidence, _ in held))
        for held in bins.values()
    )
    assert found is not None
    assert found.ece == pytest.approx(expected / len(pairs), abs=1e-12)


@pytest.mark.parametrize("strange", [1.5, -0.1, np.nan])
def test_what_is_no_probability_has_no_calibration(strange: float) -> None:
    counter = CalibrationCounter()
    counter.add(np.array([0.5, strange]), np.array([True, True]))
    assert counter.result() is None


def test_nothing_has_no_calibration() -> None:
    assert CalibrationCounter().result() is None
