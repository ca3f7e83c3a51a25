"""What the layers of a release tell without being run: by its graph, or by its TFLite file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.proposing_families import family_of
from inspector.core.proposing_observation import Front
from inspector.core.sources import SourceKind
from inspector.engine.describe_tflite import ends_in_sigmoid, ends_in_softmax
from inspector.engine.tflite_graph import CONV_2D, DEPTHWISE_CONV_2D, DEQUANTIZE, read_graph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from inspector.core.sources import Source
    from inspector.engine.proposing_graph import FirstLayers
    from inspector.engine.tflite_graph import Operator, TFLiteGraph

    Affine = tuple[NDArray[np.float64], NDArray[np.float64]]

_ADD, _MUL, _SUB, _DIV = 0, 18, 41, 42
_PAD, _CAST, _QUANTIZE = 34, 53, 114
_PASSING_ON = frozenset({DEQUANTIZE, _PAD, _CAST, _QUANTIZE})
_LAYERS = frozenset({CONV_2D, DEPTHWISE_CONV_2D})


class Last(Enum):
    """The last operation of a release, as far as it tells what the output is."""

    SOFTMAX = "softmax"
    SIGMOID = "sigmoid"
    OTHER = "other"


@dataclass(frozen=True, eq=False, slots=True)
class Layers:
    """What the layers of a release tell.

    Attributes
    ----------
    front
        What scales its input inside, None where nothing does.
    family
        Name of the known architecture that its layers are named after, or empty.
    last
        Its last operation.
    may_hide
        Whether a factor on its input may be hidden in its first layer.
    """

    front: Front | None = None
    family: str = ""
    last: Last = Last.OTHER
    may_hide: bool = False


def layers_of(source: Source, inside: FirstLayers | None) -> Layers:
    """Read the layers of an opened release, by its frozen graph where there is one."""
    if inside is not None:
        last = _LAST.get(inside.last_operation(), Last.OTHER)
        return Layers(inside.front(), _family_name(inside.names()), last)
    if source.kind is SourceKind.TFLITE:
        return _tflite_layers(Path(source.target), source.option("output"))
    return Layers()


_LAST = {"Softmax": Last.SOFTMAX, "Sigmoid": Last.SIGMOID}


def _tflite_layers(path: Path, output: str) -> Layers:
    last = Last.OTHER
    if ends_in_softmax(path, output):
        last = Last.SOFTMAX
    elif ends_in_sigmoid(path, output):
        last = Last.SIGMOID
    graph = read_graph(path)
    scaled = tflite_front(graph)
    if scaled is None:  # a range of its first layer would tell nothing of that of its input
        return Layers(last=last)
    front = Front(np.diag(scaled[0]), scaled[1])
    family = _family_name(tensor.name for tensor in graph.tensors)
    if front.passes_on:
        return Layers(None, family, last, may_hide=True)
    return Layers(front, family, last)


def tflite_front(graph: TFLiteGraph) -> Affine | None:
    """Give what is done to each channel before the first layer: factor and offset, float64 (3,).

    None where something else is done, such as an exchange of channels, and where an offset may be
    hidden in the first layer itself: the converter folds one into it unless it, or an operation
    before it, pads with zeros. A factor alone is folded in either case: where nothing is seen to be
    done, there may have been one.
    """
    factor, offset, padded = np.ones(3), np.zeros(3), False
    users = {index: each for each in reversed(graph.operators) for index in each.inputs}
    index = graph.inputs[0] if len(graph.inputs) == 1 else -1
    for _ in graph.operators:  # a damaged file may go in circles
        operator = users.get(index)
        if operator is None or not operator.outputs:
            return None
        if operator.code in _LAYERS:
            return (factor, offset) if padded or _pads(graph, operator) else None
        padded = padded or operator.code == _PAD
        if operator.code not in _PASSING_ON:
            step = _step(graph, operator, index)
            if step is None:
                return None
            factor, offset = factor * step[0], offset * step[0] + step[1]
        index = operator.outputs[0]
    return None


def _pads(graph: TFLiteGraph, layer: Operator) -> bool:
    """Tell by the shapes whether a convolution pads what it is given.

    With padding, each axis of the output is as long as the input's divided by the stride, rounded
    up; without, it is shorter.
    """
    given, kernel = (graph.tensors[index].shape for index in layer.inputs[:2])
    made = graph.tensors[layer.outputs[0]].shape
    if len(given) != 4 or len(kernel) != 4 or len(made) != 4:
        return False
    length, window, found = given[1], kernel[1], made[1]
    if length < 1 or found < 1:
        return False
    stride = max(round(length / found), 1)
    return window > stride and found == -(-length // stride)


def _step(graph: TFLiteGraph, operator: Operator, index: int) -> Affine | None:
    """Give factor and offset of one operation with a constant, None where it is another."""
    constants = [graph.tensors[each] for each in operator.inputs if each not in {index, -1}]
    if len(constants) != 1 or not constants[0].is_constant:
        return None
    values = np.asarray(constants[0].real_values(), dtype=np.float64).ravel()
    if values.size not in {1, 3}:
        return None
    number, none = np.broadcast_to(values, 3), np.zeros(3)
    comes_first = operator.inputs[0] == index
    made = {_ADD: (none + 1.0, number), _MUL: (number, none)}
    if comes_first:
        made[_SUB] = (none + 1.0, -number)
        if number.all():
            made[_DIV] = (1.0 / number, none)
    return made.get(operator.code)


def _family_name(names: Iterable[str]) -> str:
    family = family_of(names)
    return "" if family is None else family.name
