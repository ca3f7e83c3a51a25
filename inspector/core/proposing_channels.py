"""Whether models take red or blue first, judged from experiments with the two exchanged."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from inspector.core import proposing_range as ranges
from inspector.core.input_range import CAFFE
from inspector.core.proposing import LIKELY, ConventionProposal
from inspector.core.proposing_evidence import HIGHEST, Evidence, beliefs, proposal_of, softmax_of
from inspector.core.proposing_output import agreement_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from inspector.core.input_range import InputRange
    from inspector.core.proposing_observation import SideObservation

    Order = str

ORDERS: tuple[Order, ...] = ("rgb", "bgr")

RGB_FIRST = 2.2
"""Points for red first before any experiment: about nine models of ten."""

_CROSSED = -1.0
"""Points for two models of one pair that differ in this: rarer than two that both take BGR."""

_NORM_POINTS = 8.0
_AGREEMENT_POINTS = 3.0
_SAME = 3.0
_FLOOR = 0.003
"""Part of the answers' variance that float noise and quantisation leave unexplained."""

_TELLING = 1.0
"""Points from which an exchange of red and blue is told as deciding."""


@dataclass(frozen=True, eq=False, slots=True)
class Tried:
    """One model's answers with red first and with blue first.

    Attributes
    ----------
    plain
        float64 (rows, n), logits to be compared with another model's.
    exchanged
        The same with red and blue exchanged, None where that was not tried.
    clarity
        How clear the answers are with RGB and with BGR, 0 to 1; None where it was not measured.
    """

    plain: NDArray[np.float64]
    exchanged: NDArray[np.float64] | None
    clarity: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class ChannelProposals:
    """The order of the channels, for one model or two.

    Attributes
    ----------
    sides
        One proposal for each model, left first.
    note
        That one of the two takes blue first, where that is likely; else empty.
    """

    sides: tuple[ConventionProposal[Order], ...]
    note: str = ""


def channel_proposals(
    seen: Sequence[SideObservation],
    wanted: Sequence[ConventionProposal[InputRange]],
    tried: Sequence[Tried],
) -> ChannelProposals:
    """Propose the order of the channels.

    Parameters
    ----------
    seen, wanted, tried
        What was found out about each model, its range, and what it answers; left first.
    """
    own = [_own_evidence(*each) for each in zip(seen, wanted, tried, strict=True)]
    free = [not each.value.bgr for each in wanted]
    if len(seen) == len(ORDERS) and all(free):
        together = _agreements(*tried)
        if together is not None:
            return _joint(own, wanted, together)
    return ChannelProposals(
        tuple(
            _alone(evidence, found) if is_free else _named(found)
            for evidence, found, is_free in zip(own, wanted, free, strict=True)
        )
    )


def _named(wanted: ConventionProposal[InputRange]) -> ConventionProposal[Order]:
    """Take the order that the range names; it is no surer than the range."""
    sure = min(0.9, wanted.confidence) if wanted.confidence < 1.0 else 1.0
    said = f"The range {wanted.value.text} is blue first."
    return ConventionProposal("bgr", sure, (said,))


def _alone(
    evidence: list[Evidence[Order]], wanted: ConventionProposal[InputRange]
) -> ConventionProposal[Order]:
    usual = Evidence({"rgb": RGB_FIRST}, "Nearly every model takes red first.")
    found = [*evidence, usual]
    said = [each.sentence for each in found]
    return _with_range(proposal_of(beliefs(ORDERS, found), said), wanted)


def _own_evidence(
    seen: SideObservation, wanted: ConventionProposal[InputRange], tried: Tried
) -> list[Evidence[Order]]:
    """Judge by one model alone: its first batch norm, and how clear its answers are."""
    found = []
    exchanged = seen.exchanged.get(wanted.value)
    plain = seen.trials[wanted.value].norms
    norms = () if exchanged is None else exchanged.norms
    correlation = ranges.correlation_of(plain[0]) if plain and norms else 0.0
    if correlation >= ranges.GOES_WITH:
        strength = _NORM_POINTS * correlation**2
        fits = ranges.fit_of(plain[0]), ranges.fit_of(norms[0])
        points = {order: -strength * fit for order, fit in zip(ORDERS, fits, strict=True)}
        said = f"Its first batch norm is {fits[0]:.2f} nats off with RGB, {fits[1]:.2f} with BGR."
        found.append(Evidence(points, said))
    if tried.clarity is not None:
        points = {
            order: ranges.CLEAR_POINTS * clarity
            for order, clarity in zip(ORDERS, tried.clarity, strict=True)
        }
        said = (
            f"How clear and steady its answers are, from 0 to 1: {tried.clarity[0]:.3f} with RGB, "
            f"{tried.clarity[1]:.3f} with BGR (weak evidence)."
        )
        found.append(Evidence(points, said))
    return found


