"""Checks of a loaded pair: declared conventions against the models, and the noise floor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.core.errors import ReleaseError
from inspector.core.facts import PairCheck, SideNoise
from inspector.core.metrics import centred
from inspector.core.output_reading import looks_like_sigmoid, looks_probable, no_row_error
from inspector.core.pairs import OutputKind
from inspector.core.scores import OutputSwitches, Scores, interpret

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.pairs import ReleaseSpec
    from inspector.engine.classifier import Classifier, Outputs

_PROBE_BATCH = 3
_DEFAULT_SIZE = (224, 224)


def input_size(model: Classifier) -> tuple[int, int]:
    """Give the input size to use: declared, else the model's own, else 224 × 224.

    Raises
    ------
    ReleaseError
        Where the declared size is not the model's.
    """
    declared, own = model.spec.size, model.size
    if declared is not None and own is not None and declared != own:
        raise ReleaseError(
            f"{model.spec.name} takes {own[0]} × {own[1]} pixels, but the pair's entry says "
            f"{declared[0]} × {declared[1]}.",
            f"Write size = [{own[0]}, {own[1]}], or leave it out.",
        )
    return declared or own or _DEFAULT_SIZE


def probe(size: tuple[int, int]) -> NDArray[np.float32]:
    """Make the probe pictures: smooth coloured noise in [0, 1], float32 (3, height, width, 3)."""
    random = np.random.default_rng(7)
    height, width = size
    rows = np.linspace(0, 1, height)[:, None, None]
    columns = np.linspace(0, 1, width)[None, :, None]
    batch = []
    for _ in range(_PROBE_BATCH):
        waves = np.zeros((height, width, 3))
        for strength in (1.0, 0.6, 0.4, 0.25):
            fy, fx, phase = random.uniform(-6, 6, 3), random.uniform(-6, 6, 3), random.uniform(0, 6)
            waves += strength * np.sin(2 * np.pi * (fy * rows + fx * columns) / strength + phase)
        batch.append((waves - waves.min()) / np.ptp(waves))
    return np.stack(batch).astype(np.float32)


def check_pair(left: Classifier, right: Classifier) -> tuple[PairCheck, int]:
    """Run both models on the probe pictures and hold the declared conventions against the outputs.

    Returns
    -------
    PairCheck
        Noise floor, and how far the two are apart on the very same pixels.
    int
        Number of shared classes.

    Raises
    ------
    ReleaseError
        Where an output is not what the pair's entry declares.
    """
    noises: list[SideNoise] = []
    firsts: list[Scores] = []
    sizes: list[tuple[int, int]] = []
    steps: list[float] = []
    for model in (left, right):
        size = input_size(model)
        batch = model.spec.range.from_unit(probe(size))
        once = model.run(batch[:1])
        check_outputs(model.spec, once)
        first = _scores(model.spec, once)
        noises.append(
            SideNoise(
                again=_gap(first, _scores(model.spec, model.run(batch[:1]))),
                batch=_gap(first, _scores(model.spec, model.run(batch))),
            )
        )
        firsts.append(first)
        sizes.append(size)
        steps.append(once.step)
    a, b = firsts
    _check_class_counts(left.spec, right.spec, a, b)
    same_size = sizes[0] == sizes[1]
    floors = [gap for noise in noises for gap in (noise.again, noise.batch)]
    check = PairCheck(
        noise_floor=max((floor for floor in floors if np.isfinite(floor)), default=0.0),
        model_gap=_finite(_gap(a, b)) if same_size else None,
        logit_gap=_finite(_logit_gap(a, b)) if same_size else None,
        left_noise=noises[0],
        right_noise=noises[1],
        left_step=steps[0],
        right_step=steps[1],
    )
    return check, int(a.probabilities.size)


def check_outputs(spec: ReleaseSpec, outputs: Outputs) -> None:
    """Hold a first output against the declared convention.

    Raises
    ------
    ReleaseError
        Where it is no row of numbers per picture, a declared probability row does not sum to 1, or
        declared logits are probabilities.
    """
    raw = outputs.raw
    if raw.ndim == 1 or raw.shape[1:] == (1,):
        raise no_row_error(spec.name, raw.shape)
    if raw.ndim != 2 or raw.shape[1] < 2 + int(spec.background):
        raise ReleaseError(
            f"{spec.name} gives an output of shape {list(raw.shape)}, not one row of class scores "
            "per picture.",
            "Choose a classification model with its top.",
        )
    row = raw[0].astype(np.float64)
    if not np.isfinite(row).all():
        return
    total = float(row.sum())
    is_probable = looks_probable(row, outputs.step)
    if spec.output is OutputKind.PROBABILITIES and not is_probable:
        raise ReleaseError(
            f"{spec.name} is declared to give probabilities, but its row sums to {total:.6g} and "
            f"spans {row.min():.4g} to {row.max():.4g}.",
            _SIGMOID_MEND
            if looks_like_sigmoid(row)
            else 'Write output = "logits" in the pair\'s entry.',
        )
    if spec.output is OutputKind.LOGITS and is_probable:
        raise ReleaseError(
            f"{spec.name} is declared to give logits, but its row sums to 1 and has no negative "
            "number, so it holds probabilities.",
            'Write output = "probabilities" in the pair\'s entry.',
        )


_SIGMOID_MEND = (
    "It looks like a sigmoid for each class, which no comparison reads: save the model with "
    'activation=None in its last layer, and write output = "logits".'
)


def _check_class_counts(left: ReleaseSpec, right: ReleaseSpec, a: Scores, b: Scores) -> None:
    if a.probabilities.size == b.probabilities.size:
        return
    counts = [
        f"{spec.name} has {scores.probabilities.size + int(spec.background)} outputs"
        f"{' with' if spec.background else ' without'} a background class"
        for spec, scores in ((left, a), (right, b))
    ]
    raise ReleaseError(
        f"The releases do not share their classes: {counts[0]}, {counts[1]}.",
        "Check 'background' in the pair's entry.",
    )


def _scores(spec: ReleaseSpec, outputs: Outputs) -> Scores:
    logits = None if outputs.logits is None else outputs.logits[0]
    return interpret(outputs.raw[0], spec.output, spec.background, OutputSwitches(), logits)


def _gap(a: Scores, b: Scores) -> float:
    return _largest(a.probabilities, b.probabilities)


def _logit_gap(a: Scores, b: Scores) -> float:
    return _largest(centred(a.logits), centred(b.logits))


def _largest(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    with np.errstate(invalid="ignore"):
        return float(np.max(np.abs(a - b)))


def _finite(number: float) -> float | None:
    return number if np.isfinite(number) else None
