"""What a side did besides its inference run, for every view and report alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.core.comparison import compare
from inspector.core.numbers import difference_text, reads_as_probabilities, score_text
from inspector.core.pairs import Side
from inspector.core.top import top_rows

if TYPE_CHECKING:
    from inspector.core.comparison import Comparison
    from inspector.core.labels import Labels
    from inspector.core.result import Result, SideResult
    from inspector.core.scores import Scores
    from inspector.core.top import TopRow

_NAMED = 3
"""Pictures of a batch that are named in words."""


@dataclass(frozen=True, eq=False, slots=True)
class SideRun:
    """One further run of a side.

    Attributes
    ----------
    side
        Whose it is.
    title
        Such as ``Left, training mode``.
    warning
        ``untrained`` where its numbers say nothing of the picture; else empty.
    settings
        What was asked for, such as ``16 pictures, random crops, seed 0``.
    text
        What came of it, in one or two sentences.
    note
        What the user should know besides; may be empty.
    batch
        Which pictures of a folder were run beside this one, in few words; may be empty.
    heads
        Names of the two answers: the side's own, and this run's.
    compared
        The two answers: `left` is the side's own, `right` this run's.
    """

    side: Side
    title: str
    warning: str
    settings: str
    text: str
    note: str
    heads: tuple[str, str]
    compared: Comparison
    batch: str = ""

    @property
    def marked_title(self) -> str:
        """Give the title with its warning, for where nothing else shows it."""
        return f"{self.title}, {self.warning}" if self.warning else self.title

    def rows(self, labels: Labels, k: int) -> tuple[TopRow, ...]:
        """Give the classes among the first `k` of either answer: `left` is the side's own."""
        return top_rows(self.compared, labels, k)


def side_runs(result: Result) -> tuple[SideRun, ...]:
    """Give the further runs of both sides; the left side's and training mode first."""
    found = []
    for side in Side:
        made = result.side(side)
        for run in (_training_run(side, made, result.labels), _auxiliary_run(side, made, result)):
            if run is not None:
                found.append(run)
    return tuple(found)


def _training_run(side: Side, made: SideResult, labels: Labels) -> SideRun | None:
    effect = made.training
    if effect is None:
        return None
    js = "" if effect.js is None else f", Jensen-Shannon {effect.js:.3g} nats"
    random = (
        "random layers, so another seed gives other numbers"
        if effect.random
        else "no random layers"
    )
    largest = difference_text(effect.max_abs_difference).lstrip("+")
    text = (
        f"{_first_text(made.scores, effect.scores, labels)}; largest |Δp| {largest}{js}; {random}."
    )
    return SideRun(
        side=side,
        title=f"{side.capitalize()}, training mode",
        warning="",
        settings=effect.settings.words,
        text=text,
        note=effect.note,
        heads=("Inference", "Training"),
        compared=compare(made.scores, effect.scores),
        batch=batch_text(effect.pictures),
    )


def batch_text(pictures: tuple[str, ...]) -> str:
    """Say which pictures of a folder are in a batch: how many, and the first ones."""
    if not pictures:
        return ""
    first = ", ".join(pictures[:_NAMED])
    more = len(pictures) - _NAMED
    rest = f" and {more} more (all are named in the JSON)" if more > 0 else ""
    return f"Beside this picture: {first}{rest}."


def _auxiliary_run(side: Side, made: SideResult, result: Result) -> SideRun | None:
    head = made.auxiliary
    if head is None:
        return None
    return SideRun(
        side=side,
        title=f"{side.capitalize()}, auxiliary head",
        warning="" if head.trained else "untrained",
        settings=f"{head.settings.words}, at {head.endpoint}",
        text=f"{_heads_text(made.scores, head.scores, result.labels)}.",
        note=head.note,
        heads=("Main head", "Auxiliary head" if head.trained else "Untrained head"),
        compared=compare(made.scores, head.scores),
    )


def _first_text(own: Scores, other: Scores, labels: Labels) -> str:
    (before, was), (after, is_now) = _first(own), _first(other)
    if before == after:
        return f"Top 1 stays {labels.name(before)}, {was} → {is_now}"
    return f"Top 1 changes from {labels.name(before)} ({was}) to {labels.name(after)} ({is_now})"


def _heads_text(own: Scores, other: Scores, labels: Labels) -> str:
    (before, was), (after, is_now) = _first(own), _first(other)
    if before == after:
        return f"Both heads say {labels.name(before)}: main {was}, auxiliary {is_now}"
    return (
        f"Main head says {labels.name(before)} ({was}), auxiliary {labels.name(after)} ({is_now})"
    )


def _first(scores: Scores) -> tuple[int, str]:
    row = scores.probabilities
    index = int(row.argmax())
    return index, score_text(float(row[index]), reads_as_probabilities(row))
