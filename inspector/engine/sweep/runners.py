"""The fastest form of each model that gives the published numbers: folded, frozen or as it is."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.comparison import RESTLESS
from inspector.core.errors import InspectorError
from inspector.core.scores import OutputSwitches, interpret
from inspector.engine.checks import input_size, probe
from inspector.engine.sweep.folding import fold_batch_norms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from inspector.engine.classifier import Classifier

    Run = Callable[[NDArray[np.float32]], NDArray[np.float32]]

LEAST_LIMIT = 1e-6
"""|Δp| that is float noise however quiet the probes were: eight steps of a float32 below 1."""

_CALLS_PYTHON = frozenset({"PyFunc", "PyFuncStateless", "EagerPyFunc"})


class Form(StrEnum):
    """What a model is run as."""

    FOLDED = "folded"
    FROZEN = "frozen"
    PUBLISHED = "published"


@dataclass(frozen=True, eq=False, slots=True)
class Runner:
    """A model, ready for batches from several threads at once.

    Attributes
    ----------
    form
        What it is run as.
    gap
        Largest |Δp| against the published form on the probes; 0 for the published form itself.
    run
        float32 (batch, height, width, 3) to the raw rows, float32 (batch, n).
    """

    form: Form
    gap: float
    run: Run


def make_runner(model: Classifier, noise_floor: float) -> Runner:
    """Give the fastest form of a model that agrees with it within the noise floor.

    Folded is tried before frozen; where neither can be made or agrees, the model is run as it was
    published, one batch at a time, since nobody has promised that its calls may overlap.

    Parameters
    ----------
    model
        The loaded release.
    noise_floor
        Largest |Δp| that the pair's models show against themselves.
    """
    probes = model.spec.range.from_unit(probe(input_size(model)))
    published = _probabilities(model, model.run(probes).raw)
    # A release that gives another answer each time proves nothing of a faster form.
    limit = max(noise_floor if noise_floor <= RESTLESS else 0.0, LEAST_LIMIT)
    for form, run in _forms(model):
        gap = _gap(model, run, probes, published)
        if gap <= limit:
            return Runner(form, gap, run)
    return Runner(Form.PUBLISHED, 0.0, _in_turns(model))


def _forms(model: Classifier) -> Iterator[tuple[Form, Run]]:
    """Yield the faster forms that can be made, the fastest first."""
    frozen = _freeze(model)
    if frozen is None:
        return
    folded, count = fold_batch_norms(frozen.graph.as_graph_def())
    if count:
        yield Form.FOLDED, _call(_imported(folded, frozen))
    yield Form.FROZEN, _call(frozen)


def _freeze(model: Classifier) -> Any | None:
    """Give the model with its variables made constants, or None where that cannot be done."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2,
    )

    height, width = input_size(model)
    batch = tf.TensorSpec([None, height, width, 3], tf.float32)

    def call(inputs: Any) -> Any:
        return model.trace(inputs)

    try:
        concrete = tf.function(call, autograph=False).get_concrete_function(batch)
        frozen = convert_variables_to_constants_v2(concrete)
    except (
        *(ValueError, TypeError, LookupError, AttributeError, RuntimeError),
        *(InspectorError, tf.errors.OpError),
    ):
        return None
    kinds = {operation.type for operation in frozen.graph.get_operations()}
    return None if kinds & _CALLS_PYTHON else frozen


def _imported(graph_def: Any, frozen: Any) -> Any:
    """Make a function of a rewritten graph with the ends of the one that it was made of."""
    import tensorflow as tf

    imported = tf.compat.v1.wrap_function(
        lambda: tf.graph_util.import_graph_def(graph_def, name=""), []
    )
    return imported.prune(
        [tensor.name for tensor in frozen.inputs], [tensor.name for tensor in frozen.outputs]
    )


def _call(function: Any) -> Run:
    import tensorflow as tf

    def run(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(function(tf.constant(batch))[0], dtype=np.float32)

    return run


def _in_turns(model: Classifier) -> Run:
    turn = threading.Lock()

    def run(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        with turn:
            return model.run(batch).raw

    return run


def _gap(
    model: Classifier,
    run: Run,
    probes: NDArray[np.float32],
    published: NDArray[np.float64],
) -> float:
    """Give the largest |Δp| on the probes, one by one and together; infinite where it fails."""
    import tensorflow as tf

    try:
        together = _probabilities(model, run(probes))
        alone = _probabilities(model, run(probes[:1]))
    except (ValueError, TypeError, RuntimeError, tf.errors.OpError):
        return float("inf")
    gaps = (np.abs(together - published).max(), np.abs(alone - published[:1]).max())
    return float(max(gaps)) if np.isfinite(gaps).all() else float("inf")


def _probabilities(model: Classifier, raw: NDArray[np.float32]) -> NDArray[np.float64]:
    spec = model.spec
    switches = OutputSwitches()
    return np.stack(
        [interpret(row, spec.output, spec.background, switches).probabilities for row in raw]
    )
