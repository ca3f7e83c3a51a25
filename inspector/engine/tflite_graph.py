"""The graph of a TFLite file: its tensors, operators and constants, read without the interpreter.

Slots are those of the published schema (tensorflow/lite/schema/schema.fbs). The file was checked
before (:mod:`inspector.engine.scan_tflite`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.quantisation import TensorQuantisation
from inspector.engine.scan_flatbuffer import root_table

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from inspector.engine.scan_flatbuffer import Table

TYPES = {
    **{0: "float32", 1: "float16", 2: "int32", 3: "uint8", 4: "int64", 5: "string", 6: "bool"},
    **{7: "int16", 8: "complex64", 9: "int8", 10: "float64", 12: "uint64", 15: "uint32"},
    **{16: "uint16", 17: "int4", 18: "bfloat16", 19: "int2", 20: "uint4"},
}
"""Types by their number."""

CONV_2D, DEPTHWISE_CONV_2D, DEQUANTIZE, FULLY_CONNECTED = 3, 4, 6, 9

_PACKED = {"int4", "uint4", "int2", "bfloat16"}
"""Types that numpy does not know; their constants are not read."""


@dataclass(frozen=True, eq=False, slots=True)
class Tensor:
    """One tensor.

    Attributes
    ----------
    name, dtype
        As the file says.
    shape
        Its lengths; -1 for each axis that is free.
    quantisation
        How it stands for real numbers, or None.
    data
        The bytes of a constant; empty for what is computed.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    quantisation: TensorQuantisation | None
    data: memoryview = field(repr=False)

    @property
    def described(self) -> str:
        """Say it for a message: name, type and shape."""
        lengths = ", ".join("any" if length < 0 else str(length) for length in self.shape)
        return f"{self.name} {self.dtype} [{lengths}]"

    @property
    def is_constant(self) -> bool:
        """Tell whether its numbers are in the file."""
        return bool(self.data) and self.dtype in TYPES.values() and self.dtype not in _PACKED

    def values(self) -> NDArray[Any]:
        """Give a constant's numbers as they are stored."""
        return np.frombuffer(self.data, np.dtype(self.dtype).newbyteorder("<")).reshape(self.shape)

    def real_values(self) -> NDArray[np.floating]:
        """Give a constant's numbers as the real ones that they stand for."""
        values = self.values()
        if self.quantisation is not None:
            return self.quantisation.dequantise(values)
        return values if np.issubdtype(values.dtype, np.floating) else values.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator: its code, and the indices of its tensors (-1 for one that is left out)."""

    code: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


@dataclass(frozen=True, eq=False, slots=True)
class TFLiteGraph:
    """The main graph of a TFLite file.

    Attributes
    ----------
    tensors, operators
        In the order of the file.
    inputs, outputs
        Indices of tensors.
    output_names
        Names that a signature gives to outputs, with their indices.
    """

    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    output_names: dict[str, int]


def read_graph(path: Path) -> TFLiteGraph:
    """Read the main graph of a file that was checked."""
    model = root_table(memoryview(path.read_bytes()))
    buffers = list(model.tables(4))
    codes = [max(code.number(0, "b"), code.number(3, "i")) for code in model.tables(1)]
    main = next(iter(model.tables(2)))
    return TFLiteGraph(
        tensors=tuple(_tensor(table, buffers, model.data) for table in main.tables(0)),
        operators=tuple(
            Operator(codes[table.number(0, "I")], _whole(table, 1), _whole(table, 2))
            for table in main.tables(3)
        ),
        inputs=_whole(main, 1),
        outputs=_whole(main, 2),
        output_names={
            entry.text(0): entry.number(1, "I")
            for signature in model.tables(7)
            if signature.number(4, "I") == 0
            for entry in signature.tables(1)
        },
    )


def _tensor(table: Table, buffers: list[Table], data: memoryview) -> Tensor:
    name, number = table.text(3), table.number(1, "b")
    dtype = TYPES.get(number, f"type {number}")
    shape, signature = _whole(table, 0), _whole(table, 7)
    content = _content(buffers[table.number(2, "I")], data)
    if table.has(6):  # sparse: its numbers are not laid out as its shape says
        content = data[:0]
    quantisation = _quantisation(table.table(4), name, dtype, shape)
    return Tensor(name, dtype, signature or shape, quantisation, content)


def _content(buffer: Table, data: memoryview) -> memoryview:
    offset = buffer.number(1, "Q")
    return data[offset : offset + buffer.number(2, "Q")] if offset > 1 else buffer.bytes(0)


def _quantisation(
    table: Table | None, name: str, dtype: str, shape: tuple[int, ...]
) -> TensorQuantisation | None:
    if table is None or "int" not in dtype:
        return None
    scales = tuple(float(scale) for scale in table.numbers(2, "f"))
    if not scales or not all(scale > 0 for scale in scales):
        return None
    zeros = _zeros(table, len(scales))
    axis = table.number(6, "i") if len(scales) > 1 else None
    return TensorQuantisation(name, dtype, shape, scales, zeros, axis)


def _zeros(table: Table, count: int) -> tuple[int, ...]:
    zeros = tuple(int(zero) for zero in table.numbers(3, "q"))
    return zeros if len(zeros) == count else (zeros or (0,)) * count


def _whole(table: Table, slot: int) -> tuple[int, ...]:
    return tuple(int(number) for number in table.numbers(slot, "i"))
