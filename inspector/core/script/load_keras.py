"""Keras applications, model files, and weights with a configuration, as source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.script.code import call, constant, literal
from inspector.core.script.row import may_take_whole_numbers, row, whole_batch

if TYPE_CHECKING:
    from inspector.core.pairs import ReleaseSpec
    from inspector.core.script.code import Assign
    from inspector.core.script.row import Statement
    from inspector.core.sources import Source

_TRUE = frozenset({"1", "true", "True"})


def keras_application(release: ReleaseSpec, side: str) -> list[Statement]:
    """Write a ``keras-application`` release."""
    source = release.source
    name = source.target
    function = f"keras.applications.{name}"
    if not name.isidentifier():
        function = f"getattr(keras.applications, {literal(name)})"
    load = call("model", function, *_application_arguments(source))
    return [load, _published_row(release, side)]


def _application_arguments(source: Source) -> list[str]:
    arguments = []
    if size := source.option("size"):
        arguments.append(f"input_shape=({int(size)}, {int(size)}, 3)")
    if alpha := source.option("alpha"):
        arguments.append(f"alpha={float(alpha)!r}")
    if classes := source.option("classes"):
        arguments.append(f"classes={int(classes)}")
    if minimalistic := source.option("minimalistic"):
        arguments.append(f"minimalistic={minimalistic in _TRUE}")
    if top := source.option("include_top"):
        arguments.append(f"include_top={top in _TRUE}")
    if pooling := source.option("pooling"):
        arguments.append(f"pooling={literal(pooling)}")
    weights = source.option("weights", "imagenet")
    arguments.append("weights=None" if weights == "none" else f"weights={literal(weights)}")
    return arguments


def keras_file(release: ReleaseSpec, side: str) -> list[Statement]:
    """Write a ``keras-file`` release."""
    path = literal(release.source.target)
    load = call("model", "keras.models.load_model", path, "compile=False")
    return [load, *_any_row(release, side)]


def keras_weights(release: ReleaseSpec, side: str) -> list[Statement]:
    """Write a ``keras-weights`` release: the model of its ``to_json()``, then its weights."""
    source = release.source
    return [
        *constant("config", source.option("config")),
        *constant("weights", source.target),
        'model = keras.models.model_from_json(Path(config).read_text(encoding="utf-8"))',
        "model.load_weights(weights)",
        *_any_row(release, side),
    ]


def _any_row(release: ReleaseSpec, side: str) -> list[Statement]:
    """Write the call of a model that may take whole numbers."""
    if not may_take_whole_numbers(release):
        return [_published_row(release, side)]
    taken = "model.inputs[0].dtype"
    return [
        call("batch", "tf.expand_dims", f"{side}_input", "0"),
        *whole_batch(f'"int" in {taken}', taken),
        row(release, side, "model(batch, training=False)"),
    ]


def _published_row(release: ReleaseSpec, side: str) -> Assign:
    return row(release, side, f"model({side}_input[None], training=False)")
