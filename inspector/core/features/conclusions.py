"""Findings and verdict about features once the causes were measured."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from inspector.core.causes.attribution import cause_title, percent_text
from inspector.core.causes.canonical import WEIGHTS
from inspector.core.causes.rules import RULES, conventions, models
from inspector.core.causes.rules.conventions import better_range
from inspector.core.features.explanation import DISTANCE_NAME
from inspector.core.features.findings import find_feature_causes
from inspector.core.features.verdict import judge_features
from inspector.core.features.wording import apart_text
from inspector.core.findings import Finding, Level
from inspector.core.verdict import Verdict, VerdictCode

if TYPE_CHECKING:
    from inspector.core.causes.explanation import Trial
    from inspector.core.causes.reasons import Reasons
    from inspector.core.features.facts import FeatureFacts

_OF_CLASSES = frozenset({conventions.labels_shifted, conventions.labels_permuted, models.near_tie})
_OF_MODELS = frozenset(
    {
        *(VerdictCode.DIFFERENT_WEIGHTS, VerdictCode.DIFFERENT_GRAPH, VerdictCode.DIFFERENT_MODELS),
        *(VerdictCode.SCALED, VerdictCode.REORDERED),
        *(VerdictCode.QUANTISED, VerdictCode.RANDOM),
    }
)
_STAGES = {"input_range": "scale", "channel_order": "channel_order"}
"""Which stage a broken convention belongs to."""


def explain_feature_findings(facts: FeatureFacts, reasons: Reasons) -> tuple[Finding, ...]:
    """Give every finding, the gravest first; one of each code and title."""
    wrong = better_range(reasons.trials, reasons.tolerance)
    misdeclared = "" if wrong is None else str(wrong.side)
    found = [
        _with_proof(finding, reasons)
        for finding in find_feature_causes(facts)
        if not (finding.code == "input_range" and finding.side == misdeclared)
    ]
    for rule in RULES:
        if rule not in _OF_CLASSES:
            found += rule(reasons)
    unique = {(finding.code, finding.title): finding for finding in reversed(found)}
    ordered = [finding for finding in found if unique[finding.code, finding.title] is finding]
    return tuple(sorted(ordered, key=lambda finding: -finding.level))


def explain_feature_verdict(
    facts: FeatureFacts, reasons: Reasons, findings: tuple[Finding, ...]
) -> Verdict:
    """Give the verdict, naming the largest cause and its share."""
    verdict = judge_features(facts)
    if verdict.agrees or not math.isfinite(reasons.attribution.total):
        return replace(verdict, text=verdict.text + _broken(findings))
    wrong = better_range(reasons.trials, reasons.tolerance)
    if wrong is not None:
        return _wrong_range(facts, wrong)
    return replace(verdict, text=f"{verdict.text}{_largest(reasons, verdict)}{_broken(findings)}")


def _largest(reasons: Reasons, verdict: Verdict) -> str:
    largest = reasons.attribution.largest
    if largest is None or largest.value <= 0:
        return ""
    part = percent_text(min(1.0, largest.share))
    if verdict.code in _OF_MODELS and largest.stage != WEIGHTS:
        weights = next(share for share in reasons.attribution.shares if share.stage == WEIGHTS)
        return (
            f" On this picture the {cause_title(largest.stage)} causes more ({part} of the "
            f"distance) than the weights or the graph ({percent_text(weights.share)})."
        )
    return f" The largest cause is the {cause_title(largest.stage)} ({part} of the distance)."


def _wrong_range(facts: FeatureFacts, trial: Trial) -> Verdict:
    return Verdict(
        VerdictCode.PREPROCESSING,
        f"They differ: {apart_text(facts.features)}. The pair's entry declares a wrong input range "
        f"for the {trial.side} model: given {trial.choice} and otherwise the same pixels, the two "
        f"agree within {max(trial.gap, facts.check.noise_floor):.1g}.",
    )


def _broken(findings: tuple[Finding, ...]) -> str:
    if findings and findings[0].level is Level.ERROR:
        return f" To mend first: {findings[0].title[:1].lower()}{findings[0].title[1:]}."
    return ""


def _with_proof(finding: Finding, reasons: Reasons) -> Finding:
    """Add to a broken convention what mending it alone was measured to do."""
    stage = _STAGES.get(finding.code)
    for proposal in reasons.proposals:
        changed = {(str(c.side), c.stage, c.reason) for c in proposal.changes}
        if stage is not None and changed == {(finding.side, stage, "declared")}:
            way = "goes" if proposal.remaining <= proposal.total else "grows"
            return replace(
                finding,
                evidence=f"{finding.evidence} With it mended, the {DISTANCE_NAME} {way} from "
                f"{proposal.total:.3g} to {proposal.remaining:.3g}.",
            )
    return finding
