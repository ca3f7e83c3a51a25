"""What is known of one class in one result, and why a result cannot be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from inspector.core.features.kinds import AnyResult
    from inspector.core.result import Result


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """One class on both sides.

    Attributes
    ----------
    index
        Shared class, from 0.
    label, wordnet_id
        Its name, and its WordNet id where there is one.
    left, right, difference
        Probabilities (or what is taken for them), and left minus right.
    left_logit, right_logit, logit_difference
        Logits as the releases give them, and the difference of the centred ones.
    left_rank, right_rank
        Places, 1 for the largest.
    near_tie
        Whether its place is decided by no more than the two sides differ.
    """

    index: int
    label: str
    wordnet_id: str | None
    left: float
    right: float
    difference: float
    left_logit: float
    right_logit: float
    logit_difference: float
    left_rank: int
    right_rank: int
    near_tie: bool


def class_facts(result: Result, index: int) -> ClassFacts:
    """Gather what a result says of class `index` (from 0)."""
    comparison = result.comparison
    return ClassFacts(
        index=index,
        label=result.labels.name(index),
        wordnet_id=result.labels.wordnet_id(index),
        left=float(comparison.left[index]),
        right=float(comparison.right[index]),
        difference=float(comparison.difference[index]),
        left_logit=float(comparison.left_logits[index]),
        right_logit=float(comparison.right_logits[index]),
        logit_difference=float(comparison.logit_difference[index]),
        left_rank=int(comparison.left_ranks[index]),
        right_rank=int(comparison.right_ranks[index]),
        near_tie=bool(comparison.near_ties[index]),
    )


def why_not_drawn(result: AnyResult) -> str:
    """Give a sentence that says why there is nothing to draw, or an empty text."""
    comparison = result.comparison
    broken = [
        name
        for name, row in (("left", comparison.left), ("right", comparison.right))
        if not np.isfinite(row).all()
    ]
    if not broken:
        return ""
    if len(broken) == 2:
        return "Both sides give numbers that are not finite, so there is nothing to draw."
    return f"The {broken[0]} side gives numbers that are not finite, so there is nothing to draw."
