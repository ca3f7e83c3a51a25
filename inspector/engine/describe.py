"""Describes what a release offers, from its files and from the opened model; it runs nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inspector.core.description import WeightFacts, picture_sizes
from inspector.core.errors import ReleaseError, UntrustedModelError
from inspector.core.sources import SourceKind
from inspector.engine.describe_graph import describe_frozen_graph, describe_saved_model
from inspector.engine.describe_keras import describe_keras
from inspector.engine.describe_tflite import describe_tflite
from inspector.engine.endpoints import endpoints_of
from inspector.engine.loading import load_release
from inspector.engine.weights import read_weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.description import DescribeTask, Description
    from inspector.core.endpoints import Endpoint
    from inspector.core.pairs import ReleaseSpec
    from inspector.engine.classifier import Classifier
    from inspector.engine.engine import Engine
    from inspector.engine.watcher import Watcher

DESCRIBERS: dict[SourceKind, Callable[[ReleaseSpec, Classifier | None], Description]] = {
    SourceKind.KERAS_APPLICATION: describe_keras,
    SourceKind.KERAS_FILE: describe_keras,
    SourceKind.KERAS_WEIGHTS: describe_keras,
    SourceKind.HUB: describe_saved_model,
    SourceKind.SAVED_MODEL: describe_saved_model,
    SourceKind.FROZEN_GRAPH: describe_frozen_graph,
    SourceKind.TFLITE: describe_tflite,
}
"""What tells each kind of source apart from all others: takes the release and, where it could be
opened, the model."""

_NAMING = ("tags", "signature", "input", "output")
"""Options that name something in the model."""


def do_describe(engine: Engine, task: DescribeTask, watcher: Watcher) -> Description:
    """Do a DescribeTask; the release is opened for this alone and not kept."""
    return describe_release(task.release, watcher)


def describe_release(spec: ReleaseSpec, watcher: Watcher) -> Description:
    """Describe a release.

    What cannot be opened, because it is not trusted or does not take one picture, is described as
    far as its files go, a Keras model as far as Keras builds it; a note says why. What its source
    names must be there, though.

    Raises
    ------
    ReleaseMissingError
        Where it is not here and could not be fetched.
    ReleaseError
        Where its files cannot be read, it is a Keras model that Keras cannot build, or it cannot
        be opened with the signature, tags, input or output that its source names.
    """
    watcher.stage(f"Opening {spec.name}", 0.2)
    model, refusal = _open(spec, watcher)
    watcher.stage(f"Looking into {spec.name}", 0.6)
    description = DESCRIBERS[spec.source.kind](spec, model)
    if model is None:
        notes = description.notes if refusal is None else (*description.notes, str(refusal))
        return _sized(replace(description, notes=notes))
    return replace(
        description,
        size=model.size,
        weights=description.weights or _weights(model),
        endpoints=_endpoints(model),
    )


def _sized(description: Description) -> Description:
    """Add the size that everything agrees on which might be called, where files tell no other."""
    if description.size is not None:
        return description
    signatures = [each for graph in description.graphs for each in graph.signatures]
    given = [*description.inputs, *(tensor for each in signatures for tensor in each.inputs)]
    sizes = picture_sizes(given)
    if len(sizes) != 1:
        return replace(description, size_is_known=False)
    ((height, width),) = sizes
    fixed = None if height is None or width is None else (height, width)
    return replace(description, size=fixed)


def _open(spec: ReleaseSpec, watcher: Watcher) -> tuple[Classifier | None, ReleaseError | None]:
    try:
        return load_release(spec, watcher), None
    except ReleaseError as error:
        is_named = any(spec.source.option(name) for name in _NAMING)
        if is_named and not isinstance(error, UntrustedModelError):
            raise
        return None, error


def _weights(model: Classifier) -> WeightFacts | None:
    try:
        found = read_weights(model)
    except ReleaseError:
        return None
    return WeightFacts(len(found), sum(int(weight.values.size) for weight in found))


def _endpoints(model: Classifier) -> tuple[Endpoint, ...]:
    try:
        return endpoints_of(model).endpoints
    except ReleaseError:
        return ()
