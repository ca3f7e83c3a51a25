"""Batch norms folded, wholly or in part, into their neighbours: compared by what they compute.

A convolution, its bias and its batch norm compute ``conv(x, kernel) * scale + shift`` with
``scale = gamma / sqrt(variance + epsilon)`` and ``shift = beta + (bias - mean) * scale``. However
two releases divide this among their variables, ``kernel * scale`` and ``shift`` must agree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.pairs import Side
from inspector.core.weights.affine import (
    TOLERANCE,
    Fold,
    Part,
    agree,
    agreement,
    terms,
)
from inspector.core.weights.grid import rounded_sides, rounded_within
from inspector.core.weights.layout import largest_difference, largest_value, same_size_layouts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from inspector.core.weights.layout import Layout
    from inspector.core.weights.match import Board
    from inspector.core.weights.tensors import Item

    Vector = NDArray[np.float64]

_FEW = 4
"""Channels that are looked at before all are."""

_NEAR = 0.05
"""The tolerance at which two layers count as the same one, altered."""

COMMON_EPSILONS = (1e-3, 1e-5, 1.001e-5, 1e-4, 1e-6)
"""Keras and slim; PyTorch and many others; ResNet in Keras; and what else is in use."""


@dataclass(frozen=True, eq=False, slots=True)
class _Kernels:
    """Two kernels whose channels are multiples of each other; float64 (channels, taps)."""

    left: Item
    right: Item
    layout: Layout
    axis: int
    a: Vector
    b: Vector

    @property
    def steps(self) -> tuple[Vector, Vector]:
        """How far apart neighbours are that each side can hold, as `a` and `b` are."""
        both = self.layout.align(self.left.weight.known_steps, self.right.weight.known_steps)
        x, y = (_by_channel(np.moveaxis(each, self.axis, 0)) for each in both)
        return x, y


@dataclass(frozen=True, slots=True)
class _Search:
    """How to look: with which tolerance, and whether to believe the declared epsilons."""

    tolerance: float = TOLERANCE
    declared: bool = True


def match_folds(board: Board) -> list[Fold]:
    """Find layers that compute the same with their batch norms folded differently.

    The epsilons that the releases declare are tried first, then those in common use. At the end,
    layers that compute nearly the same are found, so that what differs can be named.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        return _all_folds(board)


def _all_folds(board: Board) -> list[Fold]:
    folds = []
    strict, other_epsilon, near = _Search(), _Search(declared=False), _Search(_NEAR)
    for searches in ((strict, other_epsilon), (near,)):
        for search in searches:
            folds += [_take(board, fold) for fold in _folds_of_kernels(board, search)]
        for search in searches:
            while (found := _fold_without_kernels(board, search)) is not None:
                folds.append(_take(board, found))
    return folds


def _folds_of_kernels(board: Board, search: _Search) -> Iterator[Fold]:
    for left in _kernels(board.left):
        if not any(item.is_norm for item in (*board.left, *board.right)):
            return
        rights = [right for right in _kernels(board.right) if right.values.size == left.values.size]
        for right in sorted(rights, key=lambda right: board.distance(left, right)):
            fold = _fold_of_kernels(board, left, right, search)
            if fold is not None:
                yield fold
                break


def _take(board: Board, fold: Fold) -> Fold:
    board.remove(fold.left.items, fold.right.items)
    return fold


def _kernels(items: list[Item]) -> list[Item]:
    return [
        item
        for item in items
        if not item.is_norm and sum(length > 1 for length in item.values.shape) > 1
    ]


def _fold_of_kernels(board: Board, left: Item, right: Item, search: _Search) -> Fold | None:
    for layout in same_size_layouts(left.values.shape, right.values.shape):
        for axis in (-1, 0):
            kernels = _proportional(left, right, layout, axis, search.tolerance)
            fold = None if kernels is None else _explained(board, kernels, search)
            if fold is not None:
                return fold
    return None


def _proportional(
    left: Item, right: Item, layout: Layout, axis: int, tolerance: float
) -> _Kernels | None:
    """Give both kernels by channel where each channel is a multiple of the other side's."""
    a, b = layout.align(left.values, right.values)
    a, b = np.moveaxis(a, axis, 0), np.moveaxis(b, axis, 0)
    if not _parallel(_by_channel(a[:_FEW]), _by_channel(b[:_FEW]), tolerance):
        return None
    x, y = _by_channel(a), _by_channel(b)
    return _Kernels(left, right, layout, axis, x, y) if _parallel(x, y, tolerance) else None


def _by_channel(array: NDArray[np.floating]) -> Vector:
    return np.asarray(array, np.float64).reshape(len(array), -1)


def _parallel(a: Vector, b: Vector, tolerance: float) -> bool:
    """Tell whether each row of `b` is a multiple of the row of `a`, where neither is zero."""
    ratio = _ratio(a, b)
    alive = ratio != 0
    if not alive.any():
        return True
    if not np.isfinite(ratio).all():
        return False
    allowed = 4 * tolerance * np.abs(b[alive]).max(axis=1)
    return bool((np.abs(b - a * ratio[:, None])[alive].max(axis=1) <= allowed).all())


def _ratio(a: Vector, b: Vector) -> Vector:
    """Give the factor from each row of `a` to that of `b`; 0 where one of them is zero."""
    square = np.einsum("ij,ij->i", a, a)
    product = np.einsum("ij,ij->i", a, b)
    ratio: Vector = np.divide(product, square, out=np.zeros_like(square), where=square > 0)
    return ratio


