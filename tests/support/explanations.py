"""Made-up explanations for tests of views and reports, made by the real maths."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.causes.attribution import attribute
from inspector.core.causes.canonical import WEIGHTS, canonical_side, differing
from inspector.core.causes.closing import Situation, search
from inspector.core.causes.conclusions import explain_findings, explain_verdict
from inspector.core.causes.crossfeed import cross_feed
from inspector.core.causes.explanation import Explanation, NoiseRow
from inspector.core.causes.reasons import Reasons
from inspector.core.causes.tolerance import required_atol, required_rtol
from inspector.core.facts import Facts
from inspector.core.pairs import Side
from inspector.core.scores import softmax
from inspector.core.weights.audit import WeightAudit, audit_weights
from inspector.core.weights.tensors import NamedWeight
from tests.support.results import CHECK, make_result

if TYPE_CHECKING:
    from inspector.core.causes.canonical import Canonical
    from inspector.core.result import Result

NOISE = (
    NoiseRow(Side.LEFT, "run_again", 0.0),
    NoiseRow(Side.LEFT, "batch", 3e-7),
    NoiseRow(Side.LEFT, "frozen", 1.2e-7),
    NoiseRow(Side.RIGHT, "run_again", 0.0),
    NoiseRow(Side.RIGHT, "batch", 2e-7),
    NoiseRow(Side.RIGHT, "frozen", None),
)


def make_explanation(
    result: Result | None = None, *, overshoot: float = 0.4, audit: WeightAudit | None = None
) -> Explanation:
    """Explain a result whose stages each move it a part of the way from left to right.

    Parameters
    ----------
    result
        What to explain; a made-up one by default.
    overshoot
        How far the stages together go beyond the whole way; the weights come back by as much, so
        that their share is negative.
    audit
        The weights; a small made-up audit by default.
    """
    result = result or make_result()
    comparison = result.comparison
    left, right = canonical_side(result.left), canonical_side(result.right)
    players = (*differing(left, right), WEIGHTS)
    paces = np.array([1.0])
    if len(players) > 1:
        paces = np.full(len(players), (1.0 + overshoot) / (len(players) - 1))
        paces[-1] = -overshoot
    start, end = np.log(comparison.left), np.log(comparison.right)

    def way(places: tuple[int, ...]) -> np.ndarray:
        return softmax(start + (end - start) * paces[list(places)].sum())

    count = len(players)
    rows = [way(tuple(i for i in range(count) if mask >> i & 1)) for mask in range(1 << count)]
    rows[0], rows[-1] = comparison.left, comparison.right
    attribution = attribute(players, rows)

    def row_of(side: Side, form: Canonical) -> np.ndarray:
        same = form.pixels.resize == left.pixels.resize
        return rows[0] if same else rows[-1] if side is Side.RIGHT else rows[1]

    places = itertools.product(Side, Side)
    feed = cross_feed({place: rows[0] if place[0] is Side.LEFT else rows[-1] for place in places})
    stages = players[:-1]
    situation = Situation(left, right, stages, comparison.max_abs_difference, CHECK.tolerance)
    proposals = search(situation, row_of, {})
    facts = Facts(result.picture, result.left, result.right, comparison, CHECK, result.labels)
    audit = audit or make_audit()
    reasons = Reasons(facts, attribution, feed, proposals, (), {}, None, NOISE, audit)
    findings = explain_findings(reasons)
    return Explanation(
        result=result,
        verdict=explain_verdict(reasons, findings),
        findings=findings,
        attribution=attribution,
        cross_feed=feed,
        proposals=proposals,
        noise=NOISE,
        required_rtol=required_rtol(comparison.left, comparison.right),
        required_atol=required_atol(comparison.left, comparison.right),
        trials=(),
        labels=None,
        audit=audit,
        milliseconds=210.0,
    )


def make_audit(layers: int = 3, unequal: bool = True) -> WeightAudit:
    """Audit made-up weights: equal kernels, one bias that is not, and one that the right lacks."""
    random = np.random.default_rng(5)
    left, right = [], []
    for layer in range(layers):
        values = random.normal(size=(3, layer + 2)).astype(np.float32)
        left.append(NamedWeight(f"block_{layer}/kernel", values))
        right.append(NamedWeight(f"MobilenetV2/expanded_{layer}/weights", values))
    if unequal:
        bias = random.normal(size=11).astype(np.float32)
        left.append(NamedWeight("head/bias", bias))
        right.append(NamedWeight("Logits/biases", bias + np.float32(0.25)))
        left.append(NamedWeight("head/extra", random.normal(size=(7, 13)).astype(np.float32)))
    return audit_weights(left, right)
