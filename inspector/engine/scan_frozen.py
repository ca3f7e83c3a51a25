"""What a frozen graph would do by itself, read from its file without importing it.

A frozen graph is one GraphDef message: nodes, and constants instead of variables. All of it is
imported, so all of it is looked at; it needs neither a saver nor tables filled from files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inspector.engine.scan_graph import go_through, place_of
from inspector.engine.scan_hazard import Hazard, malformed
from inspector.engine.scan_ops import OpJudge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GRAPH_LIMIT = 1 << 30
"""Bytes of a graph; protocol buffers themselves end at two gigabytes."""

_VARIABLES = {"Variable", "VariableV2", "VarHandleOp"}


@dataclass(frozen=True, eq=False, slots=True)
class _Meta:
    """The part of a MetaGraphDef that is gone through."""

    graph_def: Any


def read_frozen_graph(path: Path) -> Any:
    """Parse the GraphDef message of a file.

    Raises
    ------
    ReleaseError
        Where it is none, is too large, or its variables have no values.
    """
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from tensorflow.core.framework import graph_pb2

    graph = graph_pb2.GraphDef()
    try:
        size = path.stat().st_size
        if size > GRAPH_LIMIT:
            raise malformed(
                path.name,
                f"its graph has {size / 1e6:,.0f} MB, more than {GRAPH_LIMIT / 1e6:,.0f} MB",
            )
        graph.ParseFromString(path.read_bytes())
    except OSError as error:
        raise malformed(str(path), f"it could not be read: {error.strerror or error}") from error
    except (DecodeError, ValueError) as error:
        raise _no_graph(path, "it cannot be parsed as one") from error
    if not graph.node or not all(node.op for node in graph.node):
        raise _no_graph(path, "it has no nodes" if not graph.node else "its nodes have no names")
    variables = [node.name for node in graph.node if node.op in _VARIABLES]
    if variables:
        raise malformed(
            path.name,
            f"it is not frozen: {len(variables)} variables, such as {variables[0][:200]!r}, have "
            "no values in it",
            "Freeze it with its checkpoint (convert_variables_to_constants_v2, or TensorFlow 1's "
            "freeze_graph), so that its variables become constants.",
        )
    return graph


def _no_graph(path: Path, fact: str) -> Exception:
    return malformed(
        path.name,
        f"it is no TensorFlow graph, {fact}",
        "Choose a frozen graph (.pb), or the folder of a SavedModel.",
    )


def scan_frozen_graph(path: Path) -> tuple[Hazard, ...]:
    """Look for what a frozen graph would do by itself.

    Raises
    ------
    ReleaseError
        As for :func:`read_frozen_graph`.
    """
    return graph_hazards(read_frozen_graph(path))


def graph_hazards(graph: Any) -> tuple[Hazard, ...]:
    """Look for what a GraphDef message would do by itself; each operation once."""
    found: dict[tuple[str, str], Hazard] = {}
    for hazard in _hazards(graph):
        found.setdefault((hazard.what, hazard.why), hazard)
    return tuple(found.values())


def _hazards(graph: Any) -> Iterator[Hazard]:
    for body in go_through(_Meta(graph), OpJudge()).bodies():
        yield from body.hazards
        for node in (*body.savers, *body.tables):
            yield Hazard(f"the op {node.op}", "reads or writes files", place_of(body, node))