@dataclass(frozen=True, slots=True)
class _Agreements:
    """How two models agree: given the same order, and with one of them given the other."""

    alike: ranges.Agreement
    crossed: ranges.Agreement

    def points(self, *, crossed: bool) -> float:
        """Give points by the part of the answers that an order leaves unexplained."""
        found = self.crossed if crossed else self.alike
        unexplained = max(1.0 - found.correlation, 0.0) + _FLOOR
        return -_AGREEMENT_POINTS * math.log(unexplained) + (_SAME if found.same else 0.0)

    @property
    def lead(self) -> float:
        """Give the points by which the same order leads."""
        return self.points(crossed=False) - self.points(crossed=True)

    @property
    def sentence(self) -> str:
        """Say it in words."""
        alike, crossed = _words(self.alike), _words(self.crossed)
        said = (
            f"Given the same order of channels the two models {alike}; with red and blue exchanged "
            f"on one side they {crossed}"
        )
        if self.lead > _TELLING:
            return f"{said}, so they take the same order."
        if self.lead < -_TELLING:
            return f"{said}, so one of them takes blue first; which one, this does not tell."
        return f"{said}, which does not decide."


def _words(found: ranges.Agreement) -> str:
    return "give the same numbers" if found.same else f"correlate by {found.correlation:.3f}"


def _agreements(left: Tried, right: Tried) -> _Agreements | None:
    """Try each order on each side.

    Which of the two is exchanged changes no more than rounding, so that it must not decide which
    one takes blue first: the better of both counts for both.
    """
    if left.exchanged is None or right.exchanged is None:
        return None
    crossed = (
        agreement_of(left.exchanged, right.plain),
        agreement_of(left.plain, right.exchanged),
    )
    return _Agreements(
        agreement_of(left.plain, right.plain),
        max(crossed, key=lambda found: (found.same, found.correlation)),
    )


def _joint(
    own: Sequence[list[Evidence[Order]]],
    wanted: Sequence[ConventionProposal[InputRange]],
    found: _Agreements,
) -> ChannelProposals:
    sums = {}
    for left in ORDERS:
        for right in ORDERS:
            points = math.fsum(each.points.get(left, 0.0) for each in own[0])
            points += math.fsum(each.points.get(right, 0.0) for each in own[1])
            usual = RGB_FIRST if (left, right) == ("rgb", "rgb") else 0.0
            crossed = left != right
            sums[left, right] = (
                points + found.points(crossed=crossed) + (_CROSSED if crossed else usual)
            )
    joint = softmax_of(sums)
    best = max(joint, key=lambda pair: joint[pair])
    sides = tuple(
        _with_range(_marginal(joint, best, side, own[side], found.sentence), wanted[side])
        for side in (0, 1)
    )
    return ChannelProposals(sides, _note(best, joint))


def _marginal(
    joint: Mapping[tuple[Order, Order], float],
    best: tuple[Order, Order],
    side: int,
    own: list[Evidence[Order]],
    told: str,
) -> ConventionProposal[Order]:
    """Propose one side's order, as the likeliest combination of both has it."""
    value = best[side]
    belief = math.fsum(share for pair, share in joint.items() if pair[side] == value)
    other = next(order for order in ORDERS if order != value)
    usual = "Nearly every model takes red first."
    said = (told, *(each.sentence for each in own), usual)
    return ConventionProposal(value, min(belief, HIGHEST), said, ((other, 1.0 - belief),))


def _note(best: tuple[Order, Order], joint: Mapping[tuple[Order, Order], float]) -> str:
    if best[0] == best[1]:
        return ""
    sure = min(math.fsum(share for (a, b), share in joint.items() if a != b), HIGHEST)
    blue = "left" if best[0] == "bgr" else "right"
    which = (
        f"It is the {blue} one, by what it answers and remembers itself."
        if joint[best] >= LIKELY * sure
        else "Nothing tells for sure which of the two it is: see how each was trained."
    )
    return (
        f"One of the two models takes blue first ({sure * 100:.0f} % likely): with red and blue "
        f"exchanged on one side their answers come together. {which}"
    )


def _with_range(
    proposal: ConventionProposal[Order], wanted: ConventionProposal[InputRange]
) -> ConventionProposal[Order]:
    """Allow for a range that is blue first by itself and may be the right one after all."""
    blue = CAFFE.text
    share = dict(wanted.alternatives).get(blue, 0.0)
    if share < _WORTH_ALLOWING:
        return proposal
    other = 1.0 - share
    is_rgb = proposal.value == "rgb"
    confidence = proposal.confidence * other + (0.0 if is_rgb else share)
    said = f"The range may be {blue} after all ({share * 100:.0f} %), which is blue first."
    return replace(
        proposal,
        confidence=confidence,
        evidence=(*proposal.evidence, said),
        alternatives=(("bgr" if is_rgb else "rgb", 1.0 - confidence),),
    )


_WORTH_ALLOWING = 0.05
