"""Endpoints of a Keras model: its layers, also those of models inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.endpoints import Endpoint, EndpointKind
from inspector.engine.batches import run_batch
from inspector.engine.picture_shape import as_input

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from inspector.engine.classifier import Classifier

_PASSING_ON = {
    *("ZeroPadding2D", "Cropping2D", "Flatten", "Reshape", "Identity", "Permute"),
    *("Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise", "AlphaDropout"),
    "ActivityRegularization",
}
"""Layers that only hand values on in inference."""

_OPENING = (
    *("Conv", "DepthwiseConv", "SeparableConv", "Dense", "MaxPooling", "AveragePooling"),
    *("GlobalAveragePooling", "GlobalMaxPooling", "Add", "Concatenate", "Multiply", "Subtract"),
    *("Average", "Maximum", "Softmax", "UpSampling"),
)
"""How the names of layers begin with which something new begins."""


class LayerReader:
    """Reads the outputs of layers.

    Parameters
    ----------
    model
        The Keras model.
    tensors
        Each endpoint's symbolic tensor, reachable from the model's input.
    """

    def __init__(self, model: Any, tensors: dict[Endpoint, Any]) -> None:
        self._model = model
        self._tensors = {endpoint.name: tensor for endpoint, tensor in tensors.items()}
        self._endpoints = tuple(tensors)
        self._calls: dict[tuple[str, ...], Any] = {}

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """All layers in the order of depth."""
        return self._endpoints

    def read(self, batch: NDArray[np.float32], names: Sequence[str]) -> list[NDArray[np.float32]]:
        """Give the outputs of some layers for a batch."""
        call = self._call_of(tuple(names))
        return list(run_batch(call, batch, self._model.input_shape[0]))

    def _call_of(self, names: tuple[str, ...]) -> Any:
        if names not in self._calls:
            self._calls[names] = _traced(self._model, [self._tensors[name] for name in names])
        return self._calls[names]


def _traced(model: Any, tensors: list[Any]) -> Any:
    import keras
    import tensorflow as tf

    inner = keras.Model(model.inputs, tensors)
    dtype = tf.as_dtype(model.inputs[0].dtype)

    @tf.function(autograph=False)  # type: ignore[untyped-decorator]
    def call(batch: Any) -> list[Any]:
        return _as_list(inner([as_input(batch, dtype)], training=False))

    return lambda batch: [np.asarray(x, dtype=np.float32) for x in call(tf.constant(batch))]


def read_layers(model: Classifier) -> LayerReader | None:
    """Give a reader of a Keras model's layers; None for other releases, and where it has none.

    A model that was written as a class has no layers that could be reached from its input.
    """
    keras_model = getattr(model, "model", None)
    network = _functional(keras_model)
    if network is None:
        return None
    found = dict(_layers(network, None, ""))
    return LayerReader(keras_model, found) if found else None


def _functional(model: Any) -> Any | None:
    """Give the graph of layers of a functional or sequential model, else None."""
    import keras

    if isinstance(model, keras.Sequential):
        return model._functional
    return model if getattr(model, "_nodes_by_depth", None) else None


def _layers(network: Any, inputs: list[Any] | None, prefix: str) -> Iterator[tuple[Endpoint, Any]]:
    """Give each layer's endpoint and tensor in the order of depth.

    Parameters
    ----------
    network
        A functional model.
    inputs
        What it is called with; None where it is the outermost.
    prefix
        Name of the model that it is inside of.
    """
    import keras

    nodes = [
        node
        for depth in sorted(network._nodes_by_depth, reverse=True)
        for node in network._nodes_by_depth[depth]
        if not node.is_input and len(node.outputs) == 1
    ]
    ends = _block_ends(network, nodes)
    outer = [node.outputs[0] for node in nodes]
    if inputs is not None and outer:
        outer = _as_list(keras.Model(network.inputs, outer)(inputs))
    seen: dict[str, int] = {}
    for node, tensor in zip(nodes, outer, strict=True):
        layer = node.operation
        inner = _functional(layer)
        if inner is not None and len(node.input_tensors) == 1:
            entry = _entry(network, node, inputs)
            yield from _layers(inner, entry, f"{prefix}{layer.name}/")
            continue
        count = seen[layer.name] = seen.get(layer.name, 0) + 1
        name = f"{prefix}{layer.name}" + (f"_call_{count}" if count > 1 else "")
        kind = type(layer).__name__
        shape = tuple(tensor.shape[1:])
        yield Endpoint(name, shape, EndpointKind.LAYER, kind, id(node) in ends), tensor


def _entry(network: Any, node: Any, inputs: list[Any] | None) -> list[Any]:
    """Give what a model inside another is called with, reachable from the outermost input."""
    import keras

    tensor = node.input_tensors[0]
    if inputs is None:
        return [tensor]
    return _as_list(keras.Model(network.inputs, [tensor])(inputs))


def _as_list(outputs: Any) -> list[Any]:
    return list(outputs) if isinstance(outputs, list | tuple) else [outputs]


def _block_ends(network: Any, nodes: Sequence[Any]) -> set[int]:
    """Give the identities of the nodes after which something new begins."""
    consumers: dict[int, list[Any]] = {}
    for node in nodes:
        for tensor in node.input_tensors:
            consumers.setdefault(id(tensor), []).append(node)
    outputs = {id(tensor) for tensor in network.outputs}

    def ends(node: Any) -> bool:
        tensor = id(node.outputs[0])
        return tensor in outputs or any(
            ends(consumer) if _passes_on(consumer) else _opens(consumer)
            for consumer in consumers.get(tensor, ())
        )

    return {id(node) for node in nodes if not _passes_on(node) and ends(node)}


def _passes_on(node: Any) -> bool:
    return type(node.operation).__name__ in _PASSING_ON


def _opens(node: Any) -> bool:
    return type(node.operation).__name__.startswith(_OPENING) or hasattr(node.operation, "layers")
