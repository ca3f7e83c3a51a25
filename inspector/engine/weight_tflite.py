"""Weights of a TFLite graph as the real numbers that they stand for, in Keras's layouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.core.weights.tensors import NamedWeight
from inspector.engine.tflite_graph import (
    CONV_2D,
    DEPTHWISE_CONV_2D,
    DEQUANTIZE,
    FULLY_CONNECTED,
)
from inspector.engine.weight_graph import CONSTANT_ELEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from inspector.engine.tflite_graph import Operator, Tensor, TFLiteGraph

_LAYERS = {CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED}


def tflite_weights(graph: TFLiteGraph) -> tuple[NamedWeight, ...]:
    """Read kernels and biases in the order of the operators, then other large constants.

    TFLite keeps kernels as (out, height, width, in), depthwise ones as (1, height, width, out), and
    dense ones as (out, in); they are given as (height, width, in, out), (height, width, in,
    multiplier) and (in, out). Batch norms are folded into them by the converter.
    """
    origins = _origins(graph)
    seen: set[int] = set()
    counts: dict[str, int] = {}
    found = []
    for operator, place, index in _uses(graph):
        source = origins.get(index, index)
        tensor = graph.tensors[source] if source >= 0 else None
        is_layer = operator.code in _LAYERS and place in {1, 2}
        if tensor is None or source in seen or not _is_weight(tensor, is_layer):
            continue
        seen.add(source)
        values = tensor.real_values()
        if is_layer and place == 1:
            values = _kernel(graph, operator, values)
        name = _name(graph, operator, place) if is_layer else tensor.name.split(";")[0]
        count = counts[name] = counts.get(name, 0) + 1
        steps = _steps(tensor) if is_layer and place == 2 else None
        found.append(NamedWeight(f"{name}_{count}" if count > 1 else name, values, steps=steps))
    return tuple(found)


def _origins(graph: TFLiteGraph) -> dict[int, int]:
    """Give the constant behind each tensor that is only brought to float32."""
    return {
        operator.outputs[0]: operator.inputs[0]
        for operator in graph.operators
        if operator.code == DEQUANTIZE and operator.inputs and operator.outputs
    }


def _uses(graph: TFLiteGraph) -> Iterator[tuple[Operator, int, int]]:
    """Give every tensor that an operator takes: the layers' first, then the others."""
    layers = [operator for operator in graph.operators if operator.code in _LAYERS]
    others = [
        operator for operator in graph.operators if operator.code not in {*_LAYERS, DEQUANTIZE}
    ]
    for operator in (*layers, *others):
        for place, index in enumerate(operator.inputs):
            yield operator, place, index


def _is_weight(tensor: Tensor, is_layer: bool) -> bool:
    small = not is_layer and np.prod(tensor.shape) < CONSTANT_ELEMENTS
    if small or not tensor.is_constant:
        return False
    return tensor.quantisation is not None or tensor.dtype.startswith("float")


def _steps(bias: Tensor) -> NDArray[np.float64] | None:
    """Give what one whole number of a bias stands for: the input's step times the kernel's."""
    if bias.quantisation is None or len(bias.shape) != 1:
        return None
    return np.broadcast_to(np.asarray(bias.quantisation.scales, np.float64), bias.shape)


def _kernel(
    graph: TFLiteGraph, operator: Operator, values: NDArray[np.floating]
) -> NDArray[np.floating]:
    if operator.code == FULLY_CONNECTED and values.ndim == 2:
        return values.T
    if values.ndim != 4:
        return values
    if operator.code == CONV_2D:
        return values.transpose(1, 2, 3, 0)
    given = graph.tensors[operator.inputs[0]].shape
    channels = given[3] if len(given) == 4 and given[3] > 0 else values.shape[3]
    if values.shape[3] % channels:
        channels = values.shape[3]
    shape = (*values.shape[1:3], channels, values.shape[3] // channels)
    return np.reshape(values[0], shape)


def _name(graph: TFLiteGraph, operator: Operator, place: int) -> str:
    """Name a kernel or bias after what its layer gives, without the last operation's name."""
    layer = graph.tensors[operator.outputs[0]].name.split(";")[0]
    return f"{layer}/{'kernel' if place == 1 else 'bias'}"
