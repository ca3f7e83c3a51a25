"""Operations on files that belong to a SavedModel's own working, and where they may stand.

Every SavedModel holds operations that write and read checkpoints; its saver runs them. A hostile
one can have them run by an initialiser, with a path of its own choice. So what matters is who can
reach them. TensorFlow loads a SavedModel in one of two ways, and decides as `is_object_graph` does:

- with an *object graph* only functions are run: those that the objects name, and those that these
  call. The graph itself, which holds the saver, is never run;
- else (TensorFlow 1) the graph is run: the restore operation with the file name fed, the
  initialisers, and the signatures.

A table may be filled from a text file where the path is one of the model's assets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inspector.engine.scan_graph import Body, Graph, called_by, operation, place_of
from inspector.engine.scan_hazard import Hazard

if TYPE_CHECKING:
    from collections.abc import Iterator

_INIT = "__saved_model_init_op"
_PLAIN_CALLS = {"PartitionedCall", "StatefulPartitionedCall"}
_CHECKPOINT = "reads or writes checkpoint files outside the model's saver"
_TABLE = "reads a text file that is no asset of the model"


def is_object_graph(model: Any) -> bool:
    """Tell how TensorFlow will load a SavedModel message."""
    return len(model.meta_graphs) == 1 and model.meta_graphs[0].HasField("object_graph_def")


def reach_hazards(graph: Graph, objects: bool) -> Iterator[Hazard]:
    """Give the operations on files that something else than the saver can reach."""
    yield from _object_savers(graph) if objects else _graph_savers(graph)
    with_tables = [body for body in graph.bodies() if body.tables]
    if not with_tables:
        return
    tables = _Tables(graph, objects)
    for body in with_tables:
        for node in body.tables:
            if not (objects and body is graph.top) and not tables.reads_an_asset(body, node):
                yield Hazard(f"the op {node.op}", _TABLE, place_of(body, node))


def _object_savers(graph: Graph) -> Iterator[Hazard]:
    for name in sorted(graph.reached(_function_roots(graph.meta))):
        yield from _saver_hazards(graph.functions[name])


def _graph_savers(graph: Graph) -> Iterator[Hazard]:
    saver = graph.meta.saver_def
    top = graph.top
    running = top.ancestors([*_signature_outputs(graph.meta), *_initialisers(graph.meta)])
    restoring = top.ancestors([saver.restore_op_name], saver.filename_tensor_name)
    yield from (
        Hazard(f"the op {node.op}", _CHECKPOINT, place_of(top, node))
        for node in top.savers
        if node.name in running
        or (node.name in restoring and not _reads_from(top, node, saver.filename_tensor_name))
    )
    wrapped = set(_function_roots(graph.meta))
    for call in top.calls:
        if call.name in running:
            wrapped.update(called_by(call))
        elif call.name in restoring:
            yield from _restore_call(graph, call, saver.filename_tensor_name)
    for name in sorted(graph.reached(wrapped)):
        yield from _saver_hazards(graph.functions[name])


def _restore_call(graph: Graph, call: Any, file_name: str) -> Iterator[Hazard]:
    """Look at a restore operation that is a function's call, as in a TensorFlow 2 graph."""
    for name in sorted(graph.reached(called_by(call))):
        body = graph.functions[name]
        fed = {
            argument
            for argument, given in zip(body.arguments, call.input, strict=False)
            if name in called_by(call) and graph.top.origin(given) == operation(file_name)
        }
        for node in body.savers:
            if not any(_reads_from(body, node, argument) for argument in fed):
                yield Hazard(f"the op {node.op}", _CHECKPOINT, place_of(body, node))


def _reads_from(body: Body, node: Any, file_name: str) -> bool:
    reads = str(node.op).startswith("Restore")
    return reads and bool(file_name) and body.origin(node.input[0]) == operation(file_name)


def _saver_hazards(body: Body) -> Iterator[Hazard]:
    for node in body.savers:
        yield Hazard(f"the op {node.op}", _CHECKPOINT, place_of(body, node))


