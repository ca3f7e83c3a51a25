"""Agreement class by class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.sweep.intervals import Share, share_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.sweep.chunks import Chunk


@dataclass(frozen=True, slots=True)
class ClassAgreement:
    """One class.

    Attributes
    ----------
    index
        Shared class, from 0.
    left_count, right_count, both_count
        Pictures that left, right and both name so first.
    agreement
        Of the pictures that at least one side names so, the share that both do.
    near_ties
        Near-ties among those that only one side names so.
    labelled
        Pictures whose true class it is.
    left_right, right_right
        Of them those that left and right name so.
    """

    index: int
    left_count: int
    right_count: int
    both_count: int
    agreement: Share
    near_ties: int
    labelled: int
    left_right: int
    right_right: int


class PerClassCounter:
    """Counts by class; memory goes with the number of classes.

    Parameters
    ----------
    classes
        Number of shared classes.
    """

    def __init__(self, classes: int) -> None:
        self._classes = classes
        names = ("left", "right", "both", "near", "truth", "left_right", "right_right")
        self._counts = {name: np.zeros(classes, dtype=np.int64) for name in names}

    def add(self, chunk: Chunk) -> None:
        """Count rows."""
        left, right, truth = chunk.left_class, chunk.right_class, chunk.truth
        known = truth >= 0
        self._count("left", left)
        self._count("right", right)
        self._count("both", left[left == right])
        self._count("near", left[chunk.near_tie])
        self._count("near", right[chunk.near_tie])
        self._count("truth", truth[known])
        self._count("left_right", truth[known & (left == truth)])
        self._count("right_right", truth[known & (right == truth)])

    def result(self) -> tuple[ClassAgreement, ...]:
        """Give all classes that anything is known of, the least agreement first.

        What counts is the upper end of the interval, so that one picture alone is not the worst.
        """
        met = np.flatnonzero(
            self._counts["left"] + self._counts["right"] + self._counts["truth"]
        ).tolist()
        return tuple(sorted(map(self._class, met), key=lambda c: (c.agreement.high, c.index)))

    def _count(self, name: str, indices: NDArray[np.int64]) -> None:
        fitting = indices[(indices >= 0) & (indices < self._classes)]
        self._counts[name] += np.bincount(fitting, minlength=self._classes)

    def _class(self, index: int) -> ClassAgreement:
        count = {name: int(values[index]) for name, values in self._counts.items()}
        either = count["left"] + count["right"] - count["both"]
        return ClassAgreement(
            index=index,
            left_count=count["left"],
            right_count=count["right"],
            both_count=count["both"],
            agreement=share_of(count["both"], either),
            near_ties=count["near"],
            labelled=count["truth"],
            left_right=count["left_right"],
            right_right=count["right_right"],
        )
