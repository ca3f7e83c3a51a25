"""Orders of classes, and steps through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from inspector.core.histogram import Histogram


def largest_differences(difference: NDArray[np.float64], count: int) -> tuple[int, ...]:
    """Give the classes with the largest absolute differences, the largest first.

    Not finite differences are left out; equal ones stand in the order of their index.
    """
    finite = np.flatnonzero(np.isfinite(difference))
    order = np.argsort(-np.abs(difference[finite]), kind="stable")[:count]
    return tuple(finite[order].tolist())


def step_through(order: Sequence[int], current: int | None, step: int) -> int | None:
    """Give the class `step` places after `current`, stopping at both ends.

    Where `current` is not in `order`, a step forward begins at the first class and a step back at
    the last; None where there are no classes.
    """
    if not order:
        return None
    if current is None or current not in order:
        return order[0] if step > 0 else order[-1]
    place = order.index(current) + step
    return order[max(0, min(place, len(order) - 1))]


def bin_of(histogram: Histogram, index: int) -> int | None:
    """Give the number of the bin that holds class `index`, or None."""
    for number, members in enumerate(histogram.members):
        if index in members:
            return number
    return None


def bin_at(histogram: Histogram, value: float) -> int | None:
    """Give the number of the bin that a place on the axis belongs to, or None outside."""
    edges = histogram.edges
    if not edges[0] <= value <= edges[-1]:
        return None
    return min(int(np.searchsorted(edges, value, side="right")) - 1, edges.size - 2)
