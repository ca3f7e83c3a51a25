"""The one sentence that says whether the two agree, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from inspector.core.facts import Facts


class VerdictCode(StrEnum):
    """What a comparison comes to."""

    IDENTICAL = "identical"
    FLOAT_NOISE = "float_noise"
    OUTPUT_CONVENTION = "output_convention"
    LABEL_SHIFT = "label_shift"
    PREPROCESSING = "preprocessing"
    DIFFERENT_GRAPH = "different_graph"
    DIFFERENT_WEIGHTS = "different_weights"
    DIFFERENT_MODELS = "different_models"


AGREEMENT = frozenset({VerdictCode.IDENTICAL, VerdictCode.FLOAT_NOISE})
"""The codes that mean: these two agree."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A code for scripts and a text in plain words for people."""

    code: VerdictCode
    text: str

    @property
    def agrees(self) -> bool:
        """Tell whether the two sides agree."""
        return self.code in AGREEMENT


def judge(facts: Facts) -> Verdict:
    """Say what a comparison comes to.

    The order matters: what the user switched in the outputs explains more than pixels do, and
    pixels are blamed only for what the same pixels would not show.
    """
    comparison = facts.comparison
    first = first_classes(facts)
    if not np.isfinite(comparison.max_abs_difference):
        return Verdict(
            VerdictCode.DIFFERENT_MODELS,
            "At least one side gives numbers that are not finite, so nothing can be compared.",
        )
    if comparison.max_abs_difference == 0.0:
        return Verdict(VerdictCode.IDENTICAL, f"{first} Every number is the same.")
    switched = _switched(facts, first)
    if switched is not None:
        return switched
    size = f"the largest difference of probability is {comparison.max_abs_difference:.3g}"
    if comparison.max_abs_difference <= facts.check.tolerance:
        return Verdict(
            VerdictCode.FLOAT_NOISE,
            f"{first} They agree: {size}, which is float noise.",
        )
    return _cause(facts, first, size)


def first_classes(facts: Facts) -> str:
    """Say which class each side names first."""
    comparison = facts.comparison
    left, right = comparison.left_top, comparison.right_top
    p, q = comparison.left[left], comparison.right[right]
    if left == right:
        return f"Both name {facts.labels.name(left)} first ({_share(p)} and {_share(q)})."
    return (
        f"Left names {facts.labels.name(left)} first ({_share(p)}), "
        f"right {facts.labels.name(right)} ({_share(q)})."
    )


def _share(value: float) -> str:
    """Write a probability as a percentage, or the bare number where it is none."""
    return f"{100 * value:.1f} %" if 0 <= value <= 1 else f"{value:.4g}"


def _switched(facts: Facts, first: str) -> Verdict | None:
    for name, side in facts.sides:
        scores = side.scores
        if side.release.background and not scores.dropped_background:
            return Verdict(
                VerdictCode.LABEL_SHIFT,
                f"{first} The {name} side keeps its background class at index 0, so every class "
                "stands one place further than on the other side.",
            )
    for name, side in facts.sides:
        if not side.scores.as_declared:
            what = (
                "a softmax on what are probabilities already"
                if side.scores.applied_softmax
                else "its logits read as if they were probabilities"
            )
            return Verdict(VerdictCode.OUTPUT_CONVENTION, f"{first} The {name} side has {what}.")
    return None


def _cause(facts: Facts, first: str, size: str) -> Verdict:
    gap = facts.input_gap()
    same_function = facts.check.same_function
    if gap is not None and gap.same:
        return Verdict(
            VerdictCode.DIFFERENT_WEIGHTS,
            f"{first} They differ: {size}, although both received the very same pixels; "
            "so the weights or the graph differ.",
        )
    if same_function:
        received = (
            f"the two models received different pixels ({gap.mean:.1f} levels of 255 apart on "
            "average)"
            if gap
            else "the two models received inputs of different sizes"
        )
        return Verdict(
            VerdictCode.PREPROCESSING,
            f"{first} They differ: {size}. The preprocessing causes it: {received}, and given the "
            f"same pixels the two agree within {facts.check.model_gap:.1g}.",
        )
    return Verdict(
        VerdictCode.DIFFERENT_MODELS,
        f"{first} They differ: {size}. The two also differ on the very same pixels"
        + (f" (by {facts.check.model_gap:.2g})" if facts.check.model_gap is not None else "")
        + ", so these are not the same weights.",
    )
