"""Findings and verdict about features once the causes were measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.causes.conclusions import (
    gather_findings,
    is_settled,
    with_causes,
    wrong_range_text,
)
from inspector.core.causes.rules import RULES, conventions, models
from inspector.core.causes.rules.conventions import fitting_ranges
from inspector.core.features.explanation import DISTANCE_NAME
from inspector.core.features.findings import find_feature_causes
from inspector.core.features.verdict import how_far, judge_features
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
    wrong = fitting_ranges(reasons.trials, reasons.tolerance)
    if wrong and not is_settled(verdict, reasons):
        return _wrong_range(facts, wrong)
    return with_causes(verdict, reasons, findings, _STAGES, "distance")


def _wrong_range(facts: FeatureFacts, fitting: tuple[Trial, ...]) -> Verdict:
    text = wrong_range_text(fitting, facts.check.noise_floor)
    return Verdict(VerdictCode.PREPROCESSING, how_far(facts), text)
