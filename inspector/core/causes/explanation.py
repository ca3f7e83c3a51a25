"""Why the two differ: everything that an explanation holds, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.core.causes.attribution import Attribution
    from inspector.core.causes.closing import Proposal
    from inspector.core.causes.crossfeed import CrossFeed
    from inspector.core.findings import Finding
    from inspector.core.pairs import Side
    from inspector.core.result import Result
    from inspector.core.verdict import Verdict
    from inspector.core.weights.audit import WeightAudit


@dataclass(frozen=True, slots=True)
class NoiseRow:
    """One measurement of how far a model is from itself.

    Attributes
    ----------
    side
        Whose model.
    what
        ``run_again``, ``batch`` (alone against among others) or ``frozen`` (variables made
        constants and the graph optimised, against as published).
    max_abs_difference
        Largest |Δp|, or None where it could not be measured.
    """

    side: Side
    what: str
    max_abs_difference: float | None


NOISE_TITLES = {
    "run_again": "run twice on the same input",
    "batch": "run alone, then in a batch",
    "frozen": "run as published, then frozen",
}
"""What each measurement of the noise floor compares."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A convention that was tried on one side, on the picture itself.

    Attributes
    ----------
    side
        Whose input was changed.
    what
        ``range`` or ``channel_order``.
    choice
        What was tried, such as ``[-1, 1]`` or ``BGR``.
    as_declared
        Whether this is what the release declares.
    gap
        Largest |Δp| from the other side, both given the same pixels otherwise.
    documented
        Whether the side's publisher documents what the release declares.
    """

    side: Side
    what: str
    choice: str
    as_declared: bool
    gap: float
    documented: bool = False


@dataclass(frozen=True, slots=True)
class LabelMatch:
    """How the classes of both sides correspond, found from the outputs alone.

    Attributes
    ----------
    shift
        Right index minus left index that fits best.
    agreement, agreement_unshifted
        Correlation of the logits over pictures and classes with that shift, and without.
    permuted
        Number of classes that another class fits exactly while their own does not.
    """

    shift: int
    agreement: float
    agreement_unshifted: float
    permuted: int


@dataclass(frozen=True, eq=False, slots=True)
class MeasuredCauses:
    """What was measured to say why two releases differ on a picture, whatever they give.

    Attributes
    ----------
    verdict, findings
        With the causes known.
    attribution, cross_feed
        How much each stage causes; input against model.
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


@dataclass(frozen=True, eq=False, slots=True)
class Explanation(MeasuredCauses):
    """A comparison of classes with its causes.

    Attributes
    ----------
    result
        The comparison.
    labels
        How the classes of both sides correspond, where that could be told.
    """

    result: Result
    labels: LabelMatch | None