def _function_roots(meta: Any) -> Iterator[str]:
    """Give the functions that the objects name, and the gradients."""
    yield from meta.object_graph_def.concrete_functions
    for node in meta.object_graph_def.nodes:
        kind = node.WhichOneof("kind")
        if kind == "function":
            yield from node.function.concrete_functions
        elif kind == "bare_concrete_function":
            yield node.bare_concrete_function.concrete_function_name
    library = meta.graph_def.library
    yield from (gradient.gradient_func for gradient in library.gradient)
    yield from (gradient.gradient_func for gradient in library.registered_gradients)


def _signature_outputs(meta: Any, without: str = "") -> Iterator[str]:
    """Give the tensors of all signatures but one; the initialiser's own is among them."""
    for key, signature in meta.signature_def.items():
        if key == without:
            continue
        for tensor in signature.outputs.values():
            kind = tensor.WhichOneof("encoding")
            if kind == "name":
                yield tensor.name
            elif kind == "coo_sparse":
                sparse = tensor.coo_sparse
                yield from (
                    sparse.values_tensor_name,
                    sparse.indices_tensor_name,
                    sparse.dense_shape_tensor_name,
                )
            elif kind == "composite_tensor":
                yield from (part.name for part in tensor.composite_tensor.components)


def _initialisers(meta: Any) -> Iterator[str]:
    """Give what TensorFlow may run when it loads: every operation that a collection names."""
    from tensorflow.core.framework import variable_pb2

    for collection in meta.collection_def.values():
        yield from collection.node_list.value
    if "local_variables" in meta.collection_def:
        for data in meta.collection_def["local_variables"].bytes_list.value:
            yield variable_pb2.VariableDef.FromString(data).initializer_name


class _Tables:
    """Tells which path a table is filled from."""

    def __init__(self, graph: Graph, objects: bool) -> None:
        self._graph = graph
        self._objects = objects
        self._roots = set(_function_roots(graph.meta))
        # A signature is run without the assets being fed: their nodes then hold what they like.
        self._unfed = graph.top.ancestors(
            name for name in _signature_outputs(graph.meta) if name not in _initialisers(graph.meta)
        )
        self._assets = {
            operation(asset.tensor_info.name) for asset in asset_definitions(graph.meta)
        }

    def reads_an_asset(self, body: Body, table: Any) -> bool:
        """Tell whether the path is an asset's, whoever runs the node."""
        return len(table.input) > 1 and self._is_asset(body, table, table.input[1], frozenset())

    def _is_asset(self, body: Body, user: Any, reference: str, seen: frozenset[str]) -> bool:
        name = body.origin(reference)
        if body is self._graph.top:
            return name in self._assets and user.name not in self._unfed
        if name not in body.arguments or body.name in seen:
            return False
        place = body.arguments.index(name)
        if body.name in self._roots and not self._is_bound_asset(body, place):
            return False
        return all(
            caller.op in {*_PLAIN_CALLS, body.name}
            and place < len(caller.input)
            and self._is_asset(outer, caller, caller.input[place], seen | {body.name})
            for outer, caller in self._callers(body.name)
        )

    def _is_bound_asset(self, body: Body, place: int) -> bool:
        """Tell whether the objects bind an asset to an argument; what they bind comes last."""
        objects = self._graph.meta.object_graph_def
        if body.name not in objects.concrete_functions:
            return False
        bound = objects.concrete_functions[body.name].bound_inputs
        index = place - (len(body.arguments) - len(bound))
        if not 0 <= index < len(bound) or not 0 <= bound[index] < len(objects.nodes):
            return False
        return bool(objects.nodes[bound[index]].WhichOneof("kind") == "asset")

    def _callers(self, name: str) -> Iterator[tuple[Body, Any]]:
        for body in self._graph.bodies():
            if not (self._objects and body is self._graph.top):
                yield from ((body, call) for call in body.calls if name in called_by(call))


def asset_definitions(meta: Any) -> list[Any]:
    """Give the AssetFileDef messages of a meta graph, from both places that may hold them."""
    from tensorflow.core.protobuf import meta_graph_pb2

    found = list(meta.asset_file_def)
    if "saved_model_assets" in meta.collection_def:
        for packed in meta.collection_def["saved_model_assets"].any_list.value:
            asset = meta_graph_pb2.AssetFileDef()
            if packed.Unpack(asset):
                found.append(asset)
    return found
