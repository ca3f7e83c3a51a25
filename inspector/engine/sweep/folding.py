"""Folding batch normalisation into the convolutions before it, in a frozen graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PASSING = frozenset({"Identity", "StopGradient"})
_FUSED = frozenset({"FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"})
_CHANNELS_LAST = b"NHWC"


def fold_batch_norms(graph_def: Any) -> tuple[Any, int]:
    """Write every batch normalisation with constant statistics as a product and a bias.

    ``gamma·(x - mean)/sqrt(variance + epsilon) + beta`` is ``x·scale + offset`` with
    ``scale = gamma/sqrt(variance + epsilon)`` and ``offset = beta - mean·scale``, computed in
    float64. TensorFlow's own graph optimiser then multiplies the scale into the weights of the
    convolution before it, and runs convolution, bias and activation as one operation.

    Parameters
    ----------
    graph_def
        A GraphDef whose variables are constants. It is left as it is.

    Returns
    -------
    GraphDef
        The same function, but for float noise.
    int
        How many were rewritten.
    """
    import tensorflow as tf

    nodes = {node.name: node for node in graph_def.node}
    folded = tf.compat.v1.GraphDef()
    folded.CopyFrom(graph_def)
    del folded.node[:]
    count = 0
    for node in graph_def.node:
        constants = _statistics(nodes, node)
        if constants is None:
            folded.node.add().CopyFrom(node)
            continue
        _write(folded, node, constants)
        count += 1
    return folded, count


def _statistics(nodes: dict[str, Any], node: Any) -> list[NDArray[np.float64]] | None:
    """Give gamma, beta, mean and variance of a batch normalisation that can be folded."""
    if node.op not in _FUSED or node.attr["is_training"].b:
        return None
    if node.attr["data_format"].s not in {b"", _CHANNELS_LAST}:
        return None
    found = [_constant(nodes, name) for name in node.input[1:5]]
    known = [numbers for numbers in found if numbers is not None and numbers.ndim == 1]
    return known if len(known) == 4 else None


def _constant(nodes: dict[str, Any], name: str) -> NDArray[np.float64] | None:
    """Give the constant behind an input, through operations that pass it on."""
    import tensorflow as tf

    node = nodes.get(_plain(name))
    while node is not None and node.op in _PASSING:
        node = nodes.get(_plain(node.input[0]))
    if node is None or node.op != "Const":
        return None
    return np.asarray(tf.make_ndarray(node.attr["value"].tensor), dtype=np.float64)


def _plain(name: str) -> str:
    return name.removeprefix("^").partition(":")[0]


def _write(folded: Any, node: Any, constants: list[NDArray[np.float64]]) -> None:
    """Put a product and a bias in place of a batch normalisation; the bias takes its name."""
    gamma, beta, mean, variance = constants
    scale = gamma / np.sqrt(variance + node.attr["epsilon"].f)
    offset = beta - mean * scale
    names = [f"{node.name}/folded_{part}" for part in ("scale", "offset", "product")]
    for name, numbers in zip(names, (scale, offset), strict=False):
        _add_constant(folded, name, numbers)
    product = folded.node.add(name=names[2], op="Mul", input=[node.input[0], names[0]])
    bias = folded.node.add(name=node.name, op="BiasAdd", input=[names[2], names[1]])
    bias.input.extend(name for name in node.input if name.startswith("^"))
    bias.attr["data_format"].s = _CHANNELS_LAST
    for written in (product, bias):
        written.attr["T"].CopyFrom(node.attr["T"])


def _add_constant(folded: Any, name: str, numbers: NDArray[np.float64]) -> None:
    import tensorflow as tf

    node = folded.node.add(name=name, op="Const")
    node.attr["dtype"].type = tf.float32.as_datatype_enum
    node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(numbers.astype(np.float32)))
