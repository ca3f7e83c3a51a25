"""Distances between features in words and digits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.core.numbers import MINUS

if TYPE_CHECKING:
    from inspector.core.features.comparison import FeatureComparison

NONE = "none"


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number of a comparison: what it is called, its value in digits, and how to read it."""

    name: str
    value: str
    tip: str


def number_rows(comparison: FeatureComparison) -> tuple[NumberRow, ...]:
    """Give the numbers of a comparison in the order in which panel, figure and report list them."""
    both = f"{comparison.left_zeros} · {comparison.right_zeros}"
    return (
        NumberRow("Cosine", cosine_text(comparison.cosine), "1 where both rows point the same way"),
        NumberRow(
            "Relative L2",
            number_text(comparison.relative_l2),
            "‖left − right‖ over the mean of both lengths: 0 where the rows are equal",
        ),
        NumberRow("Largest |Δ|", number_text(comparison.max_abs_difference), "Over the dimensions"),
        NumberRow("Mean |Δ|", number_text(comparison.mean_abs_difference), "Over the dimensions"),
        NumberRow(
            "Correlation", cosine_text(comparison.correlation), "Pearson's, across the dimensions"
        ),
        NumberRow(
            "Best factor",
            number_text(comparison.factor),
            "The one number that brings the right row nearest to the left one, by least squares",
        ),
        NumberRow(
            "L2 with it",
            number_text(comparison.factor_rest),
            "Relative L2 that is left when the right row is multiplied by the best factor",
        ),
        NumberRow(
            "Lengths",
            f"{number_text(comparison.left_norm)} · {number_text(comparison.right_norm)}",
            "Euclidean lengths of the left and the right row",
        ),
        NumberRow("Zeros", both, "Dimensions that are exactly 0 on the left and on the right"),
        NumberRow(
            "Noise floor",
            number_text(comparison.noise_floor),
            "Largest relative L2 of a model from itself",
        ),
    )


def cosine_text(value: float | None) -> str:
    """Write a similarity with six decimals; 1 and −1 are written only where nothing is missing."""
    if value is None or not math.isfinite(value):
        return NONE
    if abs(value) == 1.0:
        return f"{value:.0f}".replace("-", MINUS)
    if 1.0 - abs(value) < 5e-7:
        sign = MINUS if value < 0 else ""
        return f"{sign}0.999999…"
    return f"{value:.6f}".replace("-", MINUS)


def number_text(value: float | None) -> str:
    """Write a number with four digits."""
    if value is None:
        return NONE
    if not math.isfinite(value):
        return "not finite"
    return f"{value:.4g}".replace("-", MINUS)


def apart_text(comparison: FeatureComparison) -> str:
    """Say how far both sides are apart, as a part of a sentence."""
    return (
        f"the cosine is {cosine_text(comparison.cosine)}, and the {comparison.dimensions} features "
        f"are {comparison.relative_l2:.3g} apart (relative L2)"
    )


def count_text(count: int) -> str:
    """Write ``1 dimension`` or ``N dimensions``."""
    return "1 dimension" if count == 1 else f"{count} dimensions"


def shared_limits(comparison: FeatureComparison) -> tuple[float, float]:
    """Give the range of both axes of a scatter plot, with a little room; all is finite."""
    low = float(min(comparison.left.min(), comparison.right.min()))
    high = float(max(comparison.left.max(), comparison.right.max()))
    room = max((high - low) * 0.04, 1e-6)
    return low - room, high + room


def agreement_note(comparison: FeatureComparison) -> str:
    """Say what a scatter plot of the dimensions cannot show."""
    if not comparison.shared_zeros:
        return ""
    verb = "is" if comparison.shared_zeros == 1 else "are"
    return f"{count_text(comparison.shared_zeros)} {verb} exactly 0 on both sides: one point."
