"""Frozen graphs, as source: imported, and cut out between the picture and the row of scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.script.code import call, constant, literal
from inspector.core.script.row import may_take_whole_numbers, row, whole_batch

if TYPE_CHECKING:
    from inspector.core.pairs import ReleaseSpec
    from inspector.core.script.row import Statement

_FIND_INPUT = (
    'places = [op.outputs[0] for op in graph.get_operations() if op.type == "Placeholder"]',
    "[source] = [  # the only placeholder of pictures",
    "    tensor",
    "    for tensor in places",
    "    if (tensor.dtype.is_floating or tensor.dtype.is_integer)",
    "    and (tensor.shape.rank is None or (tensor.shape.rank == 4 "
    "and tensor.shape[3] in {1, 3, None}))",
    "]",
)
_FIND_OUTPUT = (
    "used = {tensor.op.name for op in graph.get_operations() for tensor in op.inputs}",
    "used |= {before.name for op in graph.get_operations() for before in op.control_inputs}",
    "[result] = [  # the only row of scores that nothing follows",
    "    tensor",
    "    for op in graph.get_operations()",
    '    if op.name not in used and op.type not in {"Const", "Placeholder", '
    '"PlaceholderWithDefault"}',
    "    for tensor in op.outputs",
    "    if tensor.dtype.is_floating and tensor.shape.rank == 2 and tensor.shape[1] != 1",
    "]",
)


def frozen_graph(release: ReleaseSpec, side: str) -> list[Statement]:
    """Write a ``frozen-graph`` release."""
    source = release.source
    whole = may_take_whole_numbers(release)
    return [
        *constant("path", source.target),
        call("graph_def", "tf.compat.v1.GraphDef.FromString", "Path(path).read_bytes()"),
        "for body in (graph_def.node, *(each.node_def for each in graph_def.library.function)):",
        "    for node in body:",
        '        node.device = ""  # it may have been made on another machine',
        "whole = tf.compat.v1.wrap_function(",
        '    lambda: tf.graph_util.import_graph_def(graph_def, name=""), []',
        ")",
        "graph = whole.graph",
        *(_named("source", source.option("input")) or _FIND_INPUT),
        *(_named("result", source.option("output")) or _FIND_OUTPUT),
        call("model", "whole.prune", "source", "result"),
        call("batch", "tf.repeat", f"{side}_input[None]", "source.shape[0] or 1", "axis=0"),
        *(whole_batch("source.dtype.is_integer", "source.dtype") if whole else ()),
        row(release, side, "model(tf.cast(batch, source.dtype))"),
    ]


def _named(target: str, name: str) -> list[Statement]:
    if not name:
        return []
    full = name if ":" in name else f"{name}:0"
    return [call(target, "graph.get_tensor_by_name", literal(full))]
