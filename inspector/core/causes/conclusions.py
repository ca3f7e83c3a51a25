"""Findings and verdict once the causes were measured."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from inspector.core.causes.attribution import cause_title, percent_text
from inspector.core.causes.canonical import OUTPUT, WEIGHTS
from inspector.core.causes.rules import RULES
from inspector.core.causes.rules.conventions import better_range, fitting_ranges
from inspector.core.findings import Finding, Level, find_causes
from inspector.core.verdict import Verdict, VerdictCode, judge, sentences, what_differs

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
    if not is_settled(verdict, reasons):
        wrong = fitting_ranges(reasons.trials, reasons.tolerance)
        if wrong:
            return _wrong_range(reasons, wrong)
        if {finding.code for finding in findings} & {"label_shift", "label_permutation"}:
            return _label_verdict(reasons)
    return with_causes(verdict, reasons, findings, _STAGES)


def with_causes(
    verdict: Verdict,
    reasons: Reasons,
    findings: tuple[Finding, ...],
    stages: Mapping[str, str],
    whole: str = "difference",
) -> Verdict:
    """Add the gravest broken convention and the largest cause, where a stage is to be blamed.

    Parameters
    ----------
    verdict
        What the comparison alone comes to.
    reasons
        What was measured.
    findings
        All there are, the gravest first.
    stages
        Which stage each broken convention belongs to, by its finding's code.
    whole
        What is shared among the causes.
    """
    first = findings[0] if findings and findings[0].level is Level.ERROR else None
    broken = first.title if first is not None else ""
    if is_settled(verdict, reasons):
        return replace(verdict, broken=broken)
    blamed = "" if first is None else stages.get(first.code, "")
    largest = _largest_text(verdict, reasons, whole, blamed)
    return replace(verdict, why=sentences(verdict.why, largest), broken=broken)


def is_settled(verdict: Verdict, reasons: Reasons) -> bool:
    """Tell whether no stage is to be blamed: they agree, or nothing steady was measured."""
    restless = verdict.code is VerdictCode.RANDOM
    return verdict.agrees or restless or not math.isfinite(reasons.attribution.total)


def _largest_text(verdict: Verdict, reasons: Reasons, whole: str, blamed: str) -> str:
    """Name the largest cause and its share, as a sentence.

    `whole` is what is shared; `blamed` is the stage that was told to be mended first, or empty.
    """
    largest = reasons.attribution.largest
    if largest is None or largest.value <= 0:
        return ""
    part = percent_text(min(1.0, largest.share))
    if verdict.code in OF_MODELS and largest.stage != WEIGHTS:
        weights = next(s for s in reasons.attribution.shares if s.stage == WEIGHTS)
        return (
            f"On this picture the {cause_title(largest.stage)} causes more ({part} of the "
            f"{whole}) than the weights or the graph ({percent_text(weights.share)})."
        )
    share = f"the {cause_title(largest.stage)} ({part} of the {whole})"
    if blamed and blamed != largest.stage:
        return f"Even so, the largest cause here is {share}."
    return f"The largest cause is {share}."


def _wrong_range(reasons: Reasons, fitting: tuple[Trial, ...]) -> Verdict:
    return Verdict(
        VerdictCode.PREPROCESSING,
        what_differs(reasons.facts),
        wrong_range_text(fitting, reasons.facts.check.noise_floor),
    )


def wrong_range_text(fitting: tuple[Trial, ...], noise: float) -> str:
    """Say that a range is declared wrong, and how near the two come in what fits instead.

    Parameters
    ----------
    fitting
        The range that fits; two where nothing tells which side's is declared wrong.
    noise
        How far a model is from itself: nothing is said to be nearer.
    """
    within = max(noise, *(trial.gap for trial in fitting))
    whose = f"the {fitting[0].side} model" if len(fitting) == 1 else "one of the two models"
    given = " or ".join(
        trial.choice if len(fitting) == 1 else f"{trial.choice} on the {trial.side}"
        for trial in fitting
    )
    return (
        f"The pair's entry declares a wrong input range for {whose}: given {given} and otherwise "
        f"the same pixels, the two agree within {within:.1g}."
    )


def _label_verdict(reasons: Reasons) -> Verdict:
    return Verdict(
        VerdictCode.LABEL_SHIFT,
        what_differs(reasons.facts),
        "Their scores cannot be compared class by class.",
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
