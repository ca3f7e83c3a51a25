from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inspector.core.histogram import DEFAULT_BINS, difference_histogram

differences = arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e30, 1e30))
wild = arrays(np.float64, st.integers(1, 30), elements=st.floats(-1e38, 1e38) | st.just(np.nan)
              | st.sampled_from([np.inf, -np.inf]))  # fmt: skip


@given(differences, st.integers(1, 60))
def test_every_class_is_in_one_bin(difference: np.ndarray, bins: int) -> None:
    found = difference_histogram(difference, bins)
    assert found.counts.sum() == difference.size
    assert found.counts.tolist() == [len(group) for group in found.members]
    assert sorted(index for group in found.members for index in group) == list(
        range(difference.size)
    )
    assert found.edges.size == bins + 1
    reach = found.edges[-1]
    np.testing.assert_allclose(found.edges, -found.edges[::-1], rtol=0, atol=1e-12 * reach)
    for group, low, high in zip(found.members, found.edges, found.edges[1:], strict=False):
        values = difference[list(group)]
        slack = 1e-12 * (high - low)
        assert ((values >= low - slack) & (values <= high + slack)).all()
        assert (np.diff(np.abs(values)) <= 0).all()


@given(wild)
def test_numbers_that_are_not_finite_are_left_out(difference: np.ndarray) -> None:
    found = difference_histogram(difference)
    assert found.counts.sum() == np.isfinite(difference).sum()
    assert np.isfinite(found.edges).all()


@pytest.mark.parametrize("difference", [[0.0, 0.0], [1e-300], [0.0, np.nan]])
def test_no_difference_lies_in_the_middle_bin(difference: list[float]) -> None:
    found = difference_histogram(np.array(difference))
    middle = DEFAULT_BINS // 2
    assert found.counts[middle] == found.counts.sum() > 0
    assert found.edges[middle] < 0 < found.edges[middle + 1]


def test_all_not_finite() -> None:
    assert difference_histogram(np.array([np.nan, np.inf])).counts.sum() == 0
