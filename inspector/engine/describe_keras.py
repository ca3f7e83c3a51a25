"""What a Keras model offers: its layers, inputs and outputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.core.catalogue import local_path
from inspector.core.description import Description, FileFacts, LayerFacts, TensorFacts
from inspector.core.sources import SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.sources import Source
    from inspector.engine.classifier import Classifier

_KINDS = {
    SourceKind.KERAS_FILE: "Keras model file",
    SourceKind.KERAS_WEIGHTS: "Keras weights with a configuration",
}


def describe_keras(spec: ReleaseSpec, model: Classifier | None) -> Description:
    """Describe an opened Keras release."""
    network = getattr(model, "model", None)
    assert network is not None, "a Keras release that cannot be opened is not described"
    source = spec.source
    return Description(
        source=str(source),
        kind=_KINDS.get(source.kind, f"Keras application {source.target}"),
        files=tuple(_files(source)),
        inputs=tuple(_tensor(tensor) for tensor in network.inputs),
        outputs=tuple(_tensor(tensor) for tensor in network.outputs),
        layers=tuple(_layer(layer) for layer in network.layers),
    )


def _files(source: Source) -> Iterator[FileFacts]:
    role = "layers and weights" if source.kind is SourceKind.KERAS_FILE else "weights"
    config = source.option("config")
    for path, what in ((local_path(source), role), (Path(config) if config else None, "layers")):
        if path is not None and path.is_file():
            yield FileFacts(str(path), path.stat().st_size, what)


def _tensor(tensor: Any) -> TensorFacts:
    return TensorFacts(tensor.name, str(tensor.dtype), tuple(tensor.shape))


def _layer(layer: Any) -> LayerFacts:
    node = layer._inbound_nodes[0] if layer._inbound_nodes else None
    outputs = [] if node is None else node.outputs
    shape = tuple(outputs[0].shape) if len(outputs) == 1 else None
    return LayerFacts(layer.name, type(layer).__name__, shape, int(layer.count_params()))
