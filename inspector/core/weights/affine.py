"""What a layer with a folded batch norm computes: scale and shift, and how two of them compare."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.weights.grid import rounded_sides
from inspector.core.weights.tensors import Role

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.pairs import Side
    from inspector.core.weights.layout import Layout
    from inspector.core.weights.tensors import Item

    Vector = NDArray[np.float64]

TOLERANCE = 1e-5
"""Largest |Δ| of two equal folded weights, in units of the channel's largest absolute value."""

_FLOOR = 1e-2
"""A channel counts as no smaller than this share of the tensor's largest, times the tolerance."""


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """What one side holds of a fold.

    Attributes
    ----------
    kernel, norm, bias
        The items, where there are any.
    epsilon
        With which the norm agrees.
    scale, shift
        float64 (channels,), of norm and bias together.
    """

    kernel: Item | None
    norm: Item | None
    bias: Item | None
    epsilon: float
    scale: Vector
    shift: Vector

    @property
    def other_epsilon(self) -> bool:
        """Whether the norm declares another epsilon than the one with which it agrees."""
        declared = None if self.norm is None else self.norm.epsilon
        return declared is not None and not np.isclose(declared, self.epsilon, rtol=1e-6)

    @property
    def items(self) -> list[Item]:
        """All items of this side."""
        return [item for item in (self.kernel, self.norm, self.bias) if item is not None]

    @property
    def steps(self) -> Vector:
        """What one whole number of the bias stands for in the shift; 0 where it is not rounded."""
        if self.bias is None:
            return np.zeros_like(self.shift)
        return np.asarray(np.abs(self.scale) * self.bias.weight.known_steps.ravel())


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two folded quantities compare.

    Attributes
    ----------
    difference, reach
        max |Δ|, and the largest absolute value.
    agrees
        Whether every channel agrees within :data:`TOLERANCE`.
    quantised
        The sides whose kernel or bias is the other's in whole numbers, where the two do not agree
        but for that rounding.
    """

    difference: float
    reach: float
    agrees: bool
    quantised: tuple[Side, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Fold:
    """The same layer, divided among its variables in two ways.

    Attributes
    ----------
    left, right
        Both sides' parts.
    kernel_layout, kernel
        Where kernels take part: their layout, and how ``kernel * scale`` compares.
    """

    left: Part
    right: Part
    kernel_layout: Layout | None = None
    kernel: Agreement | None = None

    @property
    def scale(self) -> Agreement:
        """How the scales compare; without a meaning of their own beside folded kernels."""
        return agreement(self.left.scale, self.right.scale, np.abs(self.left.scale))

    @property
    def shift(self) -> Agreement:
        """How the shifts compare; a bias in whole numbers may be off by half of its own step."""
        reach = terms(self.left) + terms(self.right)
        measured = agreement(self.left.shift, self.right.shift, reach)
        if measured.agrees:
            return measured
        gap = np.abs(self.left.shift - self.right.shift)
        steps = (self.left.steps, self.right.steps)
        return replace(measured, quantised=rounded_sides(gap, steps, _allowed(reach, TOLERANCE)))


def terms(part: Part) -> Vector:
    """Give the size of what is added up to a shift: its rounding error is in proportion to that."""
    total: Vector = np.abs(part.shift)
    if part.norm is not None and (mean := part.norm.members.get(Role.MEAN)) is not None:
        total = total + np.abs(mean.values.astype(np.float64).ravel() * part.scale)
    return np.asarray(total, np.float64)


def agreement(x: Vector, y: Vector, reach: Vector) -> Agreement:
    """Measure how two folded quantities compare; channels come first, each with its reach."""
    return Agreement(
        difference=float(np.abs(x - y).max(initial=0.0)),
        reach=float(max(np.abs(x).max(initial=0.0), np.abs(y).max(initial=0.0))),
        agrees=agree(x, y, reach, TOLERANCE),
    )


def agree(x: Vector, y: Vector, reach: Vector, tolerance: float) -> bool:
    """Compare within a tolerance, in units of each channel's reach; channels come first."""
    most = float(reach.max(initial=0.0))
    if abs(x.flat[0] - y.flat[0]) > tolerance * most:
        return False
    gap = np.abs(x - y).reshape(len(x), -1).max(axis=1)
    # False where anything is not a number.
    return bool((gap <= _allowed(reach, tolerance)).all())


def _allowed(reach: Vector, tolerance: float) -> Vector:
    """Give what each channel may differ by."""
    return np.asarray(tolerance * np.maximum(reach, _FLOOR * reach.max(initial=0.0)))
