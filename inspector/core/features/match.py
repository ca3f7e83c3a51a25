"""Whether both sides number the same features alike, found from their outputs on many pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_FEATURE = 0.999
"""Two dimensions follow each other where they correlate by at least this over the pictures."""

LEAST_PICTURES = 12
"""With fewer pictures chance alone finds partners among a thousand dimensions."""

DEAD_SPREAD = 1e-12
"""A dimension whose values spread by no more over the pictures says nothing."""


@dataclass(frozen=True, eq=False, slots=True)
class DimensionMatch:
    """How the dimensions of both sides correspond.

    Attributes
    ----------
    pictures
        How many probe pictures both models were given, the same pixels each.
    order
        int64 (dimensions,): for each left dimension the right one that follows it best, or -1
        where the left one is dead or none follows it.
    in_place
        How many dimensions follow their own counterpart.
    moved
        How many do not, but follow another dimension that follows them in turn.
    live
        How many dimensions vary on both sides, at their own place.
    left_dead, right_dead
        How many dimensions have the same value for every picture.
    middle_correlation
        Median correlation of the dimensions with their own counterpart; None where none is live.
    """

    pictures: int
    order: NDArray[np.int64]
    in_place: int
    moved: int
    live: int
    left_dead: int
    right_dead: int
    middle_correlation: float | None

    @property
    def left_live(self) -> int:
        """How many left dimensions vary."""
        return int(self.order.size) - self.left_dead

    @property
    def reordered(self) -> bool:
        """Whether most features are there on both sides, in another order."""
        return self.moved > self.in_place and 2 * self.moved >= self.left_live


def match_dimensions(
    left: NDArray[np.float64], right: NDArray[np.float64]
) -> DimensionMatch | None:
    """Correlate every left dimension with every right one.

    Parameters
    ----------
    left, right
        Features, float64 (pictures, dimensions), of the same pictures.

    Returns
    -------
    DimensionMatch | None
        None where a number is not finite or the pictures are fewer than `LEAST_PICTURES`.
    """
    pictures = left.shape[0]
    if pictures < LEAST_PICTURES or not (np.isfinite(left).all() and np.isfinite(right).all()):
        return None
    a, b = _standardised(left), _standardised(right)
    table = (a.T @ b) / pictures
    own = np.diagonal(table)
    live_left, live_right = a.any(axis=0), b.any(axis=0)
    best, back = np.argmax(table, axis=1), np.argmax(table, axis=0)
    follows = table[np.arange(best.size), best] >= SAME_FEATURE
    in_place = (own >= SAME_FEATURE) & live_left & live_right
    mutual = back[best] == np.arange(best.size)
    moved = live_left & ~in_place & follows & mutual
    order = np.where(in_place, np.arange(best.size), np.where(moved, best, -1))
    live = live_left & live_right
    return DimensionMatch(
        pictures=pictures,
        order=order.astype(np.int64),
        in_place=int(np.count_nonzero(in_place)),
        moved=int(np.count_nonzero(moved)),
        live=int(np.count_nonzero(live)),
        left_dead=int(np.count_nonzero(~live_left)),
        right_dead=int(np.count_nonzero(~live_right)),
        middle_correlation=float(np.median(own[live])) if live.any() else None,
    )


def _standardised(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each dimension mean 0 and spread 1 over the pictures; a dead one becomes all 0."""
    centred = rows - rows.mean(axis=0, keepdims=True)
    spread = centred.std(axis=0, keepdims=True)
    scale = np.maximum(np.abs(rows).max(axis=0, keepdims=True), 1.0)
    alive = spread > DEAD_SPREAD * scale
    return np.where(alive, centred / np.where(alive, spread, 1.0), 0.0)
