"""What the user should know of a proposal besides its values, in sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inspector.core.pairs import OutputKind
from inspector.core.proposing import known
from inspector.core.proposing_labels import labels_match
from inspector.core.sources import SourceKind

if TYPE_CHECKING:
    from inspector.core.input_range import InputRange
    from inspector.core.proposing import ConventionProposal, SideProposal
    from inspector.core.proposing_observation import SideObservation

LEAST_TRAINED = 0.4
"""Share from which a model counts as trained."""


def side_notes(
    seen: SideObservation,
    trained: float,
    wanted: ConventionProposal[InputRange],
    channels: ConventionProposal[str],
) -> tuple[str, ...]:
    """Give what to know of one model.

    Parameters
    ----------
    seen
        What was found out about it.
    trained
        How surely it is trained, 0 to 1.
    wanted, channels
        What was proposed.
    """
    notes = []
    if trained < LEAST_TRAINED:
        notes.append(
            "Nothing shows that this model is trained: its first layers do not fit any pictures, "
            "and its answers tell little of them. Take every proposal for a guess."
        )
    if not seen.inside:
        notes.append(_outside_note(seen))
    if seen.sigmoid:
        notes.append(SIGMOID_NOTE)
    if wanted.is_doubtful:
        notes.append(unsettled_note(wanted))
    if channels.value == "bgr" and not wanted.value.bgr:
        notes.append(BLUE_NOTE)
    return tuple(notes)


def with_range(side: SideProposal, wanted: ConventionProposal[InputRange]) -> SideProposal:
    """Give a proposal with another range, without what was said of the one that it had."""
    gone = {unsettled_note(side.range)}
    channels = side.channels
    if wanted.value.bgr:
        gone.add(BLUE_NOTE)
        channels = known("bgr", f"The range {wanted.value.text} is blue first.")
    notes = tuple(note for note in side.notes if note not in gone)
    return replace(side, range=wanted, channels=channels, notes=notes)


BLUE_NOTE = (
    "A pair file cannot say that a model of this range takes blue first: compare with the mode "
    '"bgr" on this side, which exchanges red and blue before it.'
)
SIGMOID_NOTE = (
    "It ends in a sigmoid, so that each class has a probability of its own. A comparison reads "
    "every row as classes that exclude each other, by a softmax: save the model without its "
    'sigmoid, and write output = "logits".'
)


def unsettled_note(wanted: ConventionProposal[InputRange]) -> str:
    """Say that a range is not settled."""
    return (
        f"The range is not settled: {wanted.value.text} is only "
        f"{wanted.confidence * 100:.0f} % likely."
    )


def _outside_note(seen: SideObservation) -> str:
    if seen.source.kind is SourceKind.TFLITE:
        return (
            "Converted to TFLite, a model keeps no batch norms that would tell of its range: only "
            "its answers, the names of its layers, its last operation and its quantisation tell of "
            "its conventions."
        )
    return "Its graph could not be looked into, so only its answers tell of its conventions."


def pair_notes(left: SideProposal, right: SideProposal) -> tuple[str, ...]:
    """Give what to know of two models together."""
    notes = []
    features = [side.output.value is OutputKind.FEATURES for side in (left, right)]
    if features[0] != features[1]:
        notes.append(
            "One model gives features and the other class scores; the two cannot be compared."
        )
    elif left.classes != right.classes:
        notes.append(
            f"The models do not share their classes: {left.classes} on the left, {right.classes} "
            "on the right. A comparison will be refused."
        )
    labels = max((left.labels, right.labels), key=lambda each: each.confidence)
    if not any(features) and not labels_match(labels.value, left.classes):
        notes.append(f"The labels {labels.value} do not fit the {left.classes} classes.")
    return tuple(notes)
