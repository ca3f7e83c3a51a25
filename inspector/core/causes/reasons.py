"""Everything that was measured about a difference, for rules and verdict to judge from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inspector.core.causes.attribution import Attribution
    from inspector.core.causes.closing import Proposal
    from inspector.core.causes.crossfeed import CrossFeed
    from inspector.core.causes.explanation import LabelMatch, NoiseRow, Trial
    from inspector.core.facts import Facts, InputGap
    from inspector.core.weights.audit import WeightAudit
    from inspector.core.weights.quantised import QuantisedWeights


@dataclass(frozen=True, eq=False, slots=True)
class Reasons:
    """Everything that was measured about a difference.

    Attributes
    ----------
    facts
        What a comparison alone shows.
    attribution, cross_feed, proposals, trials
        What the mixed runs show.
    stage_gaps
        For each pixel stage that differs: how far exchanging it alone moves the left input.
    labels, noise, audit, quantised
        What was measured of the two models.
    distance_name
        What is divided among the causes, in words.
    """

    facts: Facts
    attribution: Attribution
    cross_feed: CrossFeed
    proposals: tuple[Proposal, ...]
    trials: tuple[Trial, ...]
    stage_gaps: Mapping[str, InputGap]
    labels: LabelMatch | None
    noise: tuple[NoiseRow, ...]
    audit: WeightAudit | None
    quantised: tuple[QuantisedWeights, ...] = ()
    distance_name: str = "largest difference"

    @property
    def tolerance(self) -> float:
        """The |Δp| that counts as float noise."""
        return self.facts.check.tolerance
