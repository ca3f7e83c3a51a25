"""Whether a model's rows can be probabilities, allowing for how exactly it computes them.

One rule for everybody who asks: what proposes a pair's conventions, and what holds them against the
models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.core.errors import ReleaseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SINGLE_SLACK = 1e-3
"""How far from 1 a sum of float32 probabilities may be."""

_ROUNDINGS = 8
"""Roundings of half precision, each of the whole sum, that a softmax may add up to."""

_FLOAT16_ROUNDING = 2.0**-11
_BFLOAT16_ROUNDING = 2.0**-8
_FLOAT16_LEAST = 2.0**-24


def looks_probable(rows: NDArray[np.float64], step: float = 0.0) -> bool:
    """Tell whether every row may be probabilities: no negative number, and a sum of 1.

    Parameters
    ----------
    rows
        float64 (…, n).
    step
        Distance of two neighbouring numbers of a quantised output; 0 for others. Every class may be
        half a step off, and the largest a whole one, since 1 itself is often out of reach.
    """
    slack = sum_slack(rows) + step * (rows.shape[-1] / 2 + 1)
    in_bounds = rows.min() >= 0.0 and rows.max() <= 1.0 + slack
    return bool(in_bounds and np.abs(rows.sum(axis=-1) - 1.0).max() <= slack)


def looks_like_sigmoid(rows: NDArray[np.floating]) -> bool:
    """Tell whether rows that are no probabilities of classes may be a sigmoid of each number.

    Logits have both signs but by accident.
    """
    return bool(rows.min() >= 0.0 and 0.0 < rows.max() <= 1.0)


def sum_slack(rows: NDArray[np.float64]) -> float:
    """Give how far from 1 the sum of probabilities may be in the precision that rows are in.

    Numbers that float16 or bfloat16 hold exactly were computed in it.
    """
    single = np.asarray(rows, dtype=np.float32)
    if _are_float16(single):
        return _ROUNDINGS * _FLOAT16_ROUNDING
    if not (np.ascontiguousarray(single).view(np.uint32) & 0xFFFF).any():
        return _ROUNDINGS * _BFLOAT16_ROUNDING
    return _SINGLE_SLACK


def resolution(rows: NDArray[np.float64], step: float = 0.0) -> float:
    """Give the smallest number above 0 that rows can hold, 0 where that is too small to matter.

    In float16 it is far larger than many a probability: what is less comes out as 0, whose
    logarithm would drown that of every other class.

    Parameters
    ----------
    rows
        float64 (…, n).
    step
        Distance of two neighbouring numbers of a quantised output; 0 for others.
    """
    return step or (_FLOAT16_LEAST if _are_float16(np.asarray(rows, dtype=np.float32)) else 0.0)


def _are_float16(single: NDArray[np.float32]) -> bool:
    with np.errstate(over="ignore"):
        return bool(np.array_equal(single.astype(np.float16), single))


def no_row_error(name: str, shape: Sequence[int]) -> ReleaseError:
    """Make the error for an output that is no row of several numbers for each picture.

    Parameters
    ----------
    name
        What to call the model.
    shape
        Of the output of a batch.
    """
    if len(shape) == 1 or (len(shape) == 2 and shape[1] == 1):
        return ReleaseError(
            f"{name} gives one number per picture (a sigmoid for two classes), which has no "
            "classes to compare.",
            "Give it a head with two outputs and a softmax, Dense(2, activation='softmax'), and "
            "save it again.",
        )
    return ReleaseError(
        f"{name} gives an output of shape {list(shape)}, not one row of numbers per picture.",
        "Choose a classification model with its top, or one that gives pooled features.",
    )
