"""An explanation in sentences: what the causes tab says, and what a Markdown report lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.causes.attribution import cause_title, percent_text, within_noise_text
from inspector.core.comparison import noise_tolerance
from inspector.core.reports.explain_report import proposal_text, remaining_text

if TYPE_CHECKING:
    from inspector.core.causes.attribution import Attribution
    from inspector.core.causes.closing import Proposal
    from inspector.core.causes.crossfeed import Cell, CrossFeed
    from inspector.core.causes.explanation import Explanation, MeasuredCauses

ONE_SIDED = 10.0
"""Times by which one of input and model must outweigh the other to be named as the cause."""

_NAMED_PROPOSALS = 3


def explanation_lines(explanation: Explanation) -> tuple[str, ...]:
    """Give an explanation as sentences, each of which can stand alone."""
    return (
        *cause_sentences(explanation),
        feed_sentence(explanation.cross_feed, explanation.result.comparison.noise_floor),
        *closing_sentences(explanation.proposals),
        *(() if explanation.audit is None else (explanation.audit.text,)),
    )


def closing_sentences(proposals: tuple[Proposal, ...]) -> tuple[str, ...]:
    """Say what would close the gap, the best first; a few only."""
    return tuple(
        f"To close the gap: {proposal_text(proposal)}. {remaining_text(proposal)}."
        for proposal in proposals[:_NAMED_PROPOSALS]
    )


def cause_sentences(
    explanation: MeasuredCauses, what: str = "Largest difference"
) -> tuple[str, ...]:
    """Say how much each cause contributes, or that what differs is too little to have causes."""
    if explanation.verdict.agrees:
        return (within_noise_text(explanation.attribution.total),)
    return share_sentences(explanation.attribution, what)


def share_sentences(attribution: Attribution, what: str = "Largest difference") -> tuple[str, ...]:
    """Say how much each cause contributes, the largest first; nothing where nothing differs."""
    if attribution.total <= 0:
        return ()
    ordered = sorted(attribution.shares, key=lambda share: -share.value)
    parts = [f"{cause_title(s.stage)} {s.value:+.3g} ({percent_text(s.share)})" for s in ordered]
    return (f"{what} {attribution.total:.3g}, divided: {', '.join(parts)}.",)


def feed_sentence(table: CrossFeed, noise_floor: float | None = None) -> str:
    """Say what exchanging the input moves, what exchanging the model moves, and what follows."""
    said = feed_conclusion(table, noise_floor)
    return (
        f"Exchanging the input moves a probability by up to {table.by_input:.3g}, "
        f"exchanging the model by up to {table.by_model:.3g}: {said}."
    )


def from_left(cell: Cell) -> float | None:
    """Tell where a cell stands between left/left (0) and right/right (1).

    None where these two are the same, so that there is nothing between them.
    """
    left, right = cell.distances["left/left"], cell.distances["right/right"]
    return left / (left + right) if left + right > 0 else None


def feed_conclusion(table: CrossFeed, noise_floor: float | None) -> str:
    """Say whether input or model makes the difference."""
    if max(table.by_input, table.by_model) <= noise_tolerance(noise_floor):
        return "both are float noise"
    if table.by_input >= ONE_SIDED * table.by_model:
        return "the difference comes from the input"
    if table.by_model >= ONE_SIDED * table.by_input:
        return "the difference comes from the model"
    return "both matter"
