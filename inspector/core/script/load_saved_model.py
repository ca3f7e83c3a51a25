"""TF Hub modules and SavedModels, as source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.catalogue import local_path
from inspector.core.saved_model_names import OUTPUT_NAMES, SIGNATURES
from inspector.core.script.code import call, literal
from inspector.core.script.meta_graphs import usual_tags
from inspector.core.script.row import may_take_whole_numbers, row, whole_batch
from inspector.core.sources import SourceKind, is_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.script.row import Statement
    from inspector.core.sources import Source


def hub(release: ReleaseSpec, side: str) -> list[Statement]:
    """Write a ``hub`` release."""
    load = call("model", "hub.load", literal(release.source.target), *_tags(release.source))
    if _is_plain(release):
        return [load, row(release, side, f"model(tf.expand_dims({side}_input, 0))")]
    return [load, *_by_signature(release, side)]


def saved_model(release: ReleaseSpec, side: str) -> list[Statement]:
    """Write a ``saved-model`` release."""
    target = literal(release.source.target)
    load = call("model", "tf.saved_model.load", target, *_tags(release.source))
    return [load, *_by_signature(release, side)]


def _is_plain(release: ReleaseSpec) -> bool:
    """Tell whether a module is one of TF2 on the web, which is called and gives one output."""
    source = release.source
    chosen = any(source.option(name) for name in ("signature", "output"))
    odd = chosen or may_take_whole_numbers(release) or _is_tf1_format(source)
    return is_url(source.target) and not odd


def _is_tf1_format(source: Source) -> bool:
    """Tell whether a module is here in Hub's TF1 format, which has signatures only."""
    place = local_path(source)
    return place is not None and (place / "tfhub_module.pb").is_file()


def _tags(source: Source) -> list[str]:
    """Give the argument that says which of several graphs is loaded; none where it is needless."""
    tags = dict(source.options).get("tags")
    if tags is not None:
        return [_tag_list(filter(None, (tag.strip() for tag in tags.split(","))))]
    if _is_tf1_format(source):
        # Hub itself takes the graph without tags of a module in its TF1 format.
        return [] if source.kind is SourceKind.HUB else ["tags=[]"]
    place = local_path(source)
    usual = None if place is None else usual_tags(place)
    return [] if usual is None else [_tag_list(usual)]


def _tag_list(tags: Iterable[str]) -> str:
    return f"tags=[{', '.join(literal(tag) for tag in tags)}]"


def _by_signature(release: ReleaseSpec, side: str) -> list[Statement]:
    return [
        call("batch", "tf.expand_dims", f"{side}_input", "0"),
        *_call_lines(release),
        *_output_lines(release),
        row(release, side, "output"),
    ]


def _call_lines(release: ReleaseSpec) -> list[str]:
    """Call the object where it can be called, else a signature; or the one that is named."""
    name = release.source.option("signature")
    whole = may_take_whole_numbers(release)
    run = [
        "[(input_name, taken)] = serve.structured_input_signature[1].items()",
        *(whole_batch("taken.dtype.is_integer", "taken.dtype") if whole else ()),
        "output = serve(**{input_name: batch})",
    ]
    if not whole:
        run[0] = "[input_name] = serve.structured_input_signature[1]"
    if name:
        return [f"serve = model.signatures[{literal(name)}]", *run]
    return [
        "if callable(model):",
        *(f"    {line}" for line in (_whole_call() if whole else ())),
        "    output = model(batch)",
        "else:",
        f"    names = {_names(SIGNATURES[release.output])}",
        "    names = (*names, *model.signatures)",
        "    serve = next(model.signatures[name] for name in names if name in model.signatures)",
        *(f"    {line}" for line in run),
    ]


def _whole_call() -> list[str]:
    """Round the batch for an object that is called with whole numbers."""
    return [
        "for function in model.__call__.concrete_functions[:1]:",
        "    taken = function.structured_input_signature[0][0]",
        *(f"    {line}" for line in whole_batch("taken.dtype.is_integer", "taken.dtype")),
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
