"""Findings and verdict about features once the causes were measured."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inspector.core.causes.conclusions import (
    broken_text,
    gather_findings,
    is_settled,
    largest_text,
)
from inspector.core.causes.rules import RULES, conventions, models
from inspector.core.causes.rules.conventions import better_range
from inspector.core.features.explanation import DISTANCE_NAME
from inspector.core.features.findings import find_feature_causes
from inspector.core.features.verdict import judge_features
from inspector.core.features.wording import apart_text
from inspector.core.verdict import Verdict, VerdictCode

if TYPE_CHECKING:
    from inspector.core.causes.explanation import Trial
    from inspector.core.causes.reasons import Reasons
    from inspector.core.features.facts import FeatureFacts
    from inspector.core.findings import Finding

_OF_CLASSES = frozenset({conventions.labels_shifted, conventions.labels_permuted, models.near_tie})
_RULES = tuple(rule for rule in RULES if rule not in _OF_CLASSES)
_STAGES = {"input_range": "scale", "channel_order": "channel_order"}
"""Which stage a broken convention belongs to."""


def explain_feature_findings(facts: FeatureFacts, reasons: Reasons) -> tuple[Finding, ...]:
    """Give every finding, the gravest first; one of each code and title."""
    return gather_findings(find_feature_causes(facts), _RULES, reasons, _STAGES, DISTANCE_NAME)


def explain_feature_verdict(
    facts: FeatureFacts, reasons: Reasons, findings: tuple[Finding, ...]
) -> Verdict:
    """Give the verdict, naming the largest cause and its share."""
    verdict = judge_features(facts)
    if is_settled(verdict, reasons):
        return replace(verdict, text=verdict.text + broken_text(findings))
    wrong = better_range(reasons.trials, reasons.tolerance)
    if wrong is not None:
        return _wrong_range(facts, wrong)
    text = verdict.text + largest_text(reasons, verdict, "distance") + broken_text(findings)
    return replace(verdict, text=text)


def _wrong_range(facts: FeatureFacts, trial: Trial) -> Verdict:
    return Verdict(
        VerdictCode.PREPROCESSING,
        f"They differ: {apart_text(facts.features)}. The pair's entry declares a wrong input range "
        f"for the {trial.side} model: given {trial.choice} and otherwise the same pixels, the two "
        f"agree within {max(trial.gap, facts.check.noise_floor):.1g}.",
    )
