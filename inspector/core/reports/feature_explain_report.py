"""An explanation of features as JSON for scripts and as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inspector.core.causes.allclose import needed_text
from inspector.core.causes.attribution import cause_title, percent_text, within_noise_text
from inspector.core.causes.explanation import NOISE_TITLES
from inspector.core.features.explanation import DISTANCE_NAME
from inspector.core.features.lines import feature_feed_sentence
from inspector.core.reports.explain_report import proposal_json, proposal_lines, share_json
from inspector.core.reports.feature_report import feature_json
from inspector.core.reports.report import finding_json, finding_lines
from inspector.core.reports.terminal import finite, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.causes.attribution import Run
    from inspector.core.features.explanation import FeatureExplanation

SCHEMA = "twin-inspector/feature-explanation/1"
"""Name and version of the JSON form."""

_BAR = 30


def feature_explanation_json(explanation: FeatureExplanation, top: int = 5) -> dict[str, Any]:
    """Give an explanation in the form ``twin-inspector/feature-explanation/1``.

    It nests ``twin-inspector/feature-comparison/1``, with verdict and findings as they are once the
    causes are known; what it shares with ``twin-inspector/explanation/1`` has the same names. All
    numbers are finite or None.
    """
    findings = [finding_json(finding) for finding in explanation.findings]
    verdict = {"code": str(explanation.verdict.code), "text": explanation.verdict.text}
    comparison = feature_json(explanation.result, top)
    attribution, table = explanation.attribution, explanation.cross_feed
    return {
        "schema": SCHEMA,
        "comparison": comparison | {"verdict": verdict, "findings": findings},
        "verdict": verdict,
        "findings": findings,
        "attribution": {
            "relative_l2": {
                "total": finite(attribution.total),
                "stages": [share_json(share) for share in attribution.shares],
            },
            "runs": [_run_json(run) for run in attribution.runs],
        },
        "cross_feed": {
            "cells": [
                {
                    "input": str(cell.input),
                    "model": str(cell.model),
                    "distances": {key: finite(gap) for key, gap in cell.distances.items()},
                }
                for cell in table.cells
            ],
            "by_input": finite(table.by_input),
            "by_model": finite(table.by_model),
        },
        "proposals": [proposal_json(proposal) for proposal in explanation.proposals],
        "noise_floor": [
            {
                "side": str(row.side),
                "what": row.what,
                "relative_l2": finite(row.max_abs_difference),
            }
            for row in explanation.noise
        ],
        "tolerance": {
            "rtol_needed": finite(explanation.required_rtol),
            "atol_needed": finite(explanation.required_atol),
        },
        "milliseconds": finite(explanation.milliseconds),
    }


def feature_explanation_text(explanation: FeatureExplanation) -> str:
    """Give an explanation as plain text of at most 100 columns."""
    blocks = [
        wrap(explanation.verdict.text),
        list(_attribution_lines(explanation)),
        list(_cross_feed_lines(explanation)),
        list(proposal_lines(explanation.proposals)),
        list(_noise_lines(explanation)),
        *(finding_lines(finding) for finding in explanation.findings),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _run_json(run: Run) -> dict[str, Any]:
    return {
        "stages_from_right": list(run.stages),
        "from_left": finite(run.from_left),
        "from_right": finite(run.from_right),
    }


def _attribution_lines(explanation: FeatureExplanation) -> Iterator[str]:
    attribution = explanation.attribution
    if explanation.verdict.agrees:
        yield within_noise_text(attribution.total)
        return
    yield f"What causes the {DISTANCE_NAME} of {attribution.total:.3g}"
    for share in sorted(attribution.shares, key=lambda share: -share.value):
        bar = "█" * round(_BAR * min(1.0, max(0.0, share.share)))
        part = f"{percent_text(share.share):>6}"
        yield f"  {cause_title(share.stage):22} {share.value:+10.2e}  {part}  {bar}".rstrip()


def _cross_feed_lines(explanation: FeatureExplanation) -> Iterator[str]:
    table = explanation.cross_feed
    yield "Cross-feed: whose input, through whose model, and how far from either side's own"
    for cell in table.cells:
        left, right = cell.distances["left/left"], cell.distances["right/right"]
        yield (
            f"  {cell.input:>5} input, {cell.model:>5} model   "
            f"{left:9.3g} from left's {right:9.3g} from right's"
        )
    noise = explanation.result.comparison.noise_floor
    yield from wrap(feature_feed_sentence(table, noise), indent="  ")


def _noise_lines(explanation: FeatureExplanation) -> Iterator[str]:
    yield "Noise floor: how far each model is from itself (relative L2)"
    for row in explanation.noise:
        gap = "not measured" if row.max_abs_difference is None else f"{row.max_abs_difference:.2g}"
        yield f"  {row.side:5}  {NOISE_TITLES[row.what]:42} {gap}"
    yield f"  {needed_text(explanation.required_rtol, explanation.required_atol)}"
