"""Why two rows of features differ: everything that an explanation holds, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.core.causes.attribution import Attribution
    from inspector.core.causes.closing import Proposal
    from inspector.core.causes.crossfeed import CrossFeed
    from inspector.core.causes.explanation import NoiseRow, Trial
    from inspector.core.features.result import FeatureResult
    from inspector.core.findings import Finding
    from inspector.core.verdict import Verdict
    from inspector.core.weights.audit import WeightAudit

DISTANCE_NAME = "relative L2 distance"
"""What is divided, fed across, closed and tried."""


@dataclass(frozen=True, eq=False, slots=True)
class FeatureExplanation:
    """A comparison of features with its causes.

    Every distance in its parts is relative: Euclidean, over the mean length of the left and the
    right row of this picture. In `noise` it is each measurement's own relative L2.

    Attributes
    ----------
    result
        The comparison.
    verdict, findings
        With the causes known.
    attribution, cross_feed
        How much each stage causes; input against model. Their first classes mean nothing here.
    proposals
        What would close the gap, the best first.
    noise
        How far each model is from itself.
    required_rtol, required_atol
        The tolerance that ``numpy.allclose`` would need (numpy's default for the other one).
    trials
        What was tried to tell a wrong convention from a right one.
    audit
        Both releases' variables, matched.
    milliseconds
        Wall time of the explanation, without the comparison.
    """

    result: FeatureResult
    verdict: Verdict
    findings: tuple[Finding, ...]
    attribution: Attribution
    cross_feed: CrossFeed
    proposals: tuple[Proposal, ...]
    noise: tuple[NoiseRow, ...]
    required_rtol: float
    required_atol: float
    trials: tuple[Trial, ...]
    audit: WeightAudit | None
    milliseconds: float
