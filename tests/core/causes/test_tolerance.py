from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inspector.core.causes.tolerance import required_atol, required_rtol

_ROWS = hnp.arrays(np.float64, 6, elements=st.floats(1e-6, 1.0))


@given(_ROWS, _ROWS)
def test_is_the_least_tolerance_that_passes(left: np.ndarray, right: np.ndarray) -> None:
    rtol = required_rtol(left, right)
    assert np.allclose(left, right, rtol=rtol * (1 + 1e-9), atol=1e-8)
    if rtol > 1e-9:
        assert not np.allclose(left, right, rtol=rtol * 0.99, atol=1e-8)
    atol = required_atol(left, right)
    assert np.allclose(left, right, rtol=1e-5, atol=atol + 1e-15)
    if atol > 1e-9:
        assert not np.allclose(left, right, rtol=1e-5, atol=atol * 0.99)


def test_no_relative_tolerance_helps_against_zero() -> None:
    assert required_rtol(np.array([0.5, 0.5]), np.array([1.0, 0.0])) == np.inf
    assert required_rtol(np.array([1.0, 0.0]), np.array([1.0, 0.0])) == 0
