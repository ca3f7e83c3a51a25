"""Endpoints of a graph: the operations after which something new begins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.endpoints import Endpoint, EndpointKind
from inspector.engine.batches import run_batch
from inspector.engine.graph_walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from inspector.engine.classifier import Classifier

_CALLS = re.compile(r"((Stateful)?PartitionedCall(_\d+)?/)+")
"""What the functions that were called leave before the names of their operations."""


class GraphReader:
    """Reads tensors of a graph.

    Parameters
    ----------
    prune
        TensorFlow's ``WrappedFunction.prune``: takes fed and fetched tensors, gives a function.
    source, targets
        The tensors of the model's input and outputs.
    """

    def __init__(
        self,
        prune: Callable[[list[Any], list[Any]], Any],
        source: Any,
        targets: Sequence[Any],
    ) -> None:
        self._prune = prune
        self._source = source
        self._batch: int | None = source.shape[0] if source.shape.rank else None
        self._tensors = _tensors(source, targets)
        self._calls: dict[tuple[str, ...], Any] = {}

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """All operations that end a block, in the order of depth."""
        return tuple(endpoint for endpoint, _ in self._tensors.values())

    def read(self, batch: NDArray[np.float32], names: Sequence[str]) -> list[NDArray[np.float32]]:
        """Give what some operations make of a batch."""
        import tensorflow as tf

        key = tuple(names)
        if key not in self._calls:
            fetches = [self._tensors[name][1] for name in key]
            self._calls[key] = self._prune([self._source], fetches)
        call = self._calls[key]

        def run(part: NDArray[np.float32]) -> list[NDArray[np.float32]]:
            return [np.asarray(values, dtype=np.float32) for values in call(tf.constant(part))]

        return list(run_batch(run, batch, self._batch))


def _tensors(source: Any, targets: Sequence[Any]) -> dict[str, tuple[Endpoint, Any]]:
    walk = Walk(source, targets)
    found: dict[str, tuple[Endpoint, Any]] = {}
    for operation in walk.operations:
        tensor = operation.outputs[0]
        if not (tensor.dtype.is_floating and _has_rows(tensor) and walk.ends_block(operation)):
            continue
        name = _CALLS.sub("", operation.name)
        name = operation.name if name in found else name
        shape = () if tensor.shape.rank is None else tuple(tensor.shape.as_list()[1:])
        endpoint = Endpoint(name, shape, EndpointKind.OPERATION, operation.type)
        found[name] = endpoint, tensor
    return found


def _has_rows(tensor: Any) -> bool:
    return tensor.shape.rank is None or tensor.shape.rank >= 2


def read_graph(model: Classifier) -> GraphReader | None:
    """Give a reader of the operations of a release; None where its graph cannot be had.

    A TF1-format object gives its tensors as it is. Of others the variables are frozen into a graph
    of their own, in which every function is written out; that changes no number.
    """
    import tensorflow as tf

    function = tf1_function(model)
    if function is not None:
        loaded = model.loaded  # type: ignore[attr-defined]
        find = loaded.graph.get_tensor_by_name
        outputs = [find(tensor.name) for tensor in function.outputs]
        return GraphReader(loaded.prune, find(function.inputs[0].name), outputs)
    try:
        return _frozen(model)
    except (ValueError, TypeError, RuntimeError, tf.errors.OpError):
        return None


def tf1_function(model: Classifier) -> Any | None:
    """Give the signature that a release in TF1's format is run by; None for other releases."""
    is_tf1 = hasattr(getattr(model, "loaded", None), "prune")
    return getattr(getattr(model, "published", None), "function", None) if is_tf1 else None


def _frozen(model: Classifier) -> GraphReader:
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2,
    )

    def call(batch: Any) -> Any:
        return model.trace(batch)

    shape = getattr(getattr(model, "published", None), "shape", None)
    batch = None if shape is None or shape.rank is None else shape[0]
    spec = tf.TensorSpec([batch, *(model.size or (None, None)), 3], tf.float32)
    concrete = tf.function(call, autograph=False).get_concrete_function(spec)
    frozen = convert_variables_to_constants_v2(concrete)
    definition = frozen.graph.as_graph_def()
    wrapped = tf.compat.v1.wrap_function(
        lambda: tf.import_graph_def(definition, name=""), signature=[]
    )
    find = wrapped.graph.get_tensor_by_name
    return GraphReader(wrapped.prune, find(frozen.inputs[0].name), [find(frozen.outputs[0].name)])
