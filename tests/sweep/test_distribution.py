from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inspector.sweep.distribution import BINS_PER_DECADE, QUANTILES, DistributionCounter

VALUES = arrays.arrays(
    np.float64,
    st.integers(0, 60),
    elements=st.one_of(
        st.floats(1e-11, 900.0), st.just(0.0), st.just(math.nan), st.floats(1e-20, 1e-13)
    ),
)


@given(VALUES, st.integers(0, 60))
def test_counts_are_those_of_all_values_at_once(values: np.ndarray, cut: int) -> None:
    counter = DistributionCounter("js")
    counter.add(values[:cut])
    counter.add(values[cut:])
    found = counter.result()
    finite = values[np.isfinite(values)]
    assert found.missing == values.size - finite.size
    assert found.count == finite.size
    assert found.zeros == np.sum(finite == 0.0)
    assert found.below == np.sum((finite > 0) & (finite < 1e-12))
    assert sum(found.counts) + found.zeros + found.below + found.above == finite.size
    if not finite.size:
        assert (found.mean, found.minimum, found.quantiles) == (None, None, ())
        return
    assert found.mean == pytest.approx(finite.mean())
    assert (found.minimum, found.maximum) == (finite.min(), finite.max())
    for (share, value), expected in zip(
        found.quantiles, np.quantile(finite, QUANTILES, method="inverted_cdf"), strict=True
    ):
        assert share in QUANTILES
        assert value == pytest.approx(expected, rel=0.024, abs=1e-12)


def test_a_bin_holds_its_lower_edge() -> None:
    counter = DistributionCounter("js")
    counter.add(np.array([1e-3, 1.5e-3, 1e-2]))
    found = counter.result()
    assert found.edges[0] == pytest.approx(1e-3)
    assert len(found.edges) == len(found.counts) + 1
    assert found.counts == (2, *[0] * (BINS_PER_DECADE - 1), 1)


def test_what_is_beyond_the_bins_is_counted_apart() -> None:
    counter = DistributionCounter("js")
    counter.add(np.array([1e4, math.inf, 1.0]))
    found = counter.result()
    assert (found.above, found.missing, sum(found.counts)) == (1, 1, 1)
    assert found.quantiles[-1] == (0.99, 1e4)
