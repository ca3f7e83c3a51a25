"""The rows of the side-by-side bar plots: the same classes on the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core import metrics

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.comparison import Comparison
    from inspector.core.labels import Labels

DEFAULT_TOP = 5
"""Classes per side that are shown where nobody chose a number."""

MAX_TOP = 20
"""Most classes per side that are ever shown."""


TIED = "tied"
"""What stands in place of a rank that means nothing."""


@dataclass(frozen=True, slots=True)
class TopRow:
    """One class in the bar plots.

    Attributes
    ----------
    index
        Shared class, from 0.
    label
        Its name.
    left, right
        Probabilities.
    left_rank, right_rank
        Places, 1 for the largest.
    left_tied, right_tied
        Whether the class shares the side's least value with others, as most classes of a quantised
        output do: its place among them means nothing.
    """

    index: int
    label: str
    left: float
    right: float
    left_rank: int
    right_rank: int
    left_tied: bool = False
    right_tied: bool = False

    @property
    def rank_change(self) -> int:
        """Places gained from left to right; positive where right ranks it higher."""
        return self.left_rank - self.right_rank


def rank_text(row: TopRow) -> str:
    """Write a class's places, such as ``3 → 2``, or ``3`` where both are the same.

    Where it shares a side's least value with others it has no place there: ``2 → tied``.
    """
    left = TIED if row.left_tied else str(row.left_rank)
    right = TIED if row.right_tied else str(row.right_rank)
    return left if left == right else f"{left} → {right}"


def top_rows(comparison: Comparison, labels: Labels, k: int) -> tuple[TopRow, ...]:
    """Give the classes among the first `k` of either side, by their larger probability.

    Classes that share a side's least value with others are none of its first.

    Parameters
    ----------
    comparison
        The two sides.
    labels
        Names of the classes.
    k
        1 to `MAX_TOP`.

    Returns
    -------
    tuple[TopRow, ...]
        1 to 2·k rows, the largest probability first.
    """
    k = max(1, min(k, MAX_TOP, comparison.classes))
    tops = [metrics.top_indices(row, k) for row in (comparison.left, comparison.right)]
    standing = [
        top[~at_floor(row)[top]]
        for top, row in zip(tops, (comparison.left, comparison.right), strict=True)
    ]
    union = np.union1d(*standing)
    if not union.size:
        union = np.union1d(*tops)
    larger = np.maximum(comparison.left[union], comparison.right[union])
    ordered = union[np.argsort(-larger, kind="stable")]
    return tuple(row_of(comparison, labels, int(index)) for index in ordered)


def row_of(comparison: Comparison, labels: Labels, index: int) -> TopRow:
    """Give the row of one class."""
    return TopRow(
        index=index,
        label=labels.name(index),
        left=float(comparison.left[index]),
        right=float(comparison.right[index]),
        left_rank=int(comparison.left_ranks[index]),
        right_rank=int(comparison.right_ranks[index]),
        left_tied=bool(at_floor(comparison.left)[index]),
        right_tied=bool(at_floor(comparison.right)[index]),
    )


def at_floor(row: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Mark the classes that share a row's least value; none where only one has it.

    Returns
    -------
    NDArray[np.bool_]
        bool (classes,).
    """
    least = row == row.min()
    return least if np.count_nonzero(least) > 1 else np.zeros_like(least)
