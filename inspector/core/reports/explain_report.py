"""An explanation as JSON for scripts and as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inspector.core.causes.allclose import needed_text
from inspector.core.causes.attribution import cause_title, percent_text, within_noise_text
from inspector.core.causes.explanation import NOISE_TITLES
from inspector.core.reports.report import (
    comparison_json,
    finding_json,
    finding_lines,
    finite,
    wrap,
)
from inspector.core.reports.runs_report import run_lines
from inspector.core.verdict import lower_first
from inspector.core.wording import mode_title, mode_with_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inspector.core.causes.attribution import Run, Share
    from inspector.core.causes.closing import Change, Proposal
    from inspector.core.causes.explanation import Explanation

SCHEMA = "twin-inspector/explanation/1"
"""Name and version of the JSON form."""

_BAR = 30
_SHOWN_PROPOSALS = 3
_SHOWN_CLASSES = 5
_HOW = {"declared": "as the release declares", "tried": "to the range that was found to fit"}


def explanation_json(explanation: Explanation, top: int = 5) -> dict[str, Any]:
    """Give an explanation in the form ``twin-inspector/explanation/1``.

    It nests the comparison (``twin-inspector/comparison/1``), with verdict and findings as they
    are once the causes are known. All numbers are finite or None.
    """
    comparison = comparison_json(explanation.result, top)
    findings = [finding_json(finding) for finding in explanation.findings]
    verdict = {"code": str(explanation.verdict.code), "text": explanation.verdict.text}
    comparison |= {"verdict": verdict, "findings": findings}
    attribution = explanation.attribution
    return {
        "schema": SCHEMA,
        "comparison": comparison,
        "verdict": verdict,
        "findings": findings,
        "attribution": {
            "max_abs_difference": {
                "total": finite(attribution.total),
                "stages": [share_json(share) for share in attribution.shares],
            },
            "js": {
                "total": finite(attribution.js_total),
                "stages": [share_json(share) for share in attribution.js_shares],
            },
            "runs": [_run_json(run) for run in attribution.runs],
        },
        "cross_feed": {
            "cells": [
                {
                    "input": str(cell.input),
                    "model": str(cell.model),
                    "top1": cell.top1,
                    "label": explanation.result.labels.name(cell.top1),
                    "probability": finite(cell.probability),
                    "distances": {key: finite(gap) for key, gap in cell.distances.items()},
                }
                for cell in explanation.cross_feed.cells
            ],
            "by_input": finite(explanation.cross_feed.by_input),
            "by_model": finite(explanation.cross_feed.by_model),
        },
        "proposals": [proposal_json(proposal) for proposal in explanation.proposals],
        "noise_floor": [
            {"side": str(row.side), "what": row.what, "max_abs_difference": row.max_abs_difference}
            for row in explanation.noise
        ],
        "tolerance": {
            "rtol_needed": finite(explanation.required_rtol),
            "atol_needed": finite(explanation.required_atol),
        },
        "milliseconds": finite(explanation.milliseconds),
    }


def explanation_text(explanation: Explanation) -> str:
    """Give an explanation as plain text of at most 100 columns."""
    blocks = [
        wrap(explanation.verdict.text),
        list(_attribution_lines(explanation)),
        list(_cross_feed_lines(explanation)),
        list(proposal_lines(explanation.proposals)),
        list(_noise_lines(explanation)),
        *run_lines(explanation.result, _SHOWN_CLASSES),
        *(finding_lines(finding) for finding in explanation.findings),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def proposal_text(proposal: Proposal, ids: bool = True) -> str:
    """Say what a proposal changes, such as ``right: decoder and resize as on the left``.

    Parameters
    ----------
    proposal
        The changes.
    ids
        Whether to name a mode's id beside its title, for the command line.
    """
    if proposal.mode:
        mode = mode_with_id(proposal.mode) if ids else mode_title(proposal.mode)
        return f"both sides in mode {mode}, each in its own range"
    parts = []
    for side, reason in dict.fromkeys((c.side, c.reason) for c in proposal.changes):
        stages = [
            cause_title(change.stage)
            for change in proposal.changes
            if (change.side, change.reason) == (side, reason)
        ]
        how = _HOW.get(reason, f"as on the {side.other}")
        parts.append(f"{side}: {_joined(stages)} {how}")
    return "; ".join(parts)


def remaining_text(proposal: Proposal) -> str:
    """Say what a proposal leaves, such as ``0.0012 of 0.12 remains``, or that it hid a part."""
    if proposal.remaining == 0:
        return "Nothing remains"
    if proposal.remaining > proposal.total:
        return f"It grows from {proposal.total:.3g} to {proposal.remaining:.3g}"
    return f"{proposal.remaining:.3g} of {proposal.total:.3g} remains"


def _joined(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def share_json(share: Share) -> dict[str, Any]:
    """Give a share as JSON."""
    return {"stage": share.stage, "value": finite(share.value), "share": finite(share.share)}


def _run_json(run: Run) -> dict[str, Any]:
    return {
        "stages_from_right": list(run.stages),
        "top1": run.top1,
        "probability": finite(run.probability),
        "from_left": finite(run.from_left),
        "from_right": finite(run.from_right),
    }


def _change_json(change: Change) -> dict[str, str]:
    return {"side": str(change.side), "stage": change.stage, "reason": change.reason}


def proposal_json(proposal: Proposal) -> dict[str, Any]:
    """Give a proposal as JSON."""
    return {
        "text": proposal_text(proposal),
        "mode": proposal.mode or None,
        "changes": [_change_json(change) for change in proposal.changes],
        "remaining": finite(proposal.remaining),
        "closed_share": finite(proposal.closed_share),
        "closes": proposal.closes,
        "mends_convention": proposal.mends_convention,
    }


def _attribution_lines(explanation: Explanation) -> Iterator[str]:
    attribution = explanation.attribution
    if explanation.verdict.agrees:
        yield within_noise_text(attribution.total)
        return
    yield f"What causes the largest difference of {attribution.total:.3g}"
    for share in sorted(attribution.shares, key=lambda share: -share.value):
        bar = "█" * round(_BAR * min(1.0, max(0.0, share.share)))
        part = f"{percent_text(share.share):>6}"
        yield f"  {cause_title(share.stage):22} {share.value:+10.2e}  {part}  {bar}".rstrip()


def _cross_feed_lines(explanation: Explanation) -> Iterator[str]:
    table = explanation.cross_feed
    labels = explanation.result.labels
    yield "Cross-feed: whose input, through whose model"
    for cell in table.cells:
        yield (
            f"  {cell.input:>5} input, {cell.model:>5} model   "
            f"{labels.name(cell.top1)[:40]:40} {cell.probability:9.4g}"
        )
    yield (
        f"  Exchanging the input moves a probability by up to {table.by_input:.3g}, "
        f"the model by {table.by_model:.3g}."
    )


def proposal_lines(proposals: Sequence[Proposal]) -> Iterator[str]:
    """List the best proposals for a terminal."""
    if not proposals:
        return
    yield "What would close the gap"
    for number, proposal in enumerate(proposals[:_SHOWN_PROPOSALS], start=1):
        yield from wrap(
            f"  {number}. {proposal_text(proposal)}: {lower_first(remaining_text(proposal))}",
            indent="     ",
        )


def _noise_lines(explanation: Explanation) -> Iterator[str]:
    yield "Noise floor: how far each model is from itself"
    for row in explanation.noise:
        gap = "not measured" if row.max_abs_difference is None else f"{row.max_abs_difference:.2g}"
        yield f"  {row.side:5}  {NOISE_TITLES[row.what]:42} {gap}"
    yield f"  {needed_text(explanation.required_rtol, explanation.required_atol)}"
