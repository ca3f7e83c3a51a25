"""From what the experiments have shown to a proposal for every convention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.core import proposing_range as ranges
from inspector.core.input_range import KNOWN_RANGES, UNIT
from inspector.core.output_reading import resolution
from inspector.core.pairs import OutputKind
from inspector.core.proposing import (
    ConventionProposal,
    PairProposal,
    SideProposal,
    bare_spec,
    id_of,
    known,
)
from inspector.core.proposing_channels import Tried, channel_proposals
from inspector.core.proposing_evidence import WORTH_SAYING, Evidence, beliefs, proposal_of
from inspector.core.proposing_families import FAMILIES, documented_range
from inspector.core.proposing_labels import labels_proposal, wished_labels
from inspector.core.proposing_notes import pair_notes, side_notes
from inspector.core.proposing_output import (
    agreement_of,
    as_logits,
    as_probabilities,
    background_proposal,
    before_sigmoid,
    output_proposal,
)
from inspector.core.sources import SourceKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from inspector.core.input_range import InputRange
    from inspector.core.proposing import ProposeTask
    from inspector.core.proposing_observation import SideObservation, Trial
    from inspector.core.proposing_range import Agreement

USUAL_SIZE = 224
"""What a model of any size is run at where nothing says otherwise."""


def propose_conventions(task: ProposeTask, seen: Sequence[SideObservation]) -> PairProposal:
    """Propose everything for one or two models.

    Parameters
    ----------
    task
        What the user asked for.
    seen
        What was found out about each model, left first.

    Raises
    ------
    PairFileError
        Where labels that the user named do not fit.
    """
    wanted = _ranges(seen)
    floor = _common_floor(seen)
    found = channel_proposals(
        seen, wanted, [_tried(*each, floor) for each in zip(seen, wanted, strict=True)]
    )
    sides = [
        _side(task, each, wanted[i], found.sides[i], _other(seen, wanted, i), floor)
        for i, each in enumerate(seen)
    ]
    left, right = sides[0], sides[1] if len(sides) > 1 else None
    titles = [side.title for side in sides]
    notes = () if right is None else pair_notes(left, right)
    return PairProposal(
        id=task.id or id_of(*titles),
        title=" and ".join(titles),
        left=left,
        right=right,
        notes=(found.note, *notes) if found.note else notes,
    )


def likely_ranges(seen: Sequence[SideObservation]) -> tuple[InputRange, ...]:
    """Give the range of each of one or two models that all evidence makes the likeliest."""
    return tuple(wanted.value for wanted in _ranges(seen))


def _range_evidence(seen: SideObservation) -> list[Evidence[InputRange]]:
    clarity = _clarity(seen)
    trained = ranges.trained_share(seen, clarity)
    family = next((each for each in FAMILIES if each.name == seen.family), None)
    documented = (
        documented_range(seen.source.target)
        if seen.source.kind is SourceKind.KERAS_APPLICATION
        else None
    )
    found = [
        None if documented is None else ranges.application_evidence(seen.source.target, documented),
        ranges.input_evidence(seen),
        ranges.front_evidence(seen.front),
        ranges.norm_evidence(seen),
        ranges.family_evidence(family, seen.front, 0.0 if seen.may_hide else trained),
        ranges.clarity_evidence(clarity),
        None if documented is not None else ranges.usual_evidence(seen.source),
    ]
    return [each for each in found if each is not None]


def _clarity(seen: SideObservation) -> dict[InputRange, float]:
    if _kind(seen) is OutputKind.FEATURES:
        return dict.fromkeys(seen.trials, 0.0)
    return {
        each: ranges.clarity_of(_logits(seen, trial.rows)) for each, trial in seen.trials.items()
    }


def _logits(seen: SideObservation, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give rows as what stood before the softmax or the sigmoid."""
    return before_sigmoid(rows, seen.step) if seen.sigmoid else as_logits(rows, seen.step)


def _kind(seen: SideObservation) -> OutputKind:
    rows = _all_rows(seen)
    finite = rows[np.isfinite(rows).all(axis=1)][:64]
    return output_proposal(finite, seen.step, sigmoid=seen.sigmoid).value


