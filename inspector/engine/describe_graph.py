"""What SavedModels and frozen graphs offer, read from their messages without loading them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.core.catalogue import local_path
from inspector.core.description import (
    Description,
    FileFacts,
    GraphFacts,
    SignatureFacts,
    TensorFacts,
)
from inspector.engine.saved_model_calls import choose_output
from inspector.engine.saved_model_scan import read_saved_model
from inspector.engine.scan_frozen import read_frozen_graph
from inspector.engine.scan_reach import is_object_graph
from inspector.engine.tf1_module import MODULE_FILE, attached_size, choose_meta_graph, tags_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.pairs import ReleaseSpec
    from inspector.engine.classifier import Classifier

_INIT = "__saved_model_init_op"
_TRAIN_INIT = "__saved_model_train_op"


def describe_saved_model(spec: ReleaseSpec, model: Classifier | None) -> Description:
    """Describe a SavedModel or a module of Hub's TF1 format."""
    folder = getattr(model, "folder", None) or local_path(spec.source)
    assert folder is not None, "a SavedModel always has a folder"
    message = read_saved_model(folder)
    meta = choose_meta_graph(spec.name, spec.source, message)
    inputs, outputs = _ends(model, meta)
    return Description(
        source=str(spec.source),
        kind=_kind(folder, message),
        files=tuple(_files(folder)),
        size=attached_size(meta),
        inputs=inputs,
        outputs=outputs,
        graphs=tuple(_graph(each) for each in message.meta_graphs),
        call=_call(spec, model, message, meta),
    )


def _kind(folder: Path, message: Any) -> str:
    if (folder / MODULE_FILE).is_file():
        return "TensorFlow Hub module in TF1's format"
    return f"SavedModel of {'TF2' if is_object_graph(message) else 'TF1'}"


def _files(folder: Path) -> Iterator[FileFacts]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            role = _role(path.relative_to(folder).parts)
            yield FileFacts(str(path), path.stat().st_size, role)


def _role(parts: tuple[str, ...]) -> str:
    if parts[0] in {"variables", "assets"}:
        return "weights" if parts[0] == "variables" else "asset"
    if parts[0].startswith("saved_model."):
        return "graph"
    return "mark of Hub's TF1 format" if parts[0] == MODULE_FILE else ""


def _call(spec: ReleaseSpec, model: Classifier | None, message: Any, meta: Any) -> str:
    published = getattr(model, "published", None)
    if published is None:
        return ""
    what = f"the signature {published.signature!r}" if published.signature else "the object itself"
    if len(message.meta_graphs) > 1:
        what += f" of the graph tagged {tags_text(sorted(meta.meta_info_def.tags))}"
    read = _output_read(spec, published.signature, meta)
    return f"{what} and reads its output {read!r}" if read else what


def _output_read(spec: ReleaseSpec, signature: str, meta: Any) -> str:
    """Name the output that is read, where there is a choice."""
    outputs = meta.signature_def[signature].outputs if signature in meta.signature_def else ()
    if len(outputs) < 2:
        return spec.source.option("output")
    return str(choose_output(spec, {name: name for name in outputs}))


def _ends(
    model: Classifier | None, meta: Any
) -> tuple[tuple[TensorFacts, ...], tuple[TensorFacts, ...]]:
    """Give inputs and outputs of what is called."""
    published = getattr(model, "published", None)
    if published is None or model is None:
        return (), ()
    if published.signature in meta.signature_def:
        signature = _signature(published.signature, meta.signature_def[published.signature])
        return signature.inputs, signature.outputs
    shape = published.shape
    known = shape is not None and shape.rank is not None
    given = tuple(shape.as_list()) if known else None
    return (TensorFacts("", published.dtype, given),), (_answer(model, given),)


def _answer(model: Classifier, shape: tuple[int | None, ...] | None) -> TensorFacts:
    """Trace the call once more, without running it, to see what it gives."""
    import tensorflow as tf

    spec = tf.TensorSpec(shape or (None, None, None, 3), tf.float32)
    output = tf.function(model.trace, autograph=False).get_concrete_function(spec).outputs[0]
    known = output.shape.rank is not None
    return TensorFacts("", output.dtype.name, tuple(output.shape.as_list()) if known else None)


def _graph(meta: Any) -> GraphFacts:
    signatures = [
        _signature(name, meta.signature_def[name])
        for name in sorted(meta.signature_def)
        if name not in {_INIT, _TRAIN_INIT}
    ]
    return GraphFacts(
        tuple(sorted(meta.meta_info_def.tags)), tuple(signatures), _ops(meta.graph_def)
    )


def _signature(name: str, definition: Any) -> SignatureFacts:
    return SignatureFacts(name, _tensors(definition.inputs), _tensors(definition.outputs))


def _tensors(infos: Any) -> tuple[TensorFacts, ...]:
    import tensorflow as tf

    return tuple(
        TensorFacts(name, tf.as_dtype(infos[name].dtype).name, _shape(infos[name].tensor_shape))
        for name in sorted(infos)
    )


def _shape(message: Any) -> tuple[int | None, ...] | None:
    if message.unknown_rank:
        return None
    return tuple(axis.size if axis.size >= 0 else None for axis in message.dim)


def _ops(graph: Any) -> tuple[tuple[str, int], ...]:
    """Count the operations of a graph and of the functions in its library."""
    counted = Counter(node.op for node in graph.node)
    functions = {function.signature.name for function in graph.library.function}
    for function in graph.library.function:
        counted.update(node.op for node in function.node_def)
    kept = [(op, count) for op, count in counted.items() if op not in functions]
    return tuple(sorted(kept, key=lambda row: (-row[1], row[0])))


def describe_frozen_graph(spec: ReleaseSpec, model: Classifier | None) -> Description:
    """Describe a frozen graph: its placeholders and operations."""
    path = Path(spec.source.target)
    graph = read_frozen_graph(path)
    ends = getattr(model, "ends", None)
    return Description(
        source=str(spec.source),
        kind="frozen graph",
        files=(FileFacts(str(path), path.stat().st_size, "graph and weights"),),
        inputs=tuple(_placeholder(node) for node in graph.node if node.op == "Placeholder"),
        outputs=() if model is None or ends is None else (_named_answer(model, ends[1]),),
        graphs=(GraphFacts((), (), _ops(graph)),),
        call="" if ends is None else f"from {ends[0]} to {ends[1]}",
    )


def _placeholder(node: Any) -> TensorFacts:
    import tensorflow as tf

    shape = _shape(node.attr["shape"].shape) if "shape" in node.attr else None
    return TensorFacts(node.name, tf.as_dtype(node.attr["dtype"].type).name, shape)


def _named_answer(model: Classifier, name: str) -> TensorFacts:
    function = model.function  # type: ignore[attr-defined]
    output = function.outputs[0]
    known = output.shape.rank is not None
    return TensorFacts(name, output.dtype.name, tuple(output.shape.as_list()) if known else None)
