"""The points of the agreement scatter: left against right, one per class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.numbers import reads_as_probabilities

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.comparison import Comparison

DISPLAY_FLOOR = 1e-12
"""Smaller probabilities are drawn here."""

MARGIN = 0.04
"""Free part of an axis beyond the outermost points."""


@dataclass(frozen=True, eq=False, slots=True)
class AgreementPoints:
    """Left and right in the coordinates of the axes.

    Attributes
    ----------
    x, y
        float64 (classes,), left and right; log10 where `logarithmic`.
    logarithmic
        Whether both axes are logarithmic. They are where both sides give probabilities.
    limits
        Lowest and highest place of both axes.
    note
        A sentence on what is drawn otherwise than one would expect; may be empty.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    logarithmic: bool
    limits: tuple[float, float]
    note: str


def agreement_points(comparison: Comparison) -> AgreementPoints:
    """Place every class; both rows are finite."""
    strange = [
        name
        for name, row in (("left", comparison.left), ("right", comparison.right))
        if not reads_as_probabilities(row)
    ]
    if strange:
        x, y = comparison.left, comparison.right
        note = _linear_note(strange)
    else:
        x, y = _log(comparison.left), _log(comparison.right)
        note = _floor_note(comparison)
    low = float(min(x.min(), y.min()))
    high = float(max(x.max(), y.max()))
    room = max((high - low) * MARGIN, 1e-6)
    return AgreementPoints(x, y, not strange, (low - room, high + room), note)


def _log(row: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.log10(np.maximum(row, DISPLAY_FLOOR)))


def _linear_note(strange: list[str]) -> str:
    if len(strange) == 2:
        return "Neither side gives probabilities, so both axes are linear."
    return f"The {strange[0]} side does not give probabilities, so both axes are linear."


def _floor_note(comparison: Comparison) -> str:
    below = int(np.sum(np.minimum(comparison.left, comparison.right) < DISPLAY_FLOOR))
    if not below:
        return ""
    what = "1 class is" if below == 1 else f"{below} classes are"
    return f"{what} below 1e-12 and drawn there."
