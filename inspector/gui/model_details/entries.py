"""What the details of a model say, as groups of rows of text; no widgets."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.quantisation import ModelQuantisation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.description import (
        Description,
        GraphFacts,
        LayerFacts,
        SignatureFacts,
        TensorFacts,
    )
    from inspector.core.endpoints import Endpoint

Shape = tuple[int | None, ...] | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, or a group of rows.

    Attributes
    ----------
    name, what, shape, amount
        The columns.
    tip
        The whole of what a column may not have room for; the row's own text where it is empty.
    inside
        The rows of a group.
    unfolded
        Whether a group shows its rows at first.
    """

    name: str
    what: str = ""
    shape: str = ""
    amount: str = ""
    tip: str = ""
    inside: tuple[Entry, ...] = field(default=())
    unfolded: bool = True

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The texts of the columns."""
        return self.name, self.what, self.shape, self.amount


def entries_of(description: Description) -> tuple[Entry, ...]:
    """Give every group of a description that holds something."""
    groups = (
        Entry("Overview", inside=tuple(_overview(description))),
        Entry("Input", inside=tuple(_tensor(tensor) for tensor in description.inputs)),
        Entry("Output", inside=tuple(_tensor(tensor) for tensor in description.outputs)),
        Entry("Files", inside=tuple(_files(description))),
        *(_graph(graph, len(description.graphs)) for graph in description.graphs),
        _counted("Layers", tuple(map(_layer, description.layers))),
        _counted("Endpoints at the ends of blocks", tuple(_endpoints(description, True))),
        _counted("Other endpoints", tuple(_endpoints(description, False))),
        _counted("Constants in whole numbers", tuple(_quantised(description))),
    )
    return tuple(group for group in groups if group.inside)


def _overview(description: Description) -> Iterator[Entry]:
    yield Entry("Kind", description.kind)
    yield Entry("Source", description.source)
    if description.call:
        yield Entry("The program calls", description.call)
    yield Entry("Picture size", _size_text(description))
    if description.weights is not None:
        weights = description.weights
        yield Entry("Weights", f"{weights.numbers:,} numbers in {weights.tensors:,} tensors")
    if description.layers:
        total = sum(layer.parameters for layer in description.layers)
        yield Entry("Parameters", f"{total:,}")
    if quantisation := _quantisation(description):
        yield Entry("Quantisation", quantisation)


def _size_text(description: Description) -> str:
    size = description.size
    if size is not None:
        return f"{size[0]} × {size[1]} pixels"
    return "any" if description.size_is_known else "its files do not tell"


def _quantisation(description: Description) -> str:
    taken = [tensor.quantisation for tensor in description.inputs if tensor.quantisation]
    given = [tensor.quantisation for tensor in description.outputs if tensor.quantisation]
    found = ModelQuantisation(
        taken[0] if taken else None, given[0] if given else None, description.quantised
    )
    return found.text if found else ""


def _tensor(tensor: TensorFacts) -> Entry:
    quantised = "" if tensor.quantisation is None else f" ({tensor.quantisation.text})"
    return Entry(
        tensor.name or "without a name", f"{tensor.dtype}{quantised}", shape_text(tensor.shape)
    )


def _files(description: Description) -> Iterator[Entry]:
    for file in description.files:
        name = Path(file.path).name
        yield Entry(name, file.role, amount=bytes_text(file.bytes), tip=file.path)


def _graph(graph: GraphFacts, count: int) -> Entry:
    name = "Graph" if count == 1 and not graph.tags else f"Graph tagged {_tags(graph)}"
    operations = sum(times for _, times in graph.ops)
    kinds = tuple(Entry(name, amount=f"{times:,}") for name, times in graph.ops)
    inside = [_signature(signature) for signature in graph.signatures]
    if kinds:
        title = f"Operations ({operations:,})"
        inside.append(Entry(title, f"{len(kinds)} kinds", inside=kinds, unfolded=False))
    return Entry(name, inside=tuple(inside))


def _tags(graph: GraphFacts) -> str:
    return ", ".join(graph.tags) or "nothing (inference)"


def _signature(signature: SignatureFacts) -> Entry:
    given = sorted(signature.outputs, key=lambda tensor: tensor.name != "default")
    inside = (
        *(_prefixed("takes", tensor) for tensor in signature.inputs),
        *(_prefixed("gives", tensor) for tensor in given),
    )
    counts = f"{len(signature.inputs)} in, {len(signature.outputs)} out"
    few = len(given) <= _FEW
    return Entry(f"Signature {signature.name}", counts, inside=inside, unfolded=few)


_FEW = 4
"""A signature with more outputs than this shows them when it is unfolded."""


def _prefixed(word: str, tensor: TensorFacts) -> Entry:
    entry = _tensor(tensor)
    return Entry(f"{word} {entry.name}", entry.what, entry.shape)


def _layer(layer: LayerFacts) -> Entry:
    amount = f"{layer.parameters:,}" if layer.parameters else ""
    return Entry(layer.name, layer.kind, shape_text(layer.shape), amount)


def _endpoints(description: Description, ending: bool) -> Iterator[Entry]:
    for endpoint in description.endpoints:
        if endpoint.ends_block == ending:
            yield Entry(endpoint.name, _made_by(endpoint), shape_text(endpoint.shape))


def _made_by(endpoint: Endpoint) -> str:
    return endpoint.made_by or str(endpoint.kind).replace("_", " ")


def _quantised(description: Description) -> Iterator[Entry]:
    for each in description.quantised:
        yield Entry(each.name, each.text, shape_text(each.shape))


def _counted(title: str, inside: tuple[Entry, ...]) -> Entry:
    return Entry(f"{title} ({len(inside):,})", inside=inside, unfolded=False)


def shape_text(shape: Shape) -> str:
    """Write a shape, such as ``any × 96 × 96 × 3``."""
    if shape is None:
        return "any shape"
    return " × ".join("any" if length is None else str(length) for length in shape) or "one number"


def bytes_text(size: int) -> str:
    """Write a number of bytes with its unit: bytes, kB or MB of a thousand each."""
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1e3:.1f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB"
