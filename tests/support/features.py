"""Made-up comparisons of features for tests of views, figures and reports: no TensorFlow."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.causes.attribution import attribute
from inspector.core.causes.canonical import WEIGHTS, canonical_side, differing
from inspector.core.causes.crossfeed import cross_feed
from inspector.core.causes.explanation import NoiseRow
from inspector.core.causes.reasons import Reasons
from inspector.core.causes.tolerance import required_atol, required_rtol
from inspector.core.features.comparison import distance_for
from inspector.core.features.conclusions import explain_feature_findings, explain_feature_verdict
from inspector.core.features.explanation import DISTANCE_NAME, FeatureExplanation
from inspector.core.features.facts import FeatureCheck, FeatureFacts
from inspector.core.pairs import OutputKind, PairSpec, Side
from inspector.core.scores import OutputSwitches, interpret
from inspector.engine.features.compare import feature_facts, feature_result
from tests.support.explanations import make_audit
from tests.support.results import LEFT, RIGHT, make_result

if TYPE_CHECKING:
    from inspector.core.features.result import FeatureResult

FEATURE_PAIR = PairSpec(
    "made_up_features",
    "Made-up features, 32 px",
    "indices",
    replace(LEFT, output=OutputKind.FEATURES, title="Keras features"),
    replace(RIGHT, output=OutputKind.FEATURES, background=False, title="Hub feature vector"),
)
FEATURE_CHECK = FeatureCheck(
    noise_floor=2e-7, model_gap=5e-7, logit_gap=None, dimensions=64, factor_gap=4e-7
)
DIMENSIONS = 64
LOUDEST = 7
"""The dimension that differs most in a made-up result with noise."""

NOISE = tuple(
    NoiseRow(side, what, gap)
    for side in Side
    for what, gap in (("run_again", 0.0), ("batch", 2e-7), ("frozen", None))
)


def make_rows(noise: float = 0.1, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Make features after a ReLU, half of them 0, and the same with some noise."""
    random = np.random.default_rng(seed)
    left = np.maximum(random.normal(0, 1, DIMENSIONS), 0.0)
    left[LOUDEST] = 3.0
    right = np.maximum(left + noise * random.normal(0, 1, DIMENSIONS), 0.0)
    if noise:
        right[LOUDEST] = 3.0 - 5.0 * noise
    return left.astype(np.float32), right.astype(np.float32)


def make_facts(
    left: np.ndarray,
    right: np.ndarray,
    *,
    check: FeatureCheck = FEATURE_CHECK,
    same_pixels: bool = False,
    pair: PairSpec = FEATURE_PAIR,
) -> FeatureFacts:
    """Compare two rows, float32 (dimensions,), on made-up inputs."""
    base = make_result(pair=pair, noise=0.0 if same_pixels else 0.3)
    sides = []
    for side, row in ((base.left, left), (base.right, right)):
        scores = interpret(row, OutputKind.FEATURES, False, OutputSwitches())
        sides.append(replace(side, raw=row, scores=scores))
    return feature_facts(
        base.picture, sides[0], sides[1], replace(check, dimensions=int(left.size))
    )


def make_feature_result(
    *,
    noise: float = 0.1,
    seed: int = 0,
    pair: PairSpec = FEATURE_PAIR,
    check: FeatureCheck = FEATURE_CHECK,
) -> FeatureResult:
    """Make a result of 64 dimensions; 0 noise makes both sides equal."""
    base = make_result(pair=pair)
    facts = make_facts(*make_rows(noise, seed), check=check, same_pixels=noise == 0.0, pair=pair)
    return feature_result(facts, base.preview, pair, base.timings_ms)


def make_feature_explanation(
    result: FeatureResult | None = None, check: FeatureCheck = FEATURE_CHECK
) -> FeatureExplanation:
    """Explain a result whose stages each move it an equal part of the way from left to right."""
    result = result or make_feature_result()
    facts = make_facts(result.left.raw, result.right.raw, check=check, pair=result.pair)
    comparison = result.comparison
    distance = distance_for(comparison)
    left, right = canonical_side(result.left), canonical_side(result.right)
    players = (*differing(left, right), WEIGHTS)
    count = len(players)
    way = comparison.right - comparison.left
    rows = [comparison.left + way * mask.bit_count() / count for mask in range(1 << count)]
    places = itertools.product(Side, Side)
    feed = cross_feed(
        {place: rows[0] if place[0] is Side.LEFT else rows[-1] for place in places}, distance
    )
    audit = make_audit()
    reasons = Reasons(
        facts,
        attribute(players, rows, distance),
        feed,
        (),
        (),
        {},
        None,
        NOISE,
        audit,
        distance_name=DISTANCE_NAME,
    )
    findings = explain_feature_findings(facts, reasons)
    return FeatureExplanation(
        result=result,
        verdict=explain_feature_verdict(facts, reasons, findings),
        findings=findings,
        attribution=reasons.attribution,
        cross_feed=feed,
        proposals=(),
        noise=NOISE,
        required_rtol=required_rtol(comparison.left, comparison.right),
        required_atol=required_atol(comparison.left, comparison.right),
        trials=(),
        audit=audit,
        milliseconds=150.0,
    )
