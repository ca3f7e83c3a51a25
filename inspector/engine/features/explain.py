"""Why two rows of features differ: the runs behind an explanation, and the explanation itself."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from inspector.core.causes.tolerance import required_atol, required_rtol
from inspector.core.features.comparison import distance_for
from inspector.core.features.conclusions import explain_feature_findings, explain_feature_verdict
from inspector.core.features.explanation import DISTANCE_NAME, FeatureExplanation
from inspector.core.result import Result
from inspector.engine.explain import Case, find_reasons

if TYPE_CHECKING:
    from inspector.core.causes.closing import Proposal
    from inspector.core.features.facts import FeatureFacts
    from inspector.core.features.result import FeatureResult
    from inspector.engine.engine import LoadedPair, Opened
    from inspector.engine.study import PairStudy
    from inspector.engine.watcher import Watcher

LEAST_CLOSED = 0.01
"""Part of the distance that a change must close to be proposed."""


def explain_features(
    result: FeatureResult,
    facts: FeatureFacts,
    pair: LoadedPair,
    opened: Opened,
    study: PairStudy,
    watcher: Watcher,
) -> FeatureExplanation:
    """Run the picture under every mix of both sides' stages, measured by relative L2."""
    started = time.perf_counter()
    case = Case(facts, _as_rows(result, facts), pair, opened, study)
    found = find_reasons(case, watcher, distance_for(result.comparison))
    proposals = tuple(proposal for proposal in found.proposals if _worthwhile(proposal))
    reasons = replace(found, proposals=proposals, distance_name=DISTANCE_NAME)
    findings = explain_feature_findings(facts, reasons)
    comparison = result.comparison
    return FeatureExplanation(
        result=result,
        verdict=explain_feature_verdict(facts, reasons, findings),
        findings=findings,
        attribution=reasons.attribution,
        cross_feed=reasons.cross_feed,
        proposals=reasons.proposals,
        noise=reasons.noise,
        required_rtol=required_rtol(comparison.left, comparison.right),
        required_atol=required_atol(comparison.left, comparison.right),
        trials=reasons.trials,
        audit=reasons.audit,
        milliseconds=(time.perf_counter() - started) * 1e3,
    )


def _worthwhile(proposal: Proposal) -> bool:
    """Tell whether a change is worth being shown: it mends a mistake, or closes a hundredth."""
    mends = any(change.reason in {"declared", "tried"} for change in proposal.changes)
    return mends or proposal.closed_share >= LEAST_CLOSED


def _as_rows(result: FeatureResult, facts: FeatureFacts) -> Result:
    """Give a result as the search for causes takes it: two rows, whatever their numbers mean."""
    return Result(
        picture=result.picture,
        preview=result.preview,
        pair=result.pair,
        labels=facts.labels,
        left=result.left,
        right=result.right,
        comparison=facts.comparison,
        verdict=result.verdict,
        findings=result.findings,
        timings_ms=result.timings_ms,
        versions=result.versions,
    )
