"""The layouts in which one tensor can be stored, and the comparison of two tensors across them."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Array = NDArray[np.floating]
    Shape = tuple[int, ...]

SLAB = 4096
"""Elements that are looked at before a whole tensor is."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the right tensor becomes the left one.

    Attributes
    ----------
    axes
        Order in which to take the right tensor's axes, those of length 1 not counted; None where
        it is reshaped instead.
    cut
        Axis of the left tensor, those of length 1 not counted, along which one side has one
        element more; None where the lengths are the same.
    cut_first
        Whether the surplus element is the first, else the last.
    """

    axes: tuple[int, ...] | None
    cut: int | None = None
    cut_first: bool = True

    def align(self, left: Array, right: Array) -> tuple[Array, Array]:
        """Give views of both with the same shape: the left one's, without axes of length 1."""
        a = left.reshape(squeezed(left.shape))
        if self.axes is None:
            return a, right.reshape(a.shape)
        b = right.reshape(squeezed(right.shape)).transpose(self.axes)
        if self.cut is None:
            return a, b
        length = min(a.shape[self.cut], b.shape[self.cut])
        return tuple(self._shorten(array, length) for array in (a, b))  # type: ignore[return-value]

    def _shorten(self, array: Array, length: int) -> Array:
        assert self.cut is not None
        surplus = array.shape[self.cut] - length
        start = surplus if self.cut_first else 0
        window = slice(start, start + length)
        return array[(slice(None),) * self.cut + (window,)]

    def describe(self, left: Shape, right: Shape) -> str:
        """Say in a few words what differs in the layout; empty where nothing does."""
        parts = []
        if self.axes is None:
            parts.append("reshaped")
        elif self.axes != tuple(range(len(self.axes))):
            plain = len(left) == len(right) == len(self.axes)
            parts.append(f"axes {self.axes} of the right" if plain else "axes in another order")
        elif len(left) != len(right):
            parts.append(_squeeze_words(left, right))
        elif self.cut is None and left != right:
            parts.append("depthwise axes swapped" if len(left) == 4 else "axes of length 1 moved")
        if self.cut is not None:
            parts.append(self._cut_words(left, right))
        return ", ".join(parts)

    def _cut_words(self, left: Shape, right: Shape) -> str:
        sizes = math.prod(left), math.prod(right)
        classes = max(sizes) // abs(sizes[0] - sizes[1])
        side = "left" if sizes[0] > sizes[1] else "right"
        which = "first" if self.cut_first else "last"
        return f"{classes - 1} of the {side} side's {classes} classes, its {which} left out"


def _squeeze_words(left: Shape, right: Shape) -> str:
    if {len(left), len(right)} == {2, 4}:
        return "dense kernel as a 1×1 convolution"
    return "axes of length 1 added"


def squeezed(shape: Shape) -> Shape:
    """Leave out axes of length 1."""
    return tuple(length for length in shape if length != 1)


def same_size_layouts(left: Shape, right: Shape) -> Iterator[Layout]:
    """Give every layout that makes two tensors of one size comparable, the plainest first."""
    a, b = squeezed(left), squeezed(right)
    if sorted(a) != sorted(b):
        if _merges(a, b) or _merges(b, a):
            yield Layout(None)
        return
    for axes in itertools.permutations(range(len(a))):
        if all(b[axis] == length for axis, length in zip(axes, a, strict=True)):
            yield Layout(axes)


def _merges(fine: Shape, coarse: Shape) -> bool:
    """Tell whether neighbouring axes of one shape multiply to the other's, not all into one."""
    if len(coarse) < 2:
        return False
    rest = list(fine)
    for length in coarse:
        product = 1
        while rest and product < length:
            product *= rest.pop(0)
        if product != length:
            return False
    return not rest


def cut_layouts(left: Shape, right: Shape) -> Iterator[Layout]:
    """Give every layout of two vectors or matrices, one of which has one class more."""
    a, b = squeezed(left), squeezed(right)
    if len(a) != len(b) or not (len(a) == 1 or (len(a) == 2 and set(a) & set(b))):
        return
    for axes in itertools.permutations(range(len(a))):
        gaps = [b[axis] - length for axis, length in zip(axes, a, strict=True)]
        if sorted(abs(gap) for gap in gaps) == [0] * (len(a) - 1) + [1]:
            cut = next(axis for axis, gap in enumerate(gaps) if gap)
            yield Layout(axes, cut, cut_first=True)
            yield Layout(axes, cut, cut_first=False)


def layouts(left: Shape, right: Shape) -> Iterator[Layout]:
    """Give every layout of two tensors of the same size, or with one class more on a side."""
    if math.prod(left) == math.prod(right):
        return same_size_layouts(left, right)
    return cut_layouts(left, right)


def largest_difference(a: Array, b: Array) -> float:
    """Give max |a - b|; 0 where both are not finite in the same places, else infinity for those."""
    if not a.size:
        return 0.0
    with np.errstate(invalid="ignore", over="ignore"):
        largest = float(np.max(np.abs(a - b)))
    if np.isfinite(largest):
        return largest
    if np.array_equal(a, b, equal_nan=True):
        return 0.0
    return float("inf")


def largest_value(*arrays: Array) -> float:
    """Give the largest finite absolute value."""
    highest = 0.0
    for array in arrays:
        if not array.size:
            continue
        reach = max(abs(float(array.min())), abs(float(array.max())))
        if not np.isfinite(reach):
            finite = array[np.isfinite(array)]
            reach = float(np.abs(finite).max()) if finite.size else 0.0
        highest = max(highest, reach)
    return highest


def slab(a: Array, b: Array) -> tuple[Array, Array]:
    """Give the first few rows of two tensors of one shape: enough to tell most of them apart."""
    rows = max(1, SLAB // max(1, a[:1].size)) if a.ndim else 1
    return np.atleast_1d(a)[:rows], np.atleast_1d(b)[:rows]


def equal_layout(
    left: Array, right: Array, noise: float, options: Iterator[Layout]
) -> Layout | None:
    """Give the first of some layouts in which two tensors agree within `noise`, or None.

    Parameters
    ----------
    noise
        Largest |Δ| that counts as equal, in units of the largest absolute value.
    options
        Layouts that fit the shapes.
    """
    allowed: float | None = None
    for layout in options:
        if allowed is None:
            allowed = noise * largest_value(left, right)
        a, b = layout.align(left, right)
        if largest_difference(*slab(a, b)) <= allowed and largest_difference(a, b) <= allowed:
            return layout
    return None


def closest_layout(left: Array, right: Array) -> Layout | None:
    """Give the layout in which two unequal tensors are nearest by mean |Δ|; None if none fits."""
    best: tuple[float, Layout] | None = None
    for layout in layouts(left.shape, right.shape):
        a, b = slab(*layout.align(left, right))
        with np.errstate(invalid="ignore", over="ignore"):
            gap = float(np.nan_to_num(np.mean(np.abs(a - b)), nan=np.inf))
        if best is None or gap < best[0]:
            best = (gap, layout)
    return None if best is None else best[1]
