"""Is one tensor the other, rounded to 8 bits? Proved by the grid that its values lie on.

A quantised channel holds whole multiples of one step (TFLite's symmetric int8: its largest absolute
value is 127 steps), and rounding moves no value by more than half of it. Both are looked for: per
channel, along whichever axis the channels are, and per tensor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.core.pairs import Side
from inspector.core.weights.layout import largest_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Array = NDArray[np.floating]
    Vector = NDArray[np.float64]

SYMMETRIC = 127
"""Steps from 0 to the largest absolute value of a symmetric int8 channel."""

LEVELS = 256
"""Most values that 8 bits can hold."""

HALF_STEP = 0.5 * 1.01
"""Steps by which rounding moves a value at most, and a little for float32."""

_ON_GRID = 2e-3
"""Steps by which a value may miss the grid: float32 rounding, many times over."""

_LEAST_PROOF = 8
"""Values beyond one per channel from which lying on a grid is no chance."""

_NOISE = 1e-6
"""What counts as nothing, in units of the largest value."""


def quantised_side(a: Array, b: Array) -> Side | None:
    """Tell which of two unequal tensors of one shape is the other one, quantised.

    Tensors of one axis are never said to be: one value for each channel lies on any grid.
    """
    if a.ndim < 2:
        return None
    reach = largest_value(a, b)
    with np.errstate(invalid="ignore", over="ignore"):
        gap = np.abs(np.asarray(a, np.float64) - b)
    # The longest step is the whole tensor's, of asymmetric values across zero: at most twice.
    if not gap.max(initial=0.0) <= 2 * HALF_STEP * reach / SYMMETRIC:
        return None
    for side, values in ((Side.LEFT, a), (Side.RIGHT, b)):
        if any(
            rounded_within(_channels(values, axis), _channels(gap, axis))
            for axis in range(-1, values.ndim - 1)
        ) or _tensor_rounded(values, gap):
            return side
    return None


def rounded_within(channels: Vector, gap: Vector) -> bool:
    """Tell whether symmetric int8 channels are no further than half a step from what they were.

    Parameters
    ----------
    channels
        float64 (channels, weights): what may be quantised.
    gap
        float64 (channels, weights): how far each is from the other side's, not negative.
    """
    if channels.size - len(channels) < _LEAST_PROOF:
        return False
    reach = np.abs(channels).max(axis=1, keepdims=True)
    return _fits(channels, gap, reach / SYMMETRIC)


def rounded_sides(
    gap: Vector, steps: tuple[Array, Array], slack: Vector | np.float64
) -> tuple[Side, ...]:
    """Tell which sides' rounding to steps of their own explains a gap; none where it does not.

    Parameters
    ----------
    gap
        float64: how far apart the sides are, not negative.
    steps
        How far apart neighbours are that the left and the right side can hold, for each element; 0
        where a side is not rounded.
    slack
        What float32 may add to it.
    """
    rounded = tuple(side for side, own in zip(Side, steps, strict=True) if own.any())
    if rounded and (gap <= HALF_STEP * (steps[0] + steps[1]) + slack).all():
        return rounded
    return ()


def _channels(values: Array, axis: int) -> Vector:
    moved = np.moveaxis(values, axis, 0)
    return np.asarray(moved, np.float64).reshape(len(moved), -1)


def _tensor_rounded(values: Array, gap: Array) -> bool:
    """Tell whether a tensor with one step for all its values is within half of it."""
    flat = np.asarray(values, np.float64).ravel()
    return any(
        _fits(flat, np.asarray(gap, np.float64).ravel(), np.float64(step)) for step in _steps(flat)
    )


def _steps(flat: Vector) -> Iterator[float]:
    """Give the steps that may underlie a tensor: of symmetric int8, and of its own few values."""
    if flat.size <= _LEAST_PROOF:
        return
    yield float(np.abs(flat).max()) / SYMMETRIC
    held = np.unique(flat)
    if not 2 < held.size <= LEVELS or 2 * held.size > flat.size:
        return
    apart = np.diff(held)
    apart = apart[apart > 0.1 * apart.max() / LEVELS]
    span = float(held[-1] - held[0])
    yield span / float(np.rint(span / apart.min()))


def _fits(values: Vector, gap: Vector, step: Vector | np.float64) -> bool:
    """Tell whether values are multiples of their step, and no more than half of it off."""
    slack = _NOISE * float(np.abs(values).max(initial=0.0))
    if not (gap <= HALF_STEP * step + slack).all():
        return False
    if np.unique(np.abs(values)).size <= 2:
        return False  # so few values lie on any grid
    steps = np.divide(values, step, out=np.zeros_like(values), where=np.asarray(step) > 0)
    return bool((np.abs(steps - np.rint(steps)) <= _ON_GRID).all())
