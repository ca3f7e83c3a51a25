"""Whether both sides number their classes alike, found from their outputs alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.core.causes.explanation import LabelMatch

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHIFTS = (0, -1, 1)
"""Right index minus left index: none, or one off, as a background class makes it."""

SAME_CLASS = 1e-2
"""Two classes are the same where their standardised logits differ by no more on every picture."""


def match_labels(left: NDArray[np.float64], right: NDArray[np.float64]) -> LabelMatch:
    """Compare the logits of both sides over several pictures.

    Parameters
    ----------
    left, right
        Logits, float64 (pictures, classes), at least 4 pictures.
    """
    a, b = _standardised(left), _standardised(right)
    fits = {shift: _correlation(a, b, shift) for shift in SHIFTS}
    best = max(SHIFTS, key=lambda shift: fits[shift])
    return LabelMatch(
        shift=best,
        agreement=fits[best],
        agreement_unshifted=fits[0],
        permuted=_permuted(a, b),
    )


def _standardised(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = logits - logits.mean(axis=1, keepdims=True)
    spread = centred.std(axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(spread, 1e-12))


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64], shift: int) -> float:
    classes = a.shape[1]
    first = a[:, max(0, -shift) : classes - max(0, shift)]
    second = b[:, max(0, shift) : classes - max(0, -shift)]
    return float(np.mean(first * second))


def _permuted(a: NDArray[np.float64], b: NDArray[np.float64]) -> int:
    """Count classes whose own counterpart does not fit, while another one does exactly."""
    own = np.max(np.abs(a - b), axis=0) <= SAME_CLASS
    count = 0
    for index in np.flatnonzero(~own):
        gaps = np.max(np.abs(b - a[:, index : index + 1]), axis=0)
        count += int(np.min(gaps) <= SAME_CLASS)
    return count
