"""Checks of a loaded pair that gives features: lengths, noise floor, order of the dimensions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.errors import ReleaseError
from inspector.core.features.comparison import best_factor, relative_l2
from inspector.core.features.facts import FeatureCheck
from inspector.core.features.match import match_dimensions
from inspector.core.pairs import OutputKind
from inspector.engine.checks import input_size, probe
from inspector.engine.features.flat import as_feature_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.features.match import DimensionMatch
    from inspector.core.pairs import ReleaseSpec
    from inspector.engine.classifier import Classifier

BATCH = 8
"""Probe pictures that are run at once."""


def open_feature_pair(
    left: Classifier, right: Classifier
) -> tuple[Classifier, Classifier, FeatureCheck]:
    """Run both models on probe pictures and hold the declared conventions against the outputs.

    Returns
    -------
    left, right : Classifier
        The same releases, each with one row of features per picture.
    check : FeatureCheck
        What was measured.

    Raises
    ------
    ReleaseError
        Where one side gives no features, or the rows have different lengths.
    """
    _require_features(left.spec, right.spec)
    left = as_feature_rows(left, _inputs(left, _probe(left)[:1]))
    right = as_feature_rows(right, _inputs(right, _probe(right)[:1]))
    rows = _rows(left, _probe(left)), _rows(right, _probe(right))
    _require_one_length(left.spec, right.spec, rows[0].shape[1], rows[1].shape[1])
    floors = [_noise(model, several) for model, several in zip((left, right), rows, strict=True)]
    check = FeatureCheck(
        noise_floor=max((floor for floor in floors if np.isfinite(floor)), default=0.0),
        model_gap=None,
        logit_gap=None,
        dimensions=rows[0].shape[1],
    )
    if input_size(left) != input_size(right):
        return left, right, check
    return left, right, _with_gap(check, left, right, rows)


def many_probes(size: tuple[int, int]) -> NDArray[np.float32]:
    """Make probe pictures enough to tell features apart: float32 (24, height, width, 3).

    They are the few of :func:`inspector.engine.checks.probe`, mirrored, turned upside down,
    darkened, and with their colours exchanged.
    """
    base = probe(size)
    views = [base, base[:, ::-1] * np.float32(0.7), base[:, :, ::-1], base[:, ::-1, ::-1]]
    views += [view[..., [2, 0, 1]] * np.float32(0.85) for view in views]
    return np.concatenate(views).astype(np.float32)


def _require_features(left: ReleaseSpec, right: ReleaseSpec) -> None:
    for spec, other in ((left, right), (right, left)):
        if spec.output is not OutputKind.FEATURES:
            raise ReleaseError(
                f"{other.name} gives features, but {spec.name} is declared to give {spec.output}, "
                "so there is nothing to compare them by.",
                'Write output = "features" for both sides, and name releases without their top.',
            )


def _require_one_length(left: ReleaseSpec, right: ReleaseSpec, a: int, b: int) -> None:
    if a != b:
        raise ReleaseError(
            f"The releases give rows of different lengths: {left.name} {a} features, {right.name} "
            f"{b}.",
            "Choose two releases of one network; its width (alpha) and the pooling count too.",
        )


def _probe(model: Classifier) -> NDArray[np.float32]:
    return probe(input_size(model))


def _inputs(model: Classifier, unit: NDArray[np.float32]) -> NDArray[np.float32]:
    return model.spec.range.from_unit(unit)


def _rows(model: Classifier, unit: NDArray[np.float32]) -> NDArray[np.float64]:
    """Give the features of pictures in [0, 1], float64 (pictures, dimensions)."""
    inputs = _inputs(model, unit)
    parts = [model.run(inputs[at : at + BATCH]).raw for at in range(0, len(inputs), BATCH)]
    return np.concatenate(parts).astype(np.float64)


def _noise(model: Classifier, several: NDArray[np.float64]) -> float:
    """Measure a picture alone against a second run, and against itself among others."""
    one = _probe(model)[:1]
    alone, again = _rows(model, one)[0], _rows(model, one)[0]
    return max(relative_l2(alone, again), relative_l2(alone, several[0]))


def _with_gap(
    check: FeatureCheck,
    left: Classifier,
    right: Classifier,
    rows: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> FeatureCheck:
    gaps = [relative_l2(a, b) for a, b in zip(*rows, strict=True)]
    if not np.isfinite(gaps).all():
        return check
    factors = [best_factor(a, b) or 0.0 for a, b in zip(*rows, strict=True)]
    rests = [relative_l2(a, f * b) for a, b, f in zip(*rows, factors, strict=True)]
    measured = replace(
        check,
        model_gap=max(gaps),
        factor_gap=max(rests),
        factors=(min(factors), max(factors)),
    )
    if measured.same_function:
        return measured
    return replace(measured, match=_match(left, right))


def _match(left: Classifier, right: Classifier) -> DimensionMatch | None:
    unit = many_probes(input_size(left))
    return match_dimensions(_rows(left, unit), _rows(right, unit))
