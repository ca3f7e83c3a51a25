"""What a Keras model offers: its layers, inputs and outputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.core.catalogue import local_path
from inspector.core.description import (
    Description,
    FileFacts,
    LayerFacts,
    TensorFacts,
    WeightFacts,
)
from inspector.core.sources import SourceKind
from inspector.engine.keras_release import build_keras, names_of
from inspector.engine.keras_weights_release import build_with_weights
from inspector.engine.weight_keras import keras_weights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.sources import Source
    from inspector.engine.classifier import Classifier

_KINDS = {
    SourceKind.KERAS_FILE: "Keras model file",
    SourceKind.KERAS_WEIGHTS: "Keras weights with a configuration",
}


_BUILDERS = {
    SourceKind.KERAS_APPLICATION: build_keras,
    SourceKind.KERAS_FILE: build_keras,
    SourceKind.KERAS_WEIGHTS: build_with_weights,
}


def describe_keras(spec: ReleaseSpec, model: Classifier | None) -> Description:
    """Describe a Keras model, also one that is no release because it takes no single picture.

    Raises
    ------
    ReleaseMissingError
        Where a file is not here.
    ReleaseError
        Where Keras cannot build it, or it is not trusted.
    """
    network = getattr(model, "model", None)
    if network is None:
        network = _BUILDERS[spec.source.kind](spec)
    source = spec.source
    weights = keras_weights(network)
    return Description(
        source=str(source),
        kind=_KINDS.get(source.kind, f"Keras application {source.target}"),
        files=tuple(_files(source)),
        inputs=_tensors(network, "takes", network.inputs or ()),
        outputs=_tensors(network, "gives", network.outputs or ()),
        layers=tuple(_layer(layer) for layer in network.layers),
        weights=WeightFacts(len(weights), sum(int(each.values.size) for each in weights)),
    )


def _files(source: Source) -> Iterator[FileFacts]:
    role = "layers and weights" if source.kind is SourceKind.KERAS_FILE else "weights"
    config = source.option("config")
    for path, what in ((local_path(source), role), (Path(config) if config else None, "layers")):
        if path is not None and path.is_file():
            yield FileFacts(str(path), path.stat().st_size, what)


def _tensors(network: Any, what: str, tensors: Any) -> tuple[TensorFacts, ...]:
    return tuple(
        TensorFacts(name, str(tensor.dtype), tuple(tensor.shape))
        for name, tensor in zip(names_of(network, what, tensors), tensors, strict=True)
    )


def _layer(layer: Any) -> LayerFacts:
    node = layer._inbound_nodes[0] if layer._inbound_nodes else None
    outputs = [] if node is None else node.outputs
    shape = tuple(outputs[0].shape) if len(outputs) == 1 else None
    parameters = int(layer.count_params()) if layer.built else 0
    return LayerFacts(layer.name, type(layer).__name__, shape, parameters)
