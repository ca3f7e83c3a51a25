"""Load a release, run it and read its output, as source: one small writer per kind of source."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inspector.core.catalogue import local_path
from inspector.core.pairs import OutputKind
from inspector.core.saved_model_names import OUTPUT_NAMES, SIGNATURES
from inspector.core.script.code import Assign, call, literal
from inspector.core.sources import SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.scores import OutputSwitches
    from inspector.core.sources import Source

_DEFAULT_SIZE = (224, 224)


def release_size(release: ReleaseSpec, known: tuple[int, int] | None = None) -> tuple[int, int]:
    """Give height and width of a release's input.

    Parameters
    ----------
    release
        The release; a size that its entry declares counts first.
    known
        The loaded model's size, where somebody has loaded it.
    """
    length = int(release.source.option("size", "0"))
    return release.size or known or ((length, length) if length else _DEFAULT_SIZE)


def release_lines(release: ReleaseSpec, switches: OutputSwitches, side: str) -> list[str]:
    """Write what loads a release, runs it on ``SIDE_input`` and reads its row into ``SIDE``.

    What follows the model is that of :func:`inspector.core.scores.interpret`.
    """
    *statements, row = _LOADERS[release.source.kind](release, side)
    statements.append(_noted(row, release, switches))
    statements += _probabilities(release, switches, side)
    lines: list[str] = []
    for statement in statements:
        lines += [statement] if isinstance(statement, str) else statement.lines()
    return lines


def _noted(row: Assign | str, release: ReleaseSpec, switches: OutputSwitches) -> Assign | str:
    if isinstance(row, str):
        return row
    note = str(release.output)
    if release.output is OutputKind.LOGITS and not applies_softmax(release, switches):
        note = "logits, read as if they were probabilities"
    if release.background and not drops_background(release, switches):
        note += "; index 0 is the background class"
    return replace(row, note=note)


def _probabilities(release: ReleaseSpec, switches: OutputSwitches, side: str) -> list[Assign]:
    """Give what follows the row; a softmax over the shared classes alone is p / (1 - p[0])."""
    drop = drops_background(release, switches)
    row = f"{side}[1:]" if drop else side
    dropped = "without the background class" if drop else ""
    if applies_softmax(release, switches):
        twice = "" if release.output is OutputKind.LOGITS else "on what are probabilities already"
        note = "; ".join(filter(None, (dropped, twice)))
        return [call(side, "tf.nn.softmax", row, after=".numpy()", note=note)]
    if not drop:
        return []
    share = f" / (1.0 - {side}[0])" if release.output is OutputKind.PROBABILITIES else ""
    return [Assign(side, row + share, note=dropped)]


def applies_softmax(release: ReleaseSpec, switches: OutputSwitches) -> bool:
    """Tell whether a softmax is applied to the output."""
    declared = release.output is OutputKind.LOGITS
    return declared if switches.softmax is None else switches.softmax


def drops_background(release: ReleaseSpec, switches: OutputSwitches) -> bool:
    """Tell whether a background class is there and taken away."""
    return release.background and switches.drop_background is not False


def _row(side: str, output: str) -> Assign:
    return call(side, "np.asarray", f"{output}[0]", "np.float64")


def _keras_application(release: ReleaseSpec, side: str) -> list[Assign | str]:
    source = release.source
    name = source.target
    function = f"keras.applications.{name}"
    if not name.isidentifier():
        function = f"getattr(keras.applications, {literal(name)})"
    return [call("model", function, *_application_arguments(source)), _keras_row(side)]


def _application_arguments(source: Source) -> list[str]:
    arguments = []
    if size := source.option("size"):
        arguments.append(f"input_shape=({int(size)}, {int(size)}, 3)")
    if alpha := source.option("alpha"):
        arguments.append(f"alpha={float(alpha)!r}")
    if classes := source.option("classes"):
        arguments.append(f"classes={int(classes)}")
    if minimalistic := source.option("minimalistic"):
        arguments.append(f"minimalistic={minimalistic in {'1', 'true', 'True'}}")
    weights = source.option("weights", "imagenet")
    arguments.append("weights=None" if weights == "none" else f"weights={literal(weights)}")
    return arguments


def _keras_file(release: ReleaseSpec, side: str) -> list[Assign | str]:
    path = literal(release.source.target)
    load = call("model", "keras.models.load_model", path, "compile=False")
    return [load, _keras_row(side)]


def _keras_row(side: str) -> Assign:
    return _row(side, f"model({side}_input[None], training=False)")


def _hub(release: ReleaseSpec, side: str) -> list[Assign | str]:
    source = release.source
    load = call("model", "hub.load", literal(source.target), *_tags(source))
    if _is_tf1_format(source) or source.option("signature") or source.option("output"):
        return [load, *_by_signature(release, side)]
    return [load, _row(side, f"model(tf.expand_dims({side}_input, 0))")]


def _is_tf1_format(source: Source) -> bool:
    """Tell whether a module is here in Hub's TF1 format, which has signatures only."""
    place = local_path(source)
    return place is not None and (place / "tfhub_module.pb").is_file()


def _tags(source: Source) -> list[str]:
    """Give the argument that says which of several graphs is loaded; none where it is needless."""
    tags = dict(source.options).get("tags")
    if tags is None:
        # Hub itself takes the graph without tags of a module in its TF1 format.
        needed = source.kind is SourceKind.SAVED_MODEL and _is_tf1_format(source)
        return ["tags=[]"] if needed else []
    names = (tag.strip() for tag in tags.split(","))
    return [f"tags=[{', '.join(literal(tag) for tag in names if tag)}]"]


def _saved_model(release: ReleaseSpec, side: str) -> list[Assign | str]:
    source = release.source
    load = call("model", "tf.saved_model.load", literal(source.target), *_tags(source))
    return [load, *_by_signature(release, side)]


def _by_signature(release: ReleaseSpec, side: str) -> list[Assign | str]:
    batch = call("batch", "tf.expand_dims", f"{side}_input", "0")
    return [batch, *_call_lines(release), *_output_lines(release), _row(side, "output")]


def _call_lines(release: ReleaseSpec) -> list[str]:
    """Call the object where it can be called, else a signature; or the one that is named."""
    name = release.source.option("signature")
    run = (
        "[input_name] = serve.structured_input_signature[1]",
        "output = serve(**{input_name: batch})",
    )
    if name:
        return [f"serve = model.signatures[{literal(name)}]", *run]
    return [
        "if callable(model):",
        "    output = model(batch)",
        "else:",
        f"    names = {_names(SIGNATURES[release.output])}",
        "    serve = next(model.signatures[name] for name in names if name in model.signatures)",
        *(f"    {line}" for line in run),
    ]


def _output_lines(release: ReleaseSpec) -> list[str]:
    """Take one of several outputs; or the one that is named."""
    name = release.source.option("output")
    if name:
        return [f"output = output[{literal(name)}]"]
    return [
        "if isinstance(output, dict):",
        f"    names = {_names(OUTPUT_NAMES[release.output])}",
        "    output = next(output[name] for name in (*names, *output) if name in output)",
    ]


def _names(names: tuple[str, ...]) -> str:
    return f"({', '.join(literal(name) for name in names)})"


_LOADERS: dict[SourceKind, Callable[[ReleaseSpec, str], list[Assign | str]]] = {
    SourceKind.KERAS_APPLICATION: _keras_application,
    SourceKind.KERAS_FILE: _keras_file,
    SourceKind.HUB: _hub,
    SourceKind.SAVED_MODEL: _saved_model,
}
