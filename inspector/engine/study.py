"""What is measured once for a loaded pair, when its first explanation is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.causes.attribution import largest_difference
from inspector.core.causes.explanation import NoiseRow
from inspector.core.causes.label_match import match_labels
from inspector.core.errors import ReleaseError
from inspector.core.pairs import OutputKind, Side
from inspector.core.scores import OutputSwitches, interpret
from inspector.core.weights.quantised import find_quantised
from inspector.engine.checks import input_size, probe
from inspector.engine.weights import audit_pair, read_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.causes.attribution import Distance
    from inspector.core.causes.explanation import LabelMatch
    from inspector.core.scores import Scores
    from inspector.core.weights.audit import WeightAudit
    from inspector.core.weights.quantised import QuantisedWeights
    from inspector.engine.classifier import Classifier, Outputs
    from inspector.engine.engine import LoadedPair
    from inspector.engine.watcher import Watcher

_PROBES = 6


@dataclass(frozen=True, slots=True)
class PairStudy:
    """Noise floor, correspondence of the classes, and what is known of the weights."""

    noise: tuple[NoiseRow, ...]
    labels: LabelMatch | None
    audit: WeightAudit | None
    quantised: tuple[QuantisedWeights, ...]


def study_pair(
    pair: LoadedPair, watcher: Watcher, distance: Distance = largest_difference
) -> PairStudy:
    """Measure the noise floor in three ways, and match the classes where there are any.

    Parameters
    ----------
    pair
        Both models.
    watcher
        Is told how far it is.
    distance
        How far two rows of one model are apart: the unit of the noise floor.
    """
    noise: list[NoiseRow] = []
    logits: list[NDArray[np.float64]] = []
    for side, model in ((Side.LEFT, pair.left), (Side.RIGHT, pair.right)):
        watcher.stage(f"Measuring the noise floor of {model.spec.name}")
        size = input_size(model)
        batch = _inputs(model, size)
        rows = _scores(model, model.run(batch))
        alone = _scores(model, model.run(batch[:1]))[0]
        again = _scores(model, model.run(batch[:1]))[0]
        noise += [
            NoiseRow(side, "run_again", distance(alone.probabilities, again.probabilities)),
            NoiseRow(side, "batch", distance(alone.probabilities, rows[0].probabilities)),
            NoiseRow(side, "frozen", _frozen_gap(model, batch[:1], alone, distance)),
        ]
        logits.append(np.stack([row.logits for row in rows]))
    same_size = input_size(pair.left) == input_size(pair.right)
    classes = pair.spec.left.output is not OutputKind.FEATURES
    matched = match_labels(logits[0], logits[1]) if same_size and classes else None
    watcher.stage("Comparing the weights of both releases")
    return PairStudy(
        tuple(noise),
        matched,
        pair.check.audit or try_audit(pair.left, pair.right),
        _quantised(pair),
    )


def try_audit(left: Classifier, right: Classifier) -> WeightAudit | None:
    """Audit the weights, or give None where a release gives no access to them."""
    try:
        return audit_pair(left, right)
    except ReleaseError:
        return None


def _quantised(pair: LoadedPair) -> tuple[QuantisedWeights, ...]:
    found = []
    for side, model in ((Side.LEFT, pair.left), (Side.RIGHT, pair.right)):
        try:
            report = find_quantised(side, read_weights(model))
        except ReleaseError:
            continue
        if report is not None:
            found.append(report)
    return tuple(found)


def _inputs(model: Classifier, size: tuple[int, int]) -> NDArray[np.float32]:
    unit = probe(size)
    both = np.concatenate([unit, unit[:, ::-1] * np.float32(0.7)])[:_PROBES]
    return model.spec.range.from_unit(both)


def _scores(model: Classifier, outputs: Outputs) -> list[Scores]:
    spec = model.spec
    return [
        interpret(
            outputs.raw[i],
            spec.output,
            spec.background,
            OutputSwitches(),
            None if outputs.logits is None else outputs.logits[i],
        )
        for i in range(len(outputs.raw))
    ]


def _frozen_gap(
    model: Classifier, batch: NDArray[np.float32], alone: Scores, distance: Distance
) -> float | None:
    """Freeze variables to constants, optimise the graph, and compare; None where it cannot be."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2,
    )

    def call(inputs: Any) -> Any:
        return model.trace(inputs)

    try:
        concrete = tf.function(call, autograph=False).get_concrete_function(
            tf.TensorSpec(batch.shape, tf.float32)
        )
        frozen = convert_variables_to_constants_v2(concrete)
        raw = np.asarray(frozen(tf.constant(batch))[0])
    except (ValueError, TypeError, RuntimeError, tf.errors.OpError):
        return None
    spec = model.spec
    frozen_scores = interpret(raw[0], spec.output, spec.background, OutputSwitches())
    return distance(alone.probabilities, frozen_scores.probabilities)
