"""The rows of the side-by-side bar plots: the same classes on the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core import metrics

if TYPE_CHECKING:
    from inspector.core.comparison import Comparison
    from inspector.core.labels import Labels

DEFAULT_TOP = 5
"""Classes per side that are shown where nobody chose a number."""

MAX_TOP = 20
"""Most classes per side that are ever shown."""


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
    """

    index: int
    label: str
    left: float
    right: float
    left_rank: int
    right_rank: int

    @property
    def rank_change(self) -> int:
        """Places gained from left to right; positive where right ranks it higher."""
        return self.left_rank - self.right_rank


def top_rows(comparison: Comparison, labels: Labels, k: int) -> tuple[TopRow, ...]:
    """Give the classes among the first `k` of either side, by their larger probability.

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
        k to 2·k rows, the largest probability first.
    """
    k = max(1, min(k, MAX_TOP, comparison.classes))
    union = np.union1d(
        metrics.top_indices(comparison.left, k), metrics.top_indices(comparison.right, k)
    )
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
    )
