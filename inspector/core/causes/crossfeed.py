"""Cross-feed: input of left and right through model left and right, as a 2×2 table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.causes.attribution import largest_difference
from inspector.core.pairs import Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from inspector.core.causes.attribution import Distance


@dataclass(frozen=True, slots=True)
class Cell:
    """One input through one model.

    Attributes
    ----------
    input, model
        Whose input, and whose model.
    top1, probability
        First class and its probability.
    distances
        Largest |Δp| from each cell, keyed ``"INPUT/MODEL"``.
    """

    input: Side
    model: Side
    top1: int
    probability: float
    distances: Mapping[str, float]

    @property
    def key(self) -> str:
        """Name of the cell, ``INPUT/MODEL``."""
        return f"{self.input}/{self.model}"


@dataclass(frozen=True, slots=True)
class CrossFeed:
    """The table, and what it says.

    Attributes
    ----------
    cells
        left/left, left/right, right/left, right/right (input/model).
    by_input
        Largest |Δp| that exchanging the input causes, over both models.
    by_model
        Largest |Δp| that exchanging the model causes, over both inputs.
    """

    cells: tuple[Cell, ...]
    by_input: float
    by_model: float


def cross_feed(
    rows: Mapping[tuple[Side, Side], NDArray[np.float64]],
    distance: Distance = largest_difference,
) -> CrossFeed:
    """Make the table from four rows of probabilities, keyed (input, model).

    Another `distance` than the largest |Δp| takes its place everywhere.
    """
    keys = [(given, model) for given in Side for model in Side]

    def apart(a: tuple[Side, Side], b: tuple[Side, Side]) -> float:
        return distance(rows[a], rows[b])

    cells = tuple(
        Cell(
            input=given,
            model=model,
            top1=int(np.argmax(rows[given, model])),
            probability=float(np.max(rows[given, model])),
            distances={f"{other[0]}/{other[1]}": apart((given, model), other) for other in keys},
        )
        for given, model in keys
    )
    return CrossFeed(
        cells=cells,
        by_input=max(apart((Side.LEFT, model), (Side.RIGHT, model)) for model in Side),
        by_model=max(apart((given, Side.LEFT), (given, Side.RIGHT)) for given in Side),
    )
