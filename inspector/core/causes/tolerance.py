"""The tolerance that would pass, in the terms of ``numpy.allclose``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NUMPY_RTOL = 1e-5
NUMPY_ATOL = 1e-8


def required_rtol(
    left: NDArray[np.float64], right: NDArray[np.float64], atol: float = NUMPY_ATOL
) -> float:
    """Give the least rtol with which ``numpy.allclose(left, right, rtol, atol)`` holds.

    Infinite where a class is exactly 0 on the right and differs by more than `atol`.
    """
    excess = np.abs(left - right) - atol
    over = excess > 0
    if not over.any():
        return 0.0
    with np.errstate(divide="ignore"):
        return float(np.max(excess[over] / np.abs(right[over])))


def required_atol(
    left: NDArray[np.float64], right: NDArray[np.float64], rtol: float = NUMPY_RTOL
) -> float:
    """Give the least atol with which ``numpy.allclose(left, right, rtol, atol)`` holds."""
    return max(0.0, float(np.max(np.abs(left - right) - rtol * np.abs(right))))
