"""Findings and verdict once the causes were measured."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inspector.core.causes.attribution import cause_title, percent_text
from inspector.core.causes.rules import RULES
from inspector.core.findings import Finding, Level, find_causes
from inspector.core.verdict import Verdict, VerdictCode, first_classes, judge

if TYPE_CHECKING:
    from inspector.core.causes.reasons import Reasons

_CONVENTIONS = frozenset(
    {"logits_as_probabilities", "softmax_twice", "background_class", "input_range", "channel_order"}
)


def explain_findings(reasons: Reasons) -> tuple[Finding, ...]:
    """Give every finding, the gravest first; one of each code and title."""
    found = [_with_proof(finding, reasons) for finding in find_causes(reasons.facts)]
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
    if verdict.agrees:
        return replace(verdict, text=verdict.text + _broken(findings))
    if codes & {"label_shift", "label_permutation"}:
        return _label_verdict(reasons)
    largest = reasons.attribution.largest
    if largest is None or largest.value <= 0:
        return verdict
    share = min(1.0, largest.share)
    harmless = (
        " The first class changes in a near-tie only, which is harmless."
        if "near_tie" in codes
        else ""
    )
    return replace(
        verdict,
        text=f"{verdict.text} The largest cause is the {cause_title(largest.stage)} "
        f"({percent_text(share)} of the difference).{harmless}{_broken(findings)}",
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
    """Add to a broken convention what mending it was measured to do."""
    if finding.code not in _CONVENTIONS:
        return finding
    for proposal in reasons.proposals:
        if proposal.changes and all(change.reason == "declared" for change in proposal.changes):
            return replace(
                finding,
                evidence=f"{finding.evidence} With it mended, the largest difference goes from "
                f"{proposal.total:.3g} to {proposal.remaining:.3g}.",
            )
    return finding
