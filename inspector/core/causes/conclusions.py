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
    from collections.abc import Iterable, Mapping

    from inspector.core.causes.explanation import Trial
    from inspector.core.causes.reasons import Reasons
    from inspector.core.causes.rules import Rule

_STAGES = {
    "logits_as_probabilities": OUTPUT,
    "softmax_twice": OUTPUT,
    "background_class": OUTPUT,
    "input_range": "scale",
    "channel_order": "channel_order",
}
"""Which stage a broken convention belongs to."""

OF_MODELS = frozenset(
    {
        *(VerdictCode.QUANTISED, VerdictCode.DIFFERENT_WEIGHTS, VerdictCode.DIFFERENT_GRAPH),
        *(VerdictCode.DIFFERENT_MODELS, VerdictCode.SCALED, VerdictCode.REORDERED),
    }
)
"""Verdicts that blame the models and not their inputs."""

LARGEST_DIFFERENCE = "largest difference"


def explain_findings(reasons: Reasons) -> tuple[Finding, ...]:
    """Give every finding, the gravest first; one of each code and title.

    Where a side's range was found to be *declared* wrong, what follows from the wrong declaration
    is left out.
    """
    return gather_findings(find_causes(reasons.facts), RULES, reasons, _STAGES)


def gather_findings(
    told: tuple[Finding, ...],
    rules: Iterable[Rule],
    reasons: Reasons,
    stages: Mapping[str, str],
    what: str = LARGEST_DIFFERENCE,
) -> tuple[Finding, ...]:
    """Join what the comparison alone tells with what the rules find in the measured causes.

    Parameters
    ----------
    told
        Findings of the comparison.
    rules
        Rules to ask.
    reasons
        What was measured.
    stages
        Which stage each broken convention among `told` belongs to, by its code.
    what
        Name of the distance that was measured.
    """
    wrong = better_range(reasons.trials, reasons.tolerance)
    misdeclared = "" if wrong is None else str(wrong.side)
    found = [
        _with_proof(finding, reasons, stages, what)
        for finding in told
        if not (finding.code == "input_range" and finding.side == misdeclared)
    ]
    for rule in rules:
        found += rule(reasons)
    unique = {(finding.code, finding.title): finding for finding in reversed(found)}
    ordered = [finding for finding in found if unique[finding.code, finding.title] is finding]
    return tuple(sorted(ordered, key=lambda finding: -finding.level))


def explain_verdict(reasons: Reasons, findings: tuple[Finding, ...]) -> Verdict:
    """Give the verdict, naming the largest cause and its share; `findings` are all there are."""
    verdict = judge(reasons.facts)
    if is_settled(verdict, reasons):
        return replace(verdict, text=verdict.text + broken_text(findings))
    wrong = better_range(reasons.trials, reasons.tolerance)
    if wrong is not None:
        return _wrong_range(reasons, wrong)
    if {finding.code for finding in findings} & {"label_shift", "label_permutation"}:
        return _label_verdict(reasons)
    text = verdict.text + largest_text(reasons, verdict) + broken_text(findings)
    return replace(verdict, text=text)


def is_settled(verdict: Verdict, reasons: Reasons) -> bool:
    """Tell whether no stage is to be blamed: they agree, or nothing steady was measured."""
    restless = verdict.code is VerdictCode.RANDOM
    return verdict.agrees or restless or not math.isfinite(reasons.attribution.total)


def largest_text(reasons: Reasons, verdict: Verdict, whole: str = "difference") -> str:
    """Name the largest cause and its share, as a sentence to append; `whole` is what is shared."""
    largest = reasons.attribution.largest
    if largest is None or largest.value <= 0:
        return ""
    part = percent_text(min(1.0, largest.share))
    if verdict.code in OF_MODELS and largest.stage != WEIGHTS:
        weights = next(s for s in reasons.attribution.shares if s.stage == WEIGHTS)
        return (
            f" On this picture the {cause_title(largest.stage)} causes more ({part} of the "
            f"{whole}) than the weights or the graph ({percent_text(weights.share)})."
        )
    return f" The largest cause is the {cause_title(largest.stage)} ({part} of the {whole})."


def broken_text(findings: tuple[Finding, ...]) -> str:
    """Name the gravest broken convention: it may do harm without making the sides differ."""
    if findings and findings[0].level is Level.ERROR:
        return f" To mend first: {findings[0].title[:1].lower()}{findings[0].title[1:]}."
    return ""


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


def _with_proof(
    finding: Finding, reasons: Reasons, stages: Mapping[str, str], what: str
) -> Finding:
    """Add to a broken convention what mending it alone was measured to do."""
    stage = stages.get(finding.code)
    for proposal in reasons.proposals:
        changed = {(str(c.side), c.stage, c.reason) for c in proposal.changes}
        if stage is not None and changed == {(finding.side, stage, "declared")}:
            way = "goes" if proposal.remaining <= proposal.total else "grows"
            hid = "" if way == "goes" else ": the mistake hid a part of it"
            return replace(
                finding,
                evidence=f"{finding.evidence} With it mended, the {what} {way} from "
                f"{proposal.total:.3g} to {proposal.remaining:.3g}{hid}.",
            )
    return finding
