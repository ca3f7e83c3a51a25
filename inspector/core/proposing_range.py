"""Which range of input a model was trained with, judged from experiments.

Every known range is an affine map of pixels in [0, 1]. What a model scales inside, what its first
batch norms remember, which known network it is made of, how much its answers say about the
pictures, and whether it agrees with the other model each give points.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.input_range import KNOWN_RANGES, LEVELS, SYMMETRIC, UNIT, InputRange
from inspector.core.proposing_evidence import Evidence, softmax_of
from inspector.core.sources import SourceKind, is_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from inspector.core.proposing_observation import FirstNorm, Front, SideObservation
    from inspector.core.sources import Source

    Affine = tuple[NDArray[np.float64], NDArray[np.float64]]


NORM_POINTS = 8.0
"""Points for each nat of relative entropy that a range fits better, at perfect correlation."""
FRONT_POINTS = 5.0
FAMILY_POINTS = 3.0
CLEAR_POINTS = 8.0
AGREEMENT_POINTS = 6.0
SAME_POINTS = 3.0
DOCUMENTED_POINTS = 8.0

GOES_WITH = 0.5
"""Correlation from which a batch norm's memory goes with what pictures give it."""

_WORST_FIT = 8.0
_TRAINED_CLARITY = 0.25
"""How clear the answers of a trained model are at least."""


@dataclass(frozen=True, slots=True)
class Family:
    """A known network: by what its layers are called, and what its first layer receives."""

    name: str
    marks: tuple[str, ...]
    range: InputRange


def affine(wanted: InputRange) -> Affine:
    """Give matrix and offset that make a range of pixels in [0, 1], RGB."""
    order = np.eye(3)[::-1] if wanted.bgr else np.eye(3)
    black, white = np.asarray(wanted.black), np.asarray(wanted.white)
    return np.diag(white - black) @ order, black


def fit_of(norm: FirstNorm) -> float:
    """Give how far what a batch norm receives is from what it remembers, in nats per channel.

    It is the relative entropy of two normal distributions, averaged over the channels; a channel
    counts for at most 8.
    """
    remembered = np.maximum(norm.variance, 1e-9)
    seen = np.maximum(norm.seen_variance, 1e-9)
    shift = (norm.seen_mean - norm.mean) ** 2
    entropy = 0.5 * ((seen + shift) / remembered - 1.0 - np.log(seen / remembered))
    return float(np.minimum(entropy, _WORST_FIT).mean())


def correlation_of(norm: FirstNorm) -> float:
    """Give how the remembered and the received variances go together over the channels, 0 to 1.

    It does not depend on the scale, so it tells whether the norm was ever trained on pictures.
    """
    a, b = (np.log(np.maximum(each, 1e-9)) for each in (norm.variance, norm.seen_variance))
    if a.std() < 1e-3 or b.std() < 1e-9:
        return 0.0
    return max(0.0, float(np.corrcoef(a, b)[0, 1]))


def clarity_of(logits: NDArray[np.float64]) -> float:
    """Give how much the answers say about the pictures, and how little about flips and crops.

    Parameters
    ----------
    logits
        float64 (views, pictures, classes). They are brought to one spread first: larger inputs
        make larger logits in any network, which tells nothing.

    Returns
    -------
    float
        0 where all pictures are answered alike, 1 where each is answered surely, differently, and
        the same for all its views.
    """
    pictures = logits.shape[1]
    if pictures < 2 or not np.isfinite(logits).all():
        return 0.0
    rows = _evened(logits)
    told = float(np.mean([_entropy(view.mean(axis=0)) - _entropy(view).mean() for view in rows]))
    changed = float(np.mean([_divergence(rows[0], view) for view in rows[1:]]))
    if told < 1e-9:
        return 0.0
    return told / math.log(pictures) * told / (told + _UNSTEADY * max(changed, 0.0))


_UNSTEADY = 10.0


