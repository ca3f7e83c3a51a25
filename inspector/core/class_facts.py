"""What is known of one class in one result, and why a result cannot be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.comparison import first_near_ties
from inspector.core.top import row_of

if TYPE_CHECKING:
    from inspector.core.comparison import Comparison
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
        Logits as the releases give them, and left minus right.
    centred_logit_difference
        The same of the logits less each side's mean, since softmax knows no common shift.
    left_rank, right_rank
        Places, 1 for the largest; None where the class shares the side's least value with others,
        so that its place means nothing.
    near_tie
        Whether one of the first places is decided by no more than float noise; see
        :func:`inspector.core.comparison.first_near_ties`.
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
    centred_logit_difference: float
    left_rank: int | None
    right_rank: int | None
    near_tie: bool


def class_facts(result: Result, index: int) -> ClassFacts:
    """Gather what a result says of class `index` (from 0)."""
    comparison = result.comparison
    row = row_of(comparison, result.labels, index)
    return ClassFacts(
        index=index,
        label=result.labels.name(index),
        wordnet_id=result.labels.wordnet_id(index),
        left=float(comparison.left[index]),
        right=float(comparison.right[index]),
        difference=float(comparison.difference[index]),
        left_logit=float(comparison.left_logits[index]),
        right_logit=float(comparison.right_logits[index]),
        logit_difference=_plain_difference(comparison, index),
        centred_logit_difference=float(comparison.logit_difference[index]),
        left_rank=None if row.left_tied else row.left_rank,
        right_rank=None if row.right_tied else row.right_rank,
        near_tie=bool(first_near_ties(comparison)[index]),
    )


def _plain_difference(comparison: Comparison, index: int) -> float:
    with np.errstate(invalid="ignore"):  # two infinite logits have no difference
        return float(comparison.left_logits[index] - comparison.right_logits[index])


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
