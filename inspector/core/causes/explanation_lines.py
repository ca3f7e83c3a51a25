"""An explanation in sentences: what the causes tab says, and what a Markdown report lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.causes.attribution import cause_title, percent_text
from inspector.core.facts import PairCheck
from inspector.core.reports.explain_report import proposal_text

if TYPE_CHECKING:
    from inspector.core.causes.attribution import Attribution
    from inspector.core.causes.closing import Proposal
    from inspector.core.causes.crossfeed import Cell, CrossFeed
    from inspector.core.causes.explanation import Explanation

ONE_SIDED = 10.0
"""Times by which one of input and model must outweigh the other to be named as the cause."""

_NAMED_PROPOSALS = 3


def explanation_lines(explanation: Explanation) -> tuple[str, ...]:
    """Give an explanation as sentences, each of which can stand alone."""
    audit = explanation.audit
    return (
        *share_sentences(explanation.attribution),
        feed_sentence(explanation.cross_feed, explanation.result.comparison.noise_floor),
        *(
            f"To close the gap: {proposal_text(proposal)}. {remaining_text(proposal)}."
            for proposal in explanation.proposals[:_NAMED_PROPOSALS]
        ),
        *(() if audit is None else (audit.text,)),
    )


def share_sentences(attribution: Attribution) -> tuple[str, ...]:
    """Say how much each cause contributes, the largest first; nothing where nothing differs."""
    if attribution.total <= 0:
        return ()
    ordered = sorted(attribution.shares, key=lambda share: -share.value)
    parts = [f"{cause_title(s.stage)} {s.value:+.3g} ({percent_text(s.share)})" for s in ordered]
    return (f"Largest difference {attribution.total:.3g}, divided: {', '.join(parts)}.",)


def feed_sentence(table: CrossFeed, noise_floor: float | None = None) -> str:
    """Say what exchanging the input moves, what exchanging the model moves, and what follows."""
    return (
        f"Exchanging the input moves a probability by up to {table.by_input:.3g}, "
        f"exchanging the model by up to {table.by_model:.3g}: {_conclusion(table, noise_floor)}."
    )


def from_left(cell: Cell) -> float | None:
    """Tell where a cell stands between left/left (0) and right/right (1).

    None where these two are the same, so that there is nothing between them.
    """
    left, right = cell.distances["left/left"], cell.distances["right/right"]
    return left / (left + right) if left + right > 0 else None


def remaining_text(proposal: Proposal) -> str:
    """Say what a proposal leaves, such as ``0.0012 of 0.12 remains``."""
    if proposal.remaining == 0:
        return "Nothing remains"
    return f"{proposal.remaining:.3g} of {proposal.total:.3g} remains"


def _conclusion(table: CrossFeed, noise_floor: float | None) -> str:
    tolerance = PairCheck(noise_floor or 0.0, model_gap=None, logit_gap=None).tolerance
    if max(table.by_input, table.by_model) <= tolerance:
        return "both are float noise"
    if table.by_input >= ONE_SIDED * table.by_model:
        return "the difference comes from the input"
    if table.by_model >= ONE_SIDED * table.by_input:
        return "the difference comes from the model"
    return "both matter"
