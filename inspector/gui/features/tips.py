"""Tooltips about a dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.numbers import difference_text, exact_text

if TYPE_CHECKING:
    from inspector.core.features.result import FeatureResult


def dimension_rows(result: FeatureResult, index: int) -> tuple[tuple[str, str], ...]:
    """Write what a result says of one dimension as names and values."""
    comparison = result.comparison
    rows = [
        ("Dimension", str(index)),
        ("Left", exact_text(float(comparison.left[index]))),
        ("Right", exact_text(float(comparison.right[index]))),
        ("Difference", exact_text(float(comparison.difference[index]))),
        ("Place", f"{comparison.ranks[index]} of {comparison.dimensions} by |Δ|"),
    ]
    match = result.match
    if match is not None and match.order[index] not in (-1, index):
        rows.append(("Follows", f"right dimension {match.order[index]}"))
    return tuple(rows)


def dimension_tip(result: FeatureResult, index: int) -> str:
    """Give the tooltip of a dimension, as rich text: both numbers, difference, place."""
    comparison = result.comparison
    lines = [
        f"<b>dimension {index}</b>",
        f"left {exact_text(float(comparison.left[index]))}",
        f"right {exact_text(float(comparison.right[index]))}",
        f"difference {difference_text(float(comparison.difference[index]))}",
        f"{comparison.ranks[index]} of {comparison.dimensions} by size of the difference",
    ]
    match = result.match
    if match is not None and match.order[index] not in (-1, index):
        lines.append(f"follows dimension {match.order[index]} of the right side")
    return "<br>".join(lines)