def _evened(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give probabilities of logits whose spread over everything is made 1."""
    centred = logits - logits.mean(axis=-1, keepdims=True)
    spread = float(centred.std())
    weights = np.exp(centred / spread if spread > 1e-9 else np.zeros_like(centred))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def _divergence(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Give the mean Jensen-Shannon divergence of rows, in nats."""
    mixed = _entropy((a + b) / 2) - (_entropy(a) + _entropy(b)) / 2
    return float(mixed.mean())


def _entropy(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(-(rows * np.log(np.maximum(rows, 1e-30))).sum(axis=-1))


def trained_share(observation: SideObservation, clarity: Mapping[InputRange, float]) -> float:
    """Give how surely a model is trained, 0 to 1: by its first batch norm, or its answers."""
    norms = [_correlation(observation, each) for each in observation.trials]
    answers = max(clarity.values()) / _TRAINED_CLARITY
    return min(1.0, max([answers, *norms]))


def _correlation(observation: SideObservation, candidate: InputRange) -> float:
    norms = observation.trials[candidate].norms
    return correlation_of(norms[0]) if norms else 0.0


def norm_evidence(observation: SideObservation) -> Evidence[InputRange] | None:
    """Judge by the first batch norm: which range gives it what it remembers."""
    norms = {each: trial.norms[0] for each, trial in observation.trials.items() if trial.norms}
    if not norms:
        return None
    if all(norm.variance.std() < 1e-3 and norm.mean.std() < 1e-3 for norm in norms.values()):
        return Evidence(
            {},
            "Its first batch norm holds a mean of 0 and a variance of 1 for every channel: either "
            "it was never trained, or the statistics were folded into its factors.",
        )
    fits = {each: fit_of(norm) for each, norm in norms.items()}
    best, second = sorted(fits, key=lambda each: fits[each])[:2]
    correlation = correlation_of(norms[best])
    points = {each: -NORM_POINTS * correlation**2 * fit for each, fit in fits.items()}
    if correlation < GOES_WITH:
        return Evidence(
            points,
            "The statistics of its first batch norm do not go with those of any pictures "
            f"(correlation {correlation:.2f}), as if it had not been trained on any.",
        )
    return Evidence(
        points,
        f"Its first batch norm receives what it remembers from training with {best.text}: "
        f"{fits[best]:.2f} nats per channel off, against {fits[second]:.2f} with {second.text}; "
        f"the spreads of its channels correlate by {correlation:.2f}.",
    )


def front_evidence(front: Front | None) -> Evidence[InputRange] | None:
    """Judge by what the model itself does to its input before the first layer."""
    if front is None or front.passes_on:
        return None
    reached = {each: _reached(front, each) for each in KNOWN_RANGES}
    points = {each: FRONT_POINTS if name else 0.0 for each, name in reached.items()}
    hits = [each for each, name in reached.items() if name]
    done = _words_of(front)
    if not hits:
        return Evidence(
            points, f"The model itself {done}, which brings no usual range to another usual one."
        )
    found = " or ".join(f"{each.text} to {reached[each]}" for each in hits)
    return Evidence(points, f"The model itself {done}, which brings {found}.")


def _reached(front: Front, candidate: InputRange) -> str:
    """Name the usual range that the first layer gets for a candidate, or give nothing."""
    matrix, offset = affine(candidate)
    inner = front.matrix @ matrix, front.matrix @ offset + front.offset
    if _same(inner, affine(candidate)):
        return ""
    for usual in KNOWN_RANGES:
        if _same(inner, affine(usual)):
            return usual.text
    black, white = inner[1], inner[0].sum(axis=1) + inner[1]
    standard = np.all((black > -3.0) & (black < -1.3)) and np.all((white > 1.3) & (white < 3.2))
    return "a mean near 0 and a spread near 1" if standard else ""


def _same(a: Affine, b: Affine) -> bool:
    span = float(np.abs(b[0]).max())
    gap = max(float(np.abs(a[0] - b[0]).max()), float(np.abs(a[1] - b[1]).max()))
    return gap <= 0.02 * span


def _words_of(front: Front) -> str:
    diagonal = np.diag(front.matrix)
    if not np.allclose(front.matrix, np.diag(diagonal), atol=1e-6 * np.abs(front.matrix).max()):
        return "mixes or exchanges the channels of its input"
    factors = _short(diagonal)
    words = [] if factors == "1" else [f"multiplies its input by {factors}"]
    if np.abs(front.offset).max() > 1e-9:
        words.append(f"adds {_short(front.offset)}")
    return " and ".join(words) or "passes its input on"


def _short(values: NDArray[np.float64]) -> str:
    texts = [f"{value:.4g}" for value in values]
    return texts[0] if len(set(texts)) == 1 else f"({', '.join(texts)})"


def family_evidence(
    family: Family | None, front: Front | None, trained: float
) -> Evidence[InputRange] | None:
    """Judge by the network that the model's layers are named after."""
    if family is None:
        return None
    strength = FAMILY_POINTS * (0.25 + 0.75 * trained)
    scaled = None if front is None or front.passes_on else front
    points = {}
    for each in KNOWN_RANGES:
        inner = each.text if scaled is None else _reached(scaled, each)
        points[each] = strength if inner == family.range.text else 0.0
    return Evidence(
        points,
        f"Its layers are named like those of {family.name}, whose first layer takes "
        f"{family.range.text} as Keras trains it.",
    )


def clarity_evidence(clarity: Mapping[InputRange, float]) -> Evidence[InputRange] | None:
    """Judge by how clear the answers are with each range."""
    highest = max(clarity.values())
    points = {each: CLEAR_POINTS * (value - highest) for each, value in clarity.items()}
    told = ", ".join(f"{value:.2f} with {each.text}" for each, value in _ranked(clarity))
    return Evidence(
        points, f"How clear and steady its answers are, from 0 to 1: {told} (weak evidence)."
    )


def _ranked(values: Mapping[InputRange, float]) -> list[tuple[InputRange, float]]:
    return sorted(values.items(), key=lambda pair: -pair[1])


def usual_evidence(source: Source) -> Evidence[InputRange]:
    """Judge by what is usual for this kind of source, before any experiment."""
    usual = {SYMMETRIC: 0.5, LEVELS: 0.4, UNIT: 0.3}
    said = "What is usual for a Keras model: any of the known ranges."
    if source.kind is SourceKind.HUB:
        usual = {UNIT: 4.0 if is_url(source.target) else 1.5}
        said = "Image modules of TensorFlow Hub take [0, 1] by Hub's own convention."
    elif source.kind in {SourceKind.SAVED_MODEL, SourceKind.FROZEN_GRAPH, SourceKind.TFLITE}:
        usual = {UNIT: 0.4, SYMMETRIC: 0.3, LEVELS: 0.3}
        said = "What is usual for such a file: any of the known ranges."
    return Evidence(usual, said)


def application_evidence(name: str, wanted: InputRange) -> Evidence[InputRange]:
    """Take what Keras documents for one of its applications."""
    said = f"keras.applications.{name} is documented to take {wanted.text}."
    return Evidence({wanted: DOCUMENTED_POINTS}, said)


def input_evidence(seen: SideObservation) -> Evidence[InputRange] | None:
    """Take what the type of the input says: quantised to a range, or whole numbers."""
    if seen.reach is not None:
        low, high = seen.reach
        points = {
            each: DOCUMENTED_POINTS
            for each in KNOWN_RANGES
            if max(abs(each.low - low), abs(each.high - high)) <= 0.03 * (each.high - each.low)
        }
        fits = f", which is {next(iter(points)).text}" if points else ""
        return Evidence(
            points, f"Its input is quantised to numbers from {low:.4g} to {high:.4g}{fits}."
        )
    if seen.whole_numbers:
        said = "It takes whole numbers, so the levels 0 to 255 as they are."
        return Evidence({LEVELS: DOCUMENTED_POINTS}, said)
    return None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two models on the same pictures, each with a range of its own.

    Attributes
    ----------
    correlation
        Of their centred logits.
    same
        Whether they are the same but for float noise.
    """

    correlation: float
    same: bool


def joint_beliefs(
    left: Sequence[Evidence[InputRange]],
    right: Sequence[Evidence[InputRange]],
    agreements: Mapping[tuple[InputRange, InputRange], Agreement],
) -> dict[tuple[InputRange, InputRange], float]:
    """Believe in ranges of both models at once, since they must agree where they are twins."""
    sums = {}
    for a in KNOWN_RANGES:
        for b in KNOWN_RANGES:
            found = agreements.get((a, b))
            points = math.fsum(e.points.get(a, 0.0) for e in left)
            points += math.fsum(e.points.get(b, 0.0) for e in right)
            sums[a, b] = points + (agreement_points(found) if found else 0.0)
    return softmax_of(sums)


def agreement_points(found: Agreement) -> float:
    """Give the points of one combination of ranges."""
    strength = max(0.0, found.correlation) ** 8
    return AGREEMENT_POINTS * strength + (SAME_POINTS if found.same else 0.0)
