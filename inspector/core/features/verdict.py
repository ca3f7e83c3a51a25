"""The few sentences that say whether two rows of features agree, and if not, why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.features.wording import apart_text, count_text
from inspector.core.verdict import (
    Verdict,
    VerdictCode,
    received,
    restless_text,
    upper_first,
    within,
)
from inspector.core.weights.audit import AuditCode

if TYPE_CHECKING:
    from inspector.core.features.facts import FeatureFacts
    from inspector.core.features.match import DimensionMatch

_OF_AUDIT = {
    AuditCode.SAME: VerdictCode.DIFFERENT_GRAPH,
    AuditCode.OTHER_EPSILON: VerdictCode.DIFFERENT_GRAPH,
    AuditCode.CLASSES_REORDERED: VerdictCode.REORDERED,
    AuditCode.QUANTISED: VerdictCode.QUANTISED,
    AuditCode.PARTLY_SAME: VerdictCode.DIFFERENT_WEIGHTS,
    AuditCode.DIFFERENT_WEIGHTS: VerdictCode.DIFFERENT_WEIGHTS,
    AuditCode.DIFFERENT_MODELS: VerdictCode.DIFFERENT_MODELS,
}


def judge_features(facts: FeatureFacts) -> Verdict:
    """Say what a comparison of features comes to.

    Pixels are blamed only for what the same pixels would not show, as with classes.
    """
    comparison = facts.features
    if not comparison.finite:
        return Verdict(
            VerdictCode.DIFFERENT_MODELS,
            "At least one side gives numbers that are not finite, so nothing can be compared.",
        )
    if comparison.max_abs_difference == 0.0:
        return Verdict(
            VerdictCode.IDENTICAL,
            f"Both sides give the very same {comparison.dimensions} features.",
        )
    what = how_far(facts)
    if facts.check.restless:
        return Verdict(VerdictCode.RANDOM, what, restless_text(facts.check))
    if comparison.relative_l2 <= facts.check.tolerance:
        return Verdict(VerdictCode.FLOAT_NOISE, what, "That is float noise.")
    return _cause(facts, what)


def how_far(facts: FeatureFacts) -> str:
    """Say how far both sides are apart."""
    return f"{upper_first(apart_text(facts.features))}."


def _cause(facts: FeatureFacts, what: str) -> Verdict:
    gap = facts.input_gap()
    if gap is None:
        return _models_differ(facts, what, "The two models take inputs of different sizes")
    if not facts.check.same_function:
        model_gap = facts.check.model_gap
        apart = "" if gap.same or model_gap is None else f" (by {model_gap:.2g})"
        return _models_differ(facts, what, f"They differ on the very same pixels too{apart}")
    if gap.same:
        return Verdict(
            VerdictCode.FLOAT_NOISE,
            what,
            "They received the very same pixels, and both models agree on the probe picture: "
            "float noise, larger here than usual.",
        )
    return Verdict(
        VerdictCode.PREPROCESSING,
        what,
        f"{upper_first(received(facts, gap))}; given the same pixels, they agree "
        f"{_how_well(facts)}.",
    )


def _how_well(facts: FeatureFacts) -> str:
    return "exactly" if facts.check.model_gap == 0.0 else f"within {within(facts.check):g}"


def _models_differ(facts: FeatureFacts, what: str, head: str) -> Verdict:
    check, audit = facts.check, facts.check.audit
    if check.scaled and check.factors is not None:
        return Verdict(
            VerdictCode.SCALED, what, f"{head}, but only by a factor: {_factors(facts)}."
        )
    if check.match is not None and check.match.reordered:
        return Verdict(VerdictCode.REORDERED, what, f"{head}. {reordered_text(check.match)}")
    if audit is None or audit.code not in _OF_AUDIT:
        return Verdict(
            VerdictCode.DIFFERENT_WEIGHTS, what, f"{head}; the weights cannot be read to tell more."
        )
    return Verdict(_OF_AUDIT[audit.code], what, f"{head}. {audit.text}")


def _factors(facts: FeatureFacts) -> str:
    least, most = facts.check.factors or (1.0, 1.0)
    if facts.check.one_factor:
        return f"the left row is {most:.6g} times the right one"
    return (
        f"the left row is {least:.4g} to {most:.4g} times the right one, another factor for each "
        "picture, as where one side divides by its length"
    )


def reordered_text(match: DimensionMatch) -> str:
    """Say that the same features stand at other places."""
    return (
        f"Of {count_text(match.left_live)} of the left side that vary over {match.pictures} probe "
        f"pictures, {match.moved} follow another dimension of the right side exactly and "
        f"{match.in_place or 'none'} their own: the same features in another order."
    )
