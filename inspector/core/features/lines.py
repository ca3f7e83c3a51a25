"""An explanation of features in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.causes.attribution import cause_title, percent_text
from inspector.core.causes.explanation_lines import ONE_SIDED, remaining_text
from inspector.core.comparison import noise_tolerance
from inspector.core.features.explanation import DISTANCE_NAME
from inspector.core.reports.explain_report import proposal_text

if TYPE_CHECKING:
    from inspector.core.causes.attribution import Attribution
    from inspector.core.causes.crossfeed import CrossFeed
    from inspector.core.features.explanation import FeatureExplanation

_NAMED_PROPOSALS = 3


def feature_lines(explanation: FeatureExplanation) -> tuple[str, ...]:
    """Give an explanation as sentences, each of which can stand alone."""
    audit = explanation.audit
    return (
        *_share_sentences(explanation.attribution),
        feature_feed_sentence(explanation.cross_feed, explanation.result.comparison.noise_floor),
        *(
            f"To close the gap: {proposal_text(proposal)}. {remaining_text(proposal)}."
            for proposal in explanation.proposals[:_NAMED_PROPOSALS]
        ),
        *(() if audit is None else (audit.text,)),
    )


def feature_feed_sentence(table: CrossFeed, noise_floor: float | None = None) -> str:
    """Say what exchanging the input moves, what exchanging the model moves, and what follows."""
    return (
        f"Exchanging the input moves the features by up to {table.by_input:.3g}, exchanging the "
        f"model by up to {table.by_model:.3g} (relative L2): {_conclusion(table, noise_floor)}."
    )


def _share_sentences(attribution: Attribution) -> tuple[str, ...]:
    if attribution.total <= 0:
        return ()
    ordered = sorted(attribution.shares, key=lambda share: -share.value)
    parts = [f"{cause_title(s.stage)} {s.value:+.3g} ({percent_text(s.share)})" for s in ordered]
    name = DISTANCE_NAME[:1].upper() + DISTANCE_NAME[1:]
    return (f"{name} {attribution.total:.3g}, divided: {', '.join(parts)}.",)


def _conclusion(table: CrossFeed, noise_floor: float | None) -> str:
    if max(table.by_input, table.by_model) <= noise_tolerance(noise_floor):
        return "both are float noise"
    if table.by_input >= ONE_SIDED * table.by_model:
        return "the difference comes from the input"
    if table.by_model >= ONE_SIDED * table.by_input:
        return "the difference comes from the model"
    return "both matter"
