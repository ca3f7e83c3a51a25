"""What a TFLite file would do by itself, and whether it is whole, read without opening it.

A TFLite model is data for operators that the interpreter brings along. It acts by itself only with
an operator that is not the interpreter's own: a *custom* one, or a *Flex* one, which is a
TensorFlow operation. The interpreter is native code and trusts many a number in the file, so that
indices, sizes and quantisation are checked here first. Slots are those of the published schema
(tensorflow/lite/schema/schema.fbs).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from inspector.core.file_marks import TFLITE
from inspector.engine.scan_flatbuffer import BrokenBufferError, root_table
from inspector.engine.scan_hazard import Hazard, malformed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from inspector.engine.scan_flatbuffer import Table

FILE_LIMIT = 2 << 30
"""Bytes of a file; a FlatBuffer itself ends at two gigabytes."""
MEMORY_LIMIT = 8 << 30
"""Bytes of all tensors together."""
RANK_LIMIT = 8

_CUSTOM, _DELEGATE = 32, 51
_CALLS_OUT = {_DELEGATE: "a delegate", 127: "a placeholder", 173: "STABLEHLO_CUSTOM_CALL"}
_FLEX = "Flex"
_FOUR_BITS = {17, 20}
_TWO_BITS = {19}
_BYTES = {
    **dict.fromkeys((0, 2, 15), 4),
    **dict.fromkeys((1, 7, 16, 18), 2),
    **dict.fromkeys((3, 6, 9, 17, 19, 20, 21, 22), 1),
    **dict.fromkeys((4, 8, 10, 12), 8),
    11: 16,
}
"""Bytes of an element by the number of its type; text, resources and variants have none."""


def scan_tflite(path: Path) -> tuple[Hazard, ...]:
    """Look for what a TFLite model would do by itself.

    Raises
    ------
    ReleaseError
        Where the file is no whole TFLite model, or pretends to be larger than it is.
    """
    try:
        size = path.stat().st_size
        if size > FILE_LIMIT:
            raise malformed(
                path.name, f"it has {size / 1e6:,.0f} MB, more than {FILE_LIMIT / 1e6:,.0f} MB"
            )
        data = path.read_bytes()
    except OSError as error:
        raise malformed(str(path), f"it could not be read: {error.strerror or error}") from error
    if data[4:8] != TFLITE:
        raise malformed(path.name, "it is no TFLite model", "Choose a .tflite file.")
    try:
        return tuple(dict.fromkeys(_Scan(root_table(memoryview(data))).hazards()))
    except BrokenBufferError as error:
        raise malformed(path.name, f"it is no whole TFLite model: {error}") from error


class _Scan:
    """Goes through a model once."""

    def __init__(self, model: Table) -> None:
        self._model = model
        self._buffers = [self._buffer_size(buffer) for buffer in model.tables(4)]
        self._codes = list(model.tables(1))
        self._subgraphs = list(model.tables(2))
        self._bytes = 0

    def hazards(self) -> Iterator[Hazard]:
        if not self._subgraphs:
            raise BrokenBufferError("it has no graph")
        if any(self._model.has(slot) for slot in (8, 9)):
            raise BrokenBufferError("its numbers are in another file")
        for code in self._codes:
            yield from _code_hazards(code)
        for subgraph in self._subgraphs:
            self._check_subgraph(subgraph)
        if self._bytes > MEMORY_LIMIT:
            raise BrokenBufferError(f"its tensors would take {self._bytes / 1e9:,.0f} GB")
        for signature in self._model.tables(7):
            self._check_signature(signature)

    def _buffer_size(self, buffer: Table) -> int:
        offset, size = buffer.number(1, "Q"), buffer.number(2, "Q")
        if offset > 1:
            if offset + size > len(self._model.data):
                raise BrokenBufferError("numbers lie outside of the file")
            return size
        return len(buffer.bytes(0))

    def _check_subgraph(self, subgraph: Table) -> None:
        tensors = list(subgraph.tables(0))
        for tensor in tensors:
            self._check_tensor(tensor)
        for slot in (1, 2):
            _check_indices(subgraph.numbers(slot, "i"), len(tensors), least=0)
        operators = list(subgraph.tables(3))
        for operator in operators:
            if operator.number(0, "I") >= len(self._codes):
                raise BrokenBufferError("an operator has no code")
            for slot in (1, 2, 8):
                _check_indices(operator.numbers(slot, "i"), len(tensors), least=-1)
            operator.bytes(5)
            for slot in (4, 12):
                operator.table(slot)

    def _check_tensor(self, tensor: Table) -> None:
        shape = tensor.numbers(0, "i")
        kind = tensor.number(1, "b")
        buffer = tensor.number(2, "I")
        name = tensor.text(3)[:100]
        if len(shape) > RANK_LIMIT or any(length < 0 for length in shape):
            raise BrokenBufferError(f"the tensor {name!r} has the shape {list(shape)[:RANK_LIMIT]}")
        if any(length < -1 for length in tensor.numbers(7, "i")):
            raise BrokenBufferError(f"the tensor {name!r} has no shape")
        if buffer >= len(self._buffers):
            raise BrokenBufferError(f"the tensor {name!r} has no numbers")
        if kind not in _BYTES and kind not in {5, 13, 14}:
            raise BrokenBufferError(f"the tensor {name!r} has the unknown type {kind}")
        _check_quantisation(tensor.table(4), shape, name)
        needed = _bytes_of(math.prod(int(length) for length in shape), kind)
        self._bytes += needed
        held = self._buffers[buffer]
        if held and needed and held != needed and not tensor.has(6):
            raise BrokenBufferError(
                f"the tensor {name!r} should have {needed:,} bytes, and has {held:,}"
            )

    def _check_signature(self, signature: Table) -> None:
        index = signature.number(4, "I")
        if index >= len(self._subgraphs):
            raise BrokenBufferError("a signature has no graph")
        count = sum(1 for _ in self._subgraphs[index].tables(0))
        for slot in (0, 1):
            for entry in signature.tables(slot):
                entry.text(0)
                _check_indices((entry.number(1, "I"),), count, least=0)
        signature.text(2)


def _code_hazards(code: Table) -> Iterator[Hazard]:
    kind = max(code.number(0, "b"), code.number(3, "i"))
    name = code.text(1)[:200]
    if name.startswith(_FLEX):
        inner = name.removeprefix(_FLEX)
        yield Hazard(f"the Flex op {name}", f"runs the TensorFlow operation {inner}")
    elif kind == _CUSTOM or name:
        called = name or "without a name"
        yield Hazard(f"the custom op {called}", "runs native code that is no part of TFLite")
    elif kind in _CALLS_OUT:
        yield Hazard(
            f"the op {_CALLS_OUT[kind]}", "runs native code that this check cannot look into"
        )


def _check_indices(indices: tuple[int | float, ...], count: int, least: int) -> None:
    if any(not least <= index < count for index in indices):
        raise BrokenBufferError("an operator takes a tensor that does not exist")


def _check_quantisation(table: Table | None, shape: tuple[int | float, ...], name: str) -> None:
    if table is None:
        return
    scales, zeros = table.numbers(2, "f"), table.numbers(3, "q")
    axis = table.number(6, "i")
    for slot in (0, 1):
        table.numbers(slot, "f")
    if not all(math.isfinite(scale) and scale >= 0 for scale in scales):
        raise BrokenBufferError(f"the tensor {name!r} has an impossible scale")
    if len(zeros) not in {0, 1, len(scales)}:
        raise BrokenBufferError(f"the tensor {name!r} has {len(zeros)} zero points")
    if len(scales) > 1 and not (0 <= axis < len(shape) and shape[axis] == len(scales)):
        raise BrokenBufferError(f"the tensor {name!r} has {len(scales)} scales")


def _bytes_of(elements: int, kind: int) -> int:
    if kind in _FOUR_BITS:
        return (elements + 1) // 2
    if kind in _TWO_BITS:
        return (elements + 3) // 4
    return elements * _BYTES.get(kind, 0)
