"""What a TFLite file offers, read from the file alone: no interpreter is needed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.description import (
    Description,
    FileFacts,
    GraphFacts,
    TensorFacts,
    WeightFacts,
)
from inspector.core.errors import ReleaseMissingError
from inspector.engine.scan_tflite import scan_tflite
from inspector.engine.tflite_graph import read_graph

if TYPE_CHECKING:
    from inspector.core.pairs import ReleaseSpec
    from inspector.engine.classifier import Classifier
    from inspector.engine.tflite_graph import Tensor, TFLiteGraph

_SIGMOID, _SOFTMAX = 14, 25
_PASSING_ON = frozenset({6, 22, 43, 114})
"""DEQUANTIZE, RESHAPE, SQUEEZE and QUANTIZE, by their codes in TensorFlow's schema."""


def describe_tflite(spec: ReleaseSpec, model: Classifier | None) -> Description:
    """Describe a TFLite file.

    Raises
    ------
    ReleaseMissingError
        Where it is not here.
    ReleaseError
        Where it cannot be read.
    """
    path = Path(spec.source.target)
    if not path.is_file():
        raise ReleaseMissingError(f"The TFLite file {path} is not there.", "Check its path.")
    scan_tflite(path)  # the reader trusts the indices and sizes that this checks
    graph = read_graph(path)
    wanted = spec.source.option("output")
    constants = [tensor for tensor in graph.tensors if tensor.is_constant]
    numbers = sum(int(tensor.values().size) for tensor in constants)
    return Description(
        source=str(spec.source),
        kind="TFLite model",
        files=(FileFacts(str(path), path.stat().st_size, "graph and weights"),),
        inputs=tuple(_tensor(graph.tensors[index]) for index in graph.inputs),
        outputs=tuple(_tensor(graph.tensors[index]) for index in graph.outputs),
        graphs=(GraphFacts((), (), _ops(graph)),),
        call=f"the graph and reads its output {wanted!r}" if wanted else "",
        weights=WeightFacts(len(constants), numbers),
        quantised=tuple(
            tensor.quantisation for tensor in constants if tensor.quantisation is not None
        ),
    )


def ends_in_softmax(path: Path, output: str = "") -> bool:
    """Tell whether what a file gives is a softmax, perhaps brought to another type or shape.

    Parameters
    ----------
    path
        A file that was checked before.
    output
        Name of the output that is meant, or empty for the only one.
    """
    return _last_operator(path, output) == _SOFTMAX


def ends_in_sigmoid(path: Path, output: str = "") -> bool:
    """Tell whether what a file gives is a sigmoid of each number; see :func:`ends_in_softmax`."""
    return _last_operator(path, output) == _SIGMOID


def _last_operator(path: Path, output: str) -> int | None:
    """Give the code of the operator that makes an output, behind those that only pass it on."""
    graph = read_graph(path)
    names = {graph.tensors[index].name: index for index in graph.outputs} | graph.output_names
    index = names.get(output, graph.outputs[0])
    makers = {made: operator for operator in graph.operators for made in operator.outputs}
    for _ in graph.operators:  # a damaged file may go in circles
        maker = makers.get(index)
        if maker is None or maker.code not in _PASSING_ON or not maker.inputs:
            return None if maker is None else maker.code
        index = maker.inputs[0]
    return None


def _tensor(tensor: Tensor) -> TensorFacts:
    shape = tuple(length if length >= 0 else None for length in tensor.shape)
    return TensorFacts(tensor.name, tensor.dtype, shape, tensor.quantisation)


def _ops(graph: TFLiteGraph) -> tuple[tuple[str, int], ...]:
    names = _op_names()
    counted = Counter(
        names.get(operator.code, f"operator {operator.code}") for operator in graph.operators
    )
    return tuple(sorted(counted.items(), key=lambda row: (-row[1], row[0])))


def _op_names() -> dict[int, str]:
    """Give the names of TFLite's own operators by their codes, from TensorFlow's schema."""
    from tensorflow.lite.python.schema_py_generated import BuiltinOperator

    return {code: name for name, code in vars(BuiltinOperator).items() if isinstance(code, int)}