def _explained(board: Board, kernels: _Kernels, search: _Search) -> Fold | None:
    """Find the batch norms and biases that explain the channels' factors."""
    channels = len(kernels.a)
    ratio = _ratio(kernels.a, kernels.b)
    alive = ratio != 0
    lefts = list(_norms(board.left, kernels.left, channels, search))
    rights = list(_norms(board.right, kernels.right, channels, search))
    for left in lefts:
        for right in rights:
            if not _may_fold(left.norm, right.norm, search):
                continue
            gap = np.abs(left.scale - right.scale * ratio)[alive]
            if (gap > 4 * search.tolerance * np.abs(left.scale[alive])).any():
                continue
            x, y = kernels.a * left.scale[:, None], kernels.b * right.scale[:, None]
            reach = np.abs(x).max(axis=1)
            pair = _with_biases(board, left, right, search)
            if pair is not None and agree(x, y, reach, search.tolerance):
                measured = agreement(x, y, reach)
                if not measured.agrees:
                    sides = _quantised(kernels, left, right, np.abs(x - y))
                    measured = replace(measured, quantised=sides)
                return Fold(*pair, kernels.layout, measured)
    return None


def _quantised(kernels: _Kernels, left: Part, right: Part, gap: Vector) -> tuple[Side, ...]:
    """Tell which sides' kernels were rounded, where that is all by which the two differ.

    How finely a side's file stores its kernel tells more than the grid that a kernel lies on: it
    may have lain on one before.
    """
    if kernels.left.weight.is_coarse or kernels.right.weight.is_coarse:
        scales = np.abs(left.scale)[:, None], np.abs(right.scale)[:, None]
        steps = kernels.steps[0] * scales[0], kernels.steps[1] * scales[1]
        slack = TOLERANCE * np.abs(kernels.a * scales[0]).max(axis=1, keepdims=True)
        if rounded := rounded_sides(gap, steps, slack):
            return rounded
    sides = ((Side.LEFT, kernels.a, left), (Side.RIGHT, kernels.b, right))
    for side, channels, part in sides:
        scale = np.abs(part.scale)[:, None]
        own = np.divide(gap, scale, out=gap.copy(), where=scale > 0)
        if rounded_within(channels, own):
            return (side,)
    return ()


def _fold_without_kernels(board: Board, search: _Search) -> Fold | None:
    """Find batch norms that compute the same, or that compute what a bias does."""
    sizes = {item.channels for item in (*board.left, *board.right) if item.is_norm}
    for channels in sorted(sizes):
        rights = list(_norms(board.right, None, channels, search))
        for left in _norms(board.left, None, channels, search):
            for right in rights:
                if not _may_fold(left.norm, right.norm, search):
                    continue
                if not agree(left.scale, right.scale, np.abs(left.scale), search.tolerance):
                    continue
                pair = _with_biases(board, left, right, search)
                if pair is not None:
                    return Fold(*pair)
    return None


def _norms(
    items: list[Item], kernel: Item | None, channels: int, search: _Search
) -> Iterator[Part]:
    """Give every unmatched batch norm of so many channels, the nearest first, and then none."""
    norms = [item for item in items if item.is_norm and item.channels == channels]
    if kernel is not None:
        norms.sort(key=lambda norm: (norm.index < kernel.index, abs(norm.index - kernel.index)))
    for norm in norms:
        known = norm.epsilon if search.declared else None
        for epsilon in COMMON_EPSILONS if known is None else (known,):
            yield Part(kernel, norm, None, epsilon, *norm.affine(epsilon))
    yield _bare(kernel, channels)


def _may_fold(left: Item | None, right: Item | None, search: _Search) -> bool:
    """Tell whether two batch norms, or one and none, are worth comparing as a fold.

    Where one of them merely has an altered variable, that variable is to be named, and not what
    the batch norm computes in all.
    """
    if left is None or right is None:
        return left is not right
    if search.tolerance <= TOLERANCE:
        return True
    common = [role for role in left.members if role in right.members]
    alike = 0
    for role in common:
        a, b = (item.members[role].values.ravel() for item in (left, right))
        alike += largest_difference(a, b) <= search.tolerance * largest_value(a, b)
    return 2 * alike < len(common)


def _bare(kernel: Item | None, channels: int) -> Part:
    return Part(kernel, None, None, 0.0, np.ones(channels), np.zeros(channels))


def _with_biases(
    board: Board, left: Part, right: Part, search: _Search
) -> tuple[Part, Part] | None:
    """Give both parts with the biases that make their shifts agree, or None."""
    for a in _biased(board.left, left):
        for b in _biased(board.right, right):
            if agree(a.shift, b.shift, terms(a) + terms(b), search.tolerance):
                return a, b
    return None


def _biased(items: list[Item], part: Part) -> Iterator[Part]:
    yield part
    near = part.items[0].index if part.items else 0
    for item in sorted(items, key=lambda item: abs(item.index - near)):
        if not item.is_norm and item.values.size == len(part.scale) == max(item.values.shape):
            bias = item.values.astype(np.float64).ravel()
            shift = part.shift + bias * part.scale
            yield Part(part.kernel, part.norm, item, part.epsilon, part.scale, shift)
