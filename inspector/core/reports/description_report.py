"""A description of a release as JSON for scripts and as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from inspector.core.reports.terminal import TEXT_WIDTH, fit, plain, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inspector.core.description import (
        Description,
        FileFacts,
        GraphFacts,
        SignatureFacts,
        TensorFacts,
    )
    from inspector.core.endpoints import Endpoint
    from inspector.core.quantisation import TensorQuantisation

SCHEMA = "twin-inspector/description/1"
"""Name and version of the JSON form."""

_SHOWN_OPS = 12
_SHOWN_OUTPUTS = 4
_SHOWN_ROWS = 8
_NAME, _KIND = 52, 22

Shape = tuple[int | None, ...] | None
_Row = TypeVar("_Row")


def description_json(description: Description) -> dict[str, Any]:
    """Give a description in the form ``twin-inspector/description/1``, with every detail."""
    size, weights = description.size, description.weights
    return {
        "schema": SCHEMA,
        "source": description.source,
        "kind": description.kind,
        "files": [
            {"path": file.path, "bytes": file.bytes, "role": file.role or None}
            for file in description.files
        ],
        "size": None if size is None else list(size),
        "size_known": description.size_is_known,
        "call": description.call or None,
        "inputs": [_tensor_json(tensor) for tensor in description.inputs],
        "outputs": [_tensor_json(tensor) for tensor in description.outputs],
        "graphs": [_graph_json(graph) for graph in description.graphs],
        "layers": [
            {
                "name": layer.name,
                "class": layer.kind,
                "output_shape": _shape_json(layer.shape),
                "parameters": layer.parameters,
            }
            for layer in description.layers
        ],
        "weights": None
        if weights is None
        else {"tensors": weights.tensors, "numbers": weights.numbers},
        "quantised": [_quantisation_json(each) for each in description.quantised],
        "endpoints": [_endpoint_json(endpoint) for endpoint in description.endpoints],
        "notes": list(description.notes),
    }


def _graph_json(graph: GraphFacts) -> dict[str, Any]:
    return {
        "tags": list(graph.tags),
        "signatures": [
            {
                "name": signature.name,
                "inputs": [_tensor_json(tensor) for tensor in signature.inputs],
                "outputs": [_tensor_json(tensor) for tensor in signature.outputs],
            }
            for signature in graph.signatures
        ],
        "ops": dict(graph.ops),
    }


def _tensor_json(tensor: TensorFacts) -> dict[str, Any]:
    quantisation = tensor.quantisation
    return {
        "name": tensor.name or None,
        "dtype": tensor.dtype,
        "shape": _shape_json(tensor.shape),
        "quantisation": None if quantisation is None else _quantisation_json(quantisation),
    }


def _quantisation_json(quantisation: TensorQuantisation) -> dict[str, Any]:
    return {
        "name": quantisation.name,
        "dtype": quantisation.dtype,
        "shape": list(quantisation.shape),
        "scales": list(quantisation.scales),
        "zero_points": list(quantisation.zero_points),
        "axis": quantisation.axis,
    }


def _endpoint_json(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "name": endpoint.name,
        "kind": str(endpoint.kind),
        "made_by": endpoint.made_by or None,
        "shape": list(endpoint.shape),
        "ends_block": endpoint.ends_block,
    }


def _shape_json(shape: Shape) -> list[int | None] | None:
    return None if shape is None else list(shape)


def description_text(description: Description, everything: bool = False) -> str:
    """Give a description as plain text of at most 100 columns.

    Parameters
    ----------
    everything
        List every layer, endpoint, operation and output; else the first few.
    """
    blocks = [
        list(_head(description)),
        list(_file_lines(description.files)),
        *(list(_graph_lines(graph, description, everything)) for graph in description.graphs),
        list(_layer_lines(description, everything)),
        list(_quantised_lines(description.quantised, everything)),
        list(_endpoint_lines(description.endpoints, everything)),
        [line for note in description.notes for line in wrap(note)],
    ]
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block)


def _head(description: Description) -> Iterator[str]:
    yield from wrap(f"{description.kind}: {description.source}")
    if description.call:
        yield from wrap(f"The program calls {description.call}.", indent="  ")
    for word, tensors in (("takes", description.inputs), ("gives", description.outputs)):
        for tensor in _some(tensors, _SHOWN_OUTPUTS, False):
            yield from wrap(f"{word} {_tensor_text(tensor)}", indent="  ")
        yield from _more(len(tensors), _SHOWN_OUTPUTS, False)
    size = description.size
    if not description.size_is_known:
        yield "  its files do not tell which size it takes"
    elif size is None:
        yield "  takes any size"
    else:
        yield f"  expects {size[0]} × {size[1]} pixels"
    if description.weights is not None:
        weights = description.weights
        yield f"  {weights.numbers:,} numbers in {weights.tensors} weights"


def _tensor_text(tensor: TensorFacts) -> str:
    name = f"{tensor.name} " if tensor.name else ""
    text = f"{name}{tensor.dtype} {_shape_text(tensor.shape)}"
    return text if tensor.quantisation is None else f"{text} ({tensor.quantisation.text})"


def _shape_text(shape: Shape) -> str:
    if shape is None:
        return "of any shape"
    return f"[{', '.join('any' if length is None else str(length) for length in shape)}]"


def _file_lines(files: Sequence[FileFacts]) -> Iterator[str]:
    if files:
        yield "Files"
    for file in files:
        role = f"  {file.role}" if file.role else ""
        yield f"  {file.bytes:>13,} bytes  {plain(file.path)}{role}"


def _graph_lines(graph: GraphFacts, description: Description, everything: bool) -> Iterator[str]:
    if len(description.graphs) > 1:
        yield f"Graph tagged {','.join(graph.tags) or 'nothing (inference)'}"
    elif graph.signatures or graph.ops:
        tags = f", tagged {','.join(graph.tags)}" if graph.tags else ""
        yield f"Graph{tags}"
    for signature in graph.signatures:
        yield from _signature_lines(signature, everything)
    shown = _some(graph.ops, _SHOWN_OPS, everything)
    if shown:
        counted = ", ".join(f"{op} {count}" for op, count in shown)
        rest = len(graph.ops) - len(shown)
        more = f", and {rest} more kinds" if rest else ""
        total = sum(count for _, count in graph.ops)
        yield from wrap(f"{total} operations: {counted}{more}", indent="  ")


def _signature_lines(signature: SignatureFacts, everything: bool) -> Iterator[str]:
    yield f"  signature {plain(signature.name)}"
    for tensor in signature.inputs:
        yield from wrap(f"takes {_tensor_text(tensor)}", indent="    ")
    first = sorted(signature.outputs, key=lambda tensor: tensor.name != "default")
    for tensor in _some(first, _SHOWN_OUTPUTS, everything):
        yield from wrap(f"gives {_tensor_text(tensor)}", indent="    ")
    yield from _more(len(signature.outputs), _SHOWN_OUTPUTS, everything, "    ")


def _layer_lines(description: Description, everything: bool) -> Iterator[str]:
    layers = description.layers
    if not layers:
        return
    total = sum(layer.parameters for layer in layers)
    yield f"{len(layers)} layers, {total:,} parameters"
    for layer in _some(layers, _SHOWN_ROWS, everything):
        yield (
            f"  {fit(plain(layer.name), 34)} {fit(layer.kind, _KIND)} "
            f"{fit(_shape_text(layer.shape), 24)} {layer.parameters:>11,}"
        )
    yield from _more(len(layers), _SHOWN_ROWS, everything)


def _quantised_lines(found: Sequence[TensorQuantisation], everything: bool) -> Iterator[str]:
    if not found:
        return
    yield f"{len(found)} constants are stored as whole numbers"
    for each in _some(found, _SHOWN_ROWS, everything):
        yield fit(f"  {fit(_end_of(each.name), _NAME)} {each.text}", TEXT_WIDTH)
    yield from _more(len(found), _SHOWN_ROWS, everything)


def _endpoint_lines(endpoints: Sequence[Endpoint], everything: bool) -> Iterator[str]:
    if not endpoints:
        return
    ends = sum(endpoint.ends_block for endpoint in endpoints)
    yield f"{len(endpoints)} endpoints, {ends} of them at the end of a block"
    shown = [endpoint for endpoint in endpoints if endpoint.ends_block or everything]
    for endpoint in _some(shown, _SHOWN_ROWS, everything):
        yield (
            f"  {fit(plain(endpoint.name), _NAME)} {fit(endpoint.made_by, _KIND)} "
            f"{_shape_text(endpoint.shape)}"
        )
    yield from _more(len(shown), _SHOWN_ROWS, everything)


def _end_of(name: str) -> str:
    """Shorten the name of a fused operation at its beginning: its end tells most."""
    name = plain(name)
    return name if len(name) <= _NAME else f"…{name[len(name) - _NAME + 1 :]}"


def _some(rows: Sequence[_Row], count: int, everything: bool) -> Sequence[_Row]:
    return rows if everything else rows[:count]


def _more(total: int, shown: int, everything: bool, indent: str = "  ") -> Iterator[str]:
    if total > shown and not everything:
        yield f"{indent}… and {total - shown} more (--all lists them)"
