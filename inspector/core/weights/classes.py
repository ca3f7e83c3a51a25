"""Classifiers that hold the same classes in another order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.weights.layout import largest_difference, largest_value, layouts
from inspector.core.weights.match import NOISE, Match, may_be_equal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from inspector.core.weights.layout import Layout
    from inspector.core.weights.match import Board
    from inspector.core.weights.tensors import Item

    Array = NDArray[np.floating]

_ROWS = 64
"""Rows by which columns are told apart, before all are compared."""


@dataclass(frozen=True, eq=False, slots=True)
class ClassOrder:
    """The same classes in another order.

    Attributes
    ----------
    matches
        Kernel and, where there is one, bias.
    order
        For each class of the left kernel, its column in the right one, surplus classes left out
        as the matches' layouts say.
    """

    matches: tuple[Match, ...]
    order: NDArray[np.intp]


def match_classes(board: Board) -> ClassOrder | None:
    """Find one kernel whose columns are the other's in another order, and its bias."""
    for left in _kernels(board.left):
        for right in _kernels(board.right):
            if left.key == right.key and not may_be_equal(left, right):
                continue
            for layout in layouts(left.values.shape, right.values.shape):
                order = _column_order(*layout.align(left.values, right.values))
                if order is None:
                    continue
                kernel = Match(left, right, layout)
                bias = _bias(board, layout, order)
                matches = (kernel,) if bias is None else (kernel, bias)
                return ClassOrder(tuple(board.take(matches)), order)
    return None


def _kernels(items: list[Item]) -> Iterator[Item]:
    for item in items:
        if not item.is_norm and sum(length > 1 for length in item.values.shape) == 2:
            yield item


def _column_order(a: Array, b: Array) -> NDArray[np.intp] | None:
    """Give `order` with ``a == b[:, order]``, or None.

    Columns are sorted by their projection onto one random direction; the order found is then held
    against the values themselves.
    """
    if a.ndim != 2 or a.shape[1] < 2:
        return None
    few = [np.asarray(array[:_ROWS], np.float64) for array in (a, b)]
    direction = np.random.default_rng(0).standard_normal(len(few[0]))
    x, y = (direction @ rows for rows in few)
    order = np.empty(len(x), np.intp)
    order[np.argsort(x, kind="stable")] = np.argsort(y, kind="stable")
    allowed = NOISE * largest_value(a, b)
    if largest_difference(a[:_ROWS], b[:_ROWS, order]) > allowed:
        return None
    return order if largest_difference(a, b[:, order]) <= allowed else None


def _bias(board: Board, layout: Layout, order: NDArray[np.intp]) -> Match | None:
    for left in board.left:
        for right in board.right:
            if left.is_norm or right.is_norm:
                continue
            for option in layouts(left.values.shape, right.values.shape):
                same_cut = option.cut is None or option.cut_first == layout.cut_first
                a, b = option.align(left.values, right.values)
                if not same_cut or a.shape != order.shape:
                    continue
                if largest_difference(a, b[order]) <= NOISE * largest_value(a, b):
                    return Match(left, right, option)
    return None