def _all_rows(seen: SideObservation) -> NDArray[np.float64]:
    return np.concatenate([_flat(trial.rows) for trial in seen.trials.values()])


def _flat(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return rows.reshape(-1, rows.shape[-1])


def _compared(seen: SideObservation, trial: Trial, floor: float) -> NDArray[np.float64]:
    """Give a trial's rows as logits of probabilities no lower than a floor where there is one."""
    rows = _flat(trial.rows)
    if not floor:
        return _logits(seen, rows)
    given = _logits(seen, rows) if seen.sigmoid else rows
    probable = as_probabilities(given, seen.step)
    return np.asarray(np.log(np.maximum(probable, floor)))


def _common_floor(seen: Sequence[SideObservation]) -> float:
    """Give the probability below which a quantised or half-precision side tells nothing, or 0.

    It is put under both sides: else what only the finer one tells would look like disagreement.
    """
    coarse = [_resolution(each) for each in seen if _kind(each) is OutputKind.PROBABILITIES]
    return max(coarse, default=0.0) / 2


def _resolution(seen: SideObservation) -> float:
    rows = _all_rows(seen)
    return resolution(rows[np.isfinite(rows).all(axis=1)], seen.step)


def _tried(seen: SideObservation, wanted: ConventionProposal[InputRange], floor: float) -> Tried:
    """Give what a model answers with its likely range, in both orders of the channels."""
    plain, exchanged = seen.trials[wanted.value], seen.exchanged.get(wanted.value)
    if exchanged is None:
        return Tried(_compared(seen, plain, floor), None, None)
    clear = None
    if _kind(seen) is not OutputKind.FEATURES:
        first, second = (_logits(seen, each.rows) for each in (plain, exchanged))
        clear = (ranges.clarity_of(first), ranges.clarity_of(second))
    return Tried(_compared(seen, plain, floor), _compared(seen, exchanged, floor), clear)


def _ranges(seen: Sequence[SideObservation]) -> list[ConventionProposal[InputRange]]:
    evidence = [_range_evidence(each) for each in seen]
    if len(seen) == 1:
        believed = [beliefs(KNOWN_RANGES, evidence[0])]
        sentences = [_sentences(evidence[0])]
    else:
        floor = _common_floor(seen)
        agreements = {
            (a, b): agreement_of(_compared(seen[0], one, floor), _compared(seen[1], two, floor))
            for a, one in seen[0].trials.items()
            for b, two in seen[1].trials.items()
        }
        joint = ranges.joint_beliefs(evidence[0], evidence[1], agreements)
        believed = [
            {
                each: sum(p for pair, p in joint.items() if pair[side] == each)
                for each in KNOWN_RANGES
            }
            for side in (0, 1)
        ]
        best = max(joint, key=lambda pair: joint[pair])
        told = agreement_sentence(best, agreements)
        sentences = [[told, *_sentences(each)] for each in evidence]
    return [
        proposal_of(each, said, lambda wanted: wanted.text)
        for each, said in zip(believed, sentences, strict=True)
    ]


def _sentences(evidence: Sequence[Evidence[InputRange]]) -> list[str]:
    """Give what was said, the strongest evidence first."""
    ranked = sorted(evidence, key=lambda each: -_strength(each))
    strong = [each.sentence for each in ranked if _strength(each) > WORTH_SAYING]
    return strong or [each.sentence for each in ranked]


def _strength(evidence: Evidence[InputRange]) -> float:
    """Give how many points it sets the ranges apart by, at most 20."""
    points = [evidence.points.get(each, 0.0) for each in KNOWN_RANGES]
    return min(max(points) - min(points), 20.0)


CLEAR_LEAD = 0.01
"""By so much a correlation must exceed the others before it is told as deciding."""


def agreement_sentence(
    best: tuple[InputRange, InputRange],
    agreements: Mapping[tuple[InputRange, InputRange], Agreement],
) -> str:
    """Say how well two models agree with the ranges that were chosen, and what that tells."""
    found = agreements[best]
    a, b = best[0].text, best[1].text
    if found.same:
        return f"With {a} on the left and {b} on the right both models give the same numbers."
    rival = max(each.correlation for pair, each in agreements.items() if pair != best)
    if found.correlation < 0.5:
        return "The two models do not agree with any ranges, so neither tells of the other."
    said = f"With {a} on the left and {b} on the right the answers correlate by"
    if rival >= found.correlation - CLEAR_LEAD:
        return (
            f"{said} {found.correlation:.3f}; other ranges come to {rival:.3f}, so that this does "
            "not decide between them."
        )
    return f"{said} {found.correlation:.3f}; with other ranges by at most {rival:.3f}."


def _other(
    seen: Sequence[SideObservation], chosen: Sequence[ConventionProposal[InputRange]], side: int
) -> NDArray[np.float64] | None:
    if len(seen) == 1:
        return None
    other = 1 - side
    return _compared(seen[other], seen[other].trials[chosen[other].value], _common_floor(seen))


def _side(
    task: ProposeTask,
    seen: SideObservation,
    wanted: ConventionProposal[InputRange],
    channels: ConventionProposal[str],
    other: NDArray[np.float64] | None,
    floor: float,
) -> SideProposal:
    trial = seen.trials[wanted.value]
    rows = _flat(trial.rows)
    output = output_proposal(rows, seen.step, softmax=seen.softmax, sigmoid=seen.sigmoid)
    background = background_proposal(_compared(seen, trial, floor), output.value, other)
    classes = rows.shape[1] - int(background.value)
    golf = int(rows[seen.golf_ball, int(background.value) :].argmax())
    labels = (
        wished_labels(task.labels, classes)
        if task.labels
        else labels_proposal(seen.source, classes, output.value, golf)
    )
    return SideProposal(
        source=seen.source,
        title=_title(seen),
        outputs=rows.shape[1],
        size=_size(seen),
        range=wanted,
        channels=channels,
        output=output,
        background=background,
        labels=labels,
        mode=_mode(seen, wanted.value),
        fixes_size=seen.own_size is not None,
        notes=side_notes(seen, ranges.trained_share(seen, _clarity(seen)), wanted, channels),
    )


def _title(seen: SideObservation) -> str:
    return bare_spec(seen.source).name


def _size(seen: SideObservation) -> ConventionProposal[tuple[int, int]]:
    if seen.own_size is not None:
        return known(seen.own_size, "The model fixes it.")
    clearest = max(seen.sizes, key=lambda size: seen.sizes[size])
    usual = seen.sizes.get(USUAL_SIZE, 0.0)
    told = ", ".join(f"{value:.2f} at {size}" for size, value in sorted(seen.sizes.items()))
    said = f"The model takes any size. How clear its answers are, from 0 to 1: {told}."
    better = seen.sizes[clearest] > usual + 0.1
    chosen = clearest if better else USUAL_SIZE
    guess = (
        f"{chosen} is much the clearest of those tried."
        if better
        else f"None is much clearer than the usual {USUAL_SIZE}, so that is a guess."
    )
    return ConventionProposal((chosen, chosen), 0.6 if better else 0.5, (said, guess))


def _mode(seen: SideObservation, wanted: InputRange) -> ConventionProposal[str]:
    """Propose how pictures are decoded and resized, which no file tells."""
    kind = seen.source.kind
    if wanted == UNIT and kind not in {SourceKind.KERAS_FILE, SourceKind.KERAS_WEIGHTS}:
        said = "A model in [0, 1] is usually fed as TensorFlow Hub's snippet does it."
        return ConventionProposal("hub", 0.8 if kind is SourceKind.HUB else 0.6, (said,))
    documented = kind is SourceKind.KERAS_APPLICATION
    said = "Keras' documented way: load_img, then the scaling of the range."
    unsaid = "No file says how the pictures of the training were decoded and resized."
    return ConventionProposal("keras", 0.85 if documented else 0.6, (said, unsaid))
