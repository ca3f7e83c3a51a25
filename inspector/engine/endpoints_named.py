"""Endpoints that a SavedModel names itself: a signature's outputs, or what a call gives on request.

Modules of Hub's TF1 format give them beside ``default``, such as ``InceptionV3/Mixed_6b``. Some
Hub models of TF2's format that were made with slim give them where ``return_endpoints`` is set
(https://github.com/tensorflow/hub/issues/453).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.endpoints import Endpoint, EndpointKind
from inspector.engine.batches import run_batch
from inspector.engine.endpoints_graph import tf1_function
from inspector.engine.graph_walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from inspector.engine.classifier import Classifier

_CHOSEN = "default"
_FEWEST = 2
"""Named outputs besides the answer from which a release counts as naming its inside."""

_WAYS: tuple[dict[str, bool], ...] = (
    {"training": False, "return_endpoints": True},
    {"return_endpoints": True},
)


class NamedReader:
    """Reads what a call gives by name.

    Parameters
    ----------
    call
        Takes a batch, gives a dictionary of tensors.
    endpoints
        What of it are endpoints, in the order of depth.
    fixed
        The only batch size that it takes, or None.
    """

    def __init__(
        self,
        call: Callable[[Any], Mapping[str, Any]],
        endpoints: tuple[Endpoint, ...],
        fixed: int | None,
    ) -> None:
        self._call = call
        self._endpoints = endpoints
        self._fixed = fixed
        self._calls: dict[tuple[str, ...], Any] = {}

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """All named outputs but the answer itself."""
        return self._endpoints

    def read(self, batch: NDArray[np.float32], names: Sequence[str]) -> list[NDArray[np.float32]]:
        """Give some named outputs for a batch."""
        import tensorflow as tf

        key = tuple(names)
        if key not in self._calls:
            self._calls[key] = _selecting(self._call, key)
        call = self._calls[key]

        def run(part: NDArray[np.float32]) -> list[NDArray[np.float32]]:
            return [np.asarray(values, dtype=np.float32) for values in call(tf.constant(part))]

        return list(run_batch(run, batch, self._fixed))


def _selecting(call: Callable[[Any], Mapping[str, Any]], names: tuple[str, ...]) -> Any:
    """Make one function of a call and a selection, so that nothing else is computed."""
    import tensorflow as tf

    @tf.function(autograph=False)  # type: ignore[untyped-decorator]
    def select(batch: Any) -> list[Any]:
        outputs = call(batch)
        return [outputs[name] for name in names]

    return select


def read_signature(model: Classifier) -> NamedReader | None:
    """Give a reader of a TF1-format module's outputs; None for other releases, and without any."""
    function = tf1_function(model)
    if function is None:
        return None
    published = model.published  # type: ignore[attr-defined]
    names = _flat_names(function.structured_outputs)
    tensors = dict(zip(names, function.outputs, strict=True))
    endpoints = _in_order(tensors, tensors, function.inputs[0])
    if len(endpoints) < _FEWEST:
        return None
    shape = published.shape
    return NamedReader(published.call, endpoints, None if shape.rank is None else shape[0])


def _in_order(
    outputs: Mapping[str, Any], tensors: Mapping[str, Any], source: Any
) -> tuple[Endpoint, ...]:
    """Give endpoints by the depth of their tensors in a graph that leads from `source` to them."""
    walk = Walk(source, tensors.values())
    found = [
        Endpoint(name, _shape(outputs[name]), EndpointKind.NAMED_OUTPUT, tensors[name].op.type)
        for name in sorted(tensors, key=lambda name: walk.depth(tensors[name].op))
        if name != _CHOSEN and outputs[name].dtype.is_floating
    ]
    return tuple(found)


def _shape(tensor: Any) -> tuple[int | None, ...]:
    return () if tensor.shape.rank is None else tuple(tensor.shape.as_list()[1:])


def read_call_endpoints(model: Classifier) -> NamedReader | None:
    """Give a reader of a callable SavedModel's endpoints; None where it offers none."""
    loaded = getattr(model, "loaded", None)
    published = getattr(model, "published", None)
    if published is None or published.function is not None or not callable(loaded):
        return None
    shape = published.shape
    fixed = None if shape is None or shape.rank is None else shape[0]
    for way in _WAYS:
        call = _asking(loaded, way)
        outputs = _try(call, model, fixed)
        if outputs is not None:
            endpoints = _ordered_by_function(loaded, outputs)
            return NamedReader(call, endpoints, fixed) if len(endpoints) >= _FEWEST else None
    return None


def _asking(loaded: Any, way: Mapping[str, bool]) -> Callable[[Any], Mapping[str, Any]]:
    def call(batch: Any) -> Mapping[str, Any]:
        outputs = loaded(batch, **way)
        if isinstance(outputs, list | tuple):
            outputs = next(part for part in reversed(outputs) if isinstance(part, dict))
        if not isinstance(outputs, dict):
            raise TypeError("no dictionary of endpoints")
        return outputs

    return call


def _try(call: Any, model: Classifier, fixed: int | None) -> dict[str, Any] | None:
    """Trace a call without running it; give what comes out, or None where it is not offered."""
    import tensorflow as tf

    spec = tf.TensorSpec([fixed, *(model.size or (None, None)), 3], tf.float32)
    try:
        concrete = tf.function(call, autograph=False).get_concrete_function(spec)
    except (ValueError, TypeError, LookupError, StopIteration, tf.errors.OpError):
        return None
    return dict(concrete.structured_outputs)


def _ordered_by_function(loaded: Any, outputs: Mapping[str, Any]) -> tuple[Endpoint, ...]:
    """Order endpoints by the graph of the published function that gives them."""
    for function in loaded.__call__.concrete_functions:
        names = _flat_names(function.structured_outputs)
        tensors = {
            name: tensor
            for name, tensor in zip(names, function.outputs, strict=False)
            if name in outputs
        }
        if set(tensors) == set(outputs):
            return _in_order(outputs, tensors, function.inputs[0])
    return tuple(
        Endpoint(name, _shape(tensor), EndpointKind.NAMED_OUTPUT)
        for name, tensor in outputs.items()
        if name != _CHOSEN
    )


def _flat_names(structure: Any) -> list[str]:
    """Give the names of a function's outputs in the order in which TensorFlow lays them out."""
    parts = structure if isinstance(structure, list | tuple) else [structure]
    return [
        name for part in parts for name in (sorted(part) if isinstance(part, dict) else [_CHOSEN])
    ]
