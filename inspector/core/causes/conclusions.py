"""Findings and verdict once the causes were measured."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from inspector.core.causes.attribution import cause_title, percent_text
from inspector.core.causes.canonical import OUTPUT, WEIGHTS
from inspector.core.causes.rules import RULES
from inspector.core.causes.rules.conventions import better_range
from inspector.core.findings import Finding, Level, find_causes
from inspector.core.verdict import Verdict, VerdictCode, first_classes, judge

if TYPE_CHECKING:
    from inspector.core.causes.explanation import Trial
    from inspector.core.causes.reasons import Reasons

_STAGES = {
    "logits_as_probabilities": OUTPUT,
    "softmax_twice": OUTPUT,
    "background_class": OUTPUT,
    "input_range": "scale",
    "channel_order": "channel_order",
}
"""Which stage a broken convention belongs to."""

_OF_WEIGHTS = frozenset(
    {
        VerdictCode.QUANTISED,
        VerdictCode.DIFFERENT_WEIGHTS,
        VerdictCode.DIFFERENT_GRAPH,
        VerdictCode.DIFFERENT_MODELS,
    }
)


def explain_findings(reasons: Reasons) -> tuple[Finding, ...]:
    """Give every finding, the gravest first; one of each code and title.

    Where a side's range was found to be *declared* wrong, what follows from the wrong declaration
    is left out.
    """
    wrong = better_range(reasons.trials, reasons.tolerance)
    misdeclared = "" if wrong is None else str(wrong.side)
    found = [
        _with_proof(finding, reasons)
        for finding in find_causes(reasons.facts)
        if not (finding.code == "input_range" and finding.side == misdeclared)
    ]
    for rule in RULES:
        found += rule(reasons)
    unique = {(finding.code, finding.title): finding for finding in reversed(found)}
    ordered = [finding for finding in found if unique[finding.code, finding.title] is finding]
    return tuple(sorted(ordered, key=lambda finding: -finding.level))


def explain_verdict(reasons: Reasons) -> Verdict:
    """Give the verdict, naming the largest cause and its share."""
    verdict = judge(reasons.facts)
    findings = explain_findings(reasons)
    codes = {finding.code for finding in findings}
    restless = verdict.code is VerdictCode.RANDOM
    if verdict.agrees or restless or not math.isfinite(reasons.attribution.total):
        return replace(verdict, text=verdict.text + _broken(findings))
    wrong = better_range(reasons.trials, reasons.tolerance)
    if wrong is not None:
        return _wrong_range(reasons, wrong)
    if codes & {"label_shift", "label_permutation"}:
        return _label_verdict(reasons)
    return replace(verdict, text=f"{verdict.text}{_largest(reasons, verdict)}{_broken(findings)}")


def _largest(reasons: Reasons, verdict: Verdict) -> str:
    largest = reasons.attribution.largest
    if largest is None or largest.value <= 0:
        return ""
    part = percent_text(min(1.0, largest.share))
    if verdict.code in _OF_WEIGHTS and largest.stage != WEIGHTS:
        weights = next(s for s in reasons.attribution.shares if s.stage == WEIGHTS)
        return (
            f" On this picture the {cause_title(largest.stage)} causes more ({part} of the "
            f"difference) than the weights or the graph ({percent_text(weights.share)})."
        )
    return f" The largest cause is the {cause_title(largest.stage)} ({part} of the difference)."


def _wrong_range(reasons: Reasons, trial: Trial) -> Verdict:
    size = reasons.facts.comparison.max_abs_difference
    return Verdict(
        VerdictCode.PREPROCESSING,
        f"{first_classes(reasons.facts)} They differ: the largest difference of probability is "
        f"{size:.3g}. The pair's entry declares a wrong input range for the {trial.side} model: "
        f"given {trial.choice} and otherwise the same pixels, the two agree within "
        f"{max(trial.gap, reasons.facts.check.noise_floor):.1g}.",
    )


def _label_verdict(reasons: Reasons) -> Verdict:
    return Verdict(
        VerdictCode.LABEL_SHIFT,
        f"{first_classes(reasons.facts)} The two sides do not number their classes alike, so their "
        "scores cannot be compared class by class.",
    )


def _broken(findings: tuple[Finding, ...]) -> str:
    """Name the gravest broken convention: it may do harm without making the sides differ."""
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
            hid = "" if way == "goes" else ": the mistake hid a part of it"
            return replace(
                finding,
                evidence=f"{finding.evidence} With it mended, the largest difference {way} from "
                f"{proposal.total:.3g} to {proposal.remaining:.3g}{hid}.",
            )
    return finding
