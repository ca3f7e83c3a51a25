"""From what the experiments have shown to a proposal for every convention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.core import proposing_range as ranges
from inspector.core.input_range import KNOWN_RANGES, UNIT
from inspector.core.pairs import OutputKind
from inspector.core.proposing import (
    ConventionProposal,
    PairProposal,
    SideProposal,
    bare_spec,
    id_of,
    known,
)
from inspector.core.proposing_evidence import WORTH_SAYING, Evidence, beliefs, proposal_of
from inspector.core.proposing_families import FAMILIES, documented_range
from inspector.core.proposing_labels import labels_match, labels_proposal, wished_labels
from inspector.core.proposing_output import (
    agreement_of,
    as_logits,
    as_probabilities,
    background_proposal,
    output_proposal,
)
from inspector.core.sources import SourceKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from inspector.core.input_range import InputRange
    from inspector.core.proposing import ProposeTask
    from inspector.core.proposing_observation import SideObservation
    from inspector.core.proposing_range import Agreement

_CHANNEL_POINTS = 8.0
_RGB_FIRST = 3.0
_LEAST_TRAINED = 0.4
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
    evidence = [_range_evidence(each) for each in seen]
    proposed_ranges = _ranges(seen, evidence)
    sides = [
        _side(task, each, proposed_ranges[i], _other(seen, proposed_ranges, i), _common_floor(seen))
        for i, each in enumerate(seen)
    ]
    left, right = sides[0], sides[1] if len(sides) > 1 else None
    titles = [side.title for side in sides]
    return PairProposal(
        id=task.id or id_of(*titles),
        title=" and ".join(titles),
        left=left,
        right=right,
        notes=_pair_notes(left, right),
    )


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
        ranges.family_evidence(family, seen.front, trained),
        ranges.clarity_evidence(clarity),
        None if documented is not None else ranges.usual_evidence(seen.source),
    ]
    return [each for each in found if each is not None]


def _clarity(seen: SideObservation) -> dict[InputRange, float]:
    if _kind(seen) is OutputKind.FEATURES:
        return dict.fromkeys(seen.trials, 0.0)
    return {
        each: ranges.clarity_of(as_logits(trial.rows, seen.step))
        for each, trial in seen.trials.items()
    }


def _kind(seen: SideObservation) -> OutputKind:
    rows = np.concatenate([_flat(trial.rows) for trial in seen.trials.values()])
    return output_proposal(rows[np.isfinite(rows).all(axis=1)][:64], seen.step).value


def _flat(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return rows.reshape(-1, rows.shape[-1])


def _compared(seen: SideObservation, wanted: InputRange, floor: float) -> NDArray[np.float64]:
    """Give a trial's rows as logits of probabilities no lower than a floor where there is one."""
    rows = _flat(seen.trials[wanted].rows)
    if not floor:
        return as_logits(rows, seen.step)
    probable = as_probabilities(rows, seen.step)
    return np.asarray(np.log(np.maximum(probable, floor)))


def _common_floor(seen: Sequence[SideObservation]) -> float:
    """Give the probability below which a quantised side tells nothing; 0 where none is.

    It is put under both sides: else what only the finer one tells would look like disagreement.
    """
    quantised = [each for each in seen if each.step and _kind(each) is OutputKind.PROBABILITIES]
    return max((each.step / 2 for each in quantised), default=0.0)


def _ranges(
    seen: Sequence[SideObservation], evidence: Sequence[list[Evidence[InputRange]]]
) -> list[ConventionProposal[InputRange]]:
    if len(seen) == 1:
        believed = [beliefs(KNOWN_RANGES, evidence[0])]
        sentences = [_sentences(evidence[0])]
    else:
        floor = _common_floor(seen)
        agreements = {
            (a, b): agreement_of(_compared(seen[0], a, floor), _compared(seen[1], b, floor))
            for a in seen[0].trials
            for b in seen[1].trials
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
    return _compared(seen[other], chosen[other].value, _common_floor(seen))


def _side(
    task: ProposeTask,
    seen: SideObservation,
    wanted: ConventionProposal[InputRange],
    other: NDArray[np.float64] | None,
    floor: float,
) -> SideProposal:
    rows = _flat(seen.trials[wanted.value].rows)
    output = output_proposal(rows, seen.step, softmax=seen.softmax)
    background = background_proposal(_compared(seen, wanted.value, floor), output.value, other)
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
        channels=_channels(seen, wanted.value),
        output=output,
        background=background,
        labels=labels,
        mode=_mode(seen, wanted.value),
        fixes_size=seen.own_size is not None,
        notes=tuple(_notes(seen, wanted)),
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


def _channels(seen: SideObservation, wanted: InputRange) -> ConventionProposal[str]:
    """Propose the order of the channels, which the range may name already."""
    if wanted.bgr:
        return ConventionProposal("bgr", 0.9, (f"The range {wanted.text} is blue first.",))
    usual = Evidence({"rgb": _RGB_FIRST}, "Nearly every model takes red first.")
    plain, swapped = seen.trials[wanted].norms, seen.swapped_norms.get(wanted, ())
    found = [usual]
    correlation = ranges.correlation_of(plain[0]) if plain and swapped else 0.0
    if correlation >= ranges.GOES_WITH:
        strength = _CHANNEL_POINTS * correlation**2
        fits = ranges.fit_of(plain[0]), ranges.fit_of(swapped[0])
        points = {"rgb": -strength * fits[0], "bgr": -strength * fits[1]}
        said = f"Its first batch norm is {fits[0]:.2f} nats off with RGB, {fits[1]:.2f} with BGR."
        found.insert(0, Evidence(points, said))
    return proposal_of(beliefs(("rgb", "bgr"), found), [each.sentence for each in found])


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


def _notes(seen: SideObservation, wanted: ConventionProposal[InputRange]) -> list[str]:
    notes = []
    trained = ranges.trained_share(seen, _clarity(seen))
    if trained < _LEAST_TRAINED:
        notes.append(
            "Nothing shows that this model is trained: its first layers do not fit any pictures, "
            "and its answers tell little of them. Take every proposal for a guess."
        )
    if not seen.inside:
        notes.append(_outside_note(seen))
    if wanted.is_doubtful:
        notes.append(
            f"The range is not settled: {wanted.value.text} is only "
            f"{wanted.confidence * 100:.0f} % likely."
        )
    return notes


def _outside_note(seen: SideObservation) -> str:
    if seen.source.kind is SourceKind.TFLITE:
        return (
            "Converted to TFLite, a model keeps no batch norms that would tell of its range: only "
            "its answers, its last operation and its quantisation tell of its conventions."
        )
    return "Its graph could not be looked into, so only its answers tell of its conventions."


def _pair_notes(left: SideProposal, right: SideProposal | None) -> tuple[str, ...]:
    if right is None:
        return ()
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
