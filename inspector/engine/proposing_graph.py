"""The first layers of a loaded release: what scales its input, and what its batch norms remember.

The release's function is frozen, so that functions inside it are laid open and variables are
constants; the graph is then read and run in parts. That works alike for Keras models and for
SavedModels, whoever wrote them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.errors import ReleaseError
from inspector.core.proposing_observation import FirstNorm, Front

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from inspector.engine.classifier import Classifier

FIRST_NORMS = 1
"""Batch norms that are looked at: behind the first one, rectifiers hide the scale of the input."""

_NO_GRAPH = (ValueError, TypeError, RuntimeError, LookupError)

_POINTWISE = frozenset(
    {"Identity", "Cast", "Mul", "Add", "AddV2", "Sub", "RealDiv", "Div", "BiasAdd", "Neg"}
    | {"ReverseV2", "StridedSlice", "GatherV2", "Split", "SplitV", "Unpack", "Pack", "ConcatV2"}
)
"""Operations that can scale a picture or turn its channels round, and nothing else."""


@dataclass(frozen=True, eq=False, slots=True)
class _Norm:
    """A batch norm in a graph: what goes in, and what it remembers of that."""

    entry: Any
    mean: NDArray[np.float64]
    variance: NDArray[np.float64]


_PASSING_ON = frozenset({"Identity", "Cast", "Reshape", "Squeeze", "ExpandDims"})


class FirstLayers:
    """The frozen graph of a release, to be asked about its first layers."""

    def __init__(self, frozen: Any) -> None:
        self._frozen = frozen
        self._input = frozen.inputs[0]
        self._operations = frozen.graph.get_operations()
        self._fed = _fed_by(self._input, self._operations)
        self._norms = list(self._find_norms())

    def names(self) -> list[str]:
        """Give the names of all operations."""
        return [operation.name for operation in self._operations]

    def last_operation(self) -> str:
        """Give the type of the operation that makes the output, behind what only passes it on."""
        operation = self._frozen.outputs[0].op
        while operation.type in _PASSING_ON and operation.inputs:
            operation = operation.inputs[0].op
        return str(operation.type)

    def front(self) -> Front | None:
        """Measure what is done to each channel before the first layer, None where nothing is."""
        import tensorflow as tf

        tensor = self._front_tensor()
        if tensor is None:
            return None
        call = self._frozen.prune([self._input], [tensor])
        shape = [1, *(axis or 8 for axis in self._input.shape[1:3]), 3]
        black, lights = np.zeros(shape, np.float32), []
        for channel in range(3):
            light = black.copy()
            light[..., channel] = 1.0
            lights.append(light)
        answers = [np.asarray(call(tf.constant(one))[0])[0, 0, 0] for one in (black, *lights)]
        return Front(
            matrix=np.stack([answer - answers[0] for answer in answers[1:]], axis=1).astype(float),
            offset=answers[0].astype(float),
        )

    def norms(self, batch: NDArray[np.float32]) -> tuple[FirstNorm, ...]:
        """Measure what the first batch norms receive for a batch, beside what they remember."""
        import tensorflow as tf

        if not self._norms:
            return ()
        call = self._frozen.prune([self._input], [norm.entry for norm in self._norms])
        found = []
        for entry, norm in zip(call(tf.constant(batch)), self._norms, strict=True):
            seen = np.asarray(entry, dtype=np.float64)
            moments = seen.mean(axis=(0, 1, 2)), seen.var(axis=(0, 1, 2))
            found.append(FirstNorm(norm.mean, norm.variance, *moments))
        return tuple(found)

    def _find_norms(self) -> Iterator[_Norm]:
        found = 0
        for operation in self._operations:
            norm = self._norm_at(operation) if operation in self._fed else None
            if norm is not None and norm.entry.shape.rank == 4:
                yield norm
                found += 1
            if found == FIRST_NORMS:
                return

    def _norm_at(self, operation: Any) -> _Norm | None:
        if operation.type.startswith("FusedBatchNorm"):
            return _norm_of(operation.inputs[0], operation.inputs[3], operation.inputs[4])
        return self._spelt_out(operation) if operation.type == "Mul" else None

    def _spelt_out(self, product: Any) -> _Norm | None:
        """Recognise ``x * (rsqrt(variance + ε) * γ) + (β - mean * …)`` by its first product."""
        for entry, factor in (product.inputs, reversed(product.inputs)):
            if entry.op not in self._fed or factor.op in self._fed:
                continue
            variance = _variance_under(factor)
            mean = self._mean_times(factor)
            if variance is not None and mean is not None:
                return _norm_of(entry, mean, variance)
        return None

    def _mean_times(self, factor: Any) -> Any | None:
        for user in factor.consumers():
            if user.type == "Mul" and user not in self._fed:
                first, second = user.inputs
                return second if first is factor else first
        return None

    def _front_tensor(self) -> Any | None:
        """Give the last tensor, shaped like the input, that only pointwise operations made."""
        front = {self._input.op}
        last = None
        for operation in self._operations:
            if operation not in self._fed or operation.type not in _POINTWISE:
                continue
            if any(t.op in self._fed and t.op not in front for t in operation.inputs):
                continue
            front.add(operation)
            result = operation.outputs[0]
            is_picture = result.shape.rank == 4 and result.shape[-1] == 3
            if is_picture and operation.type != "Identity":
                last = result
        return last


def look_inside(model: Classifier, size: tuple[int, int]) -> FirstLayers | None:
    """Freeze a release and give its first layers, or None where its graph cannot be had."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2,
    )

    def call(batch: Any) -> Any:
        return model.trace(batch)

    try:
        concrete = tf.function(call, autograph=False).get_concrete_function(
            tf.TensorSpec([None, *size, 3], tf.float32)
        )
        return FirstLayers(convert_variables_to_constants_v2(concrete))
    except (ReleaseError, *_NO_GRAPH, tf.errors.OpError):
        return None


def _fed_by(tensor: Any, operations: list[Any]) -> set[Any]:
    """Give every operation that the input reaches; operations come in the order of the graph."""
    fed = {tensor.op}
    for operation in operations:
        if any(each.op in fed for each in operation.inputs):
            fed.add(operation)
    return fed


def _norm_of(entry: Any, mean: Any, variance: Any) -> _Norm | None:
    """Make a norm where both statistics are constants, one number for each channel."""
    values = [_constant(mean), _constant(variance)]
    channels = entry.shape[-1]
    if any(value is None or value.size != channels for value in values):
        return None
    means, variances = (np.asarray(value, dtype=np.float64).ravel() for value in values)
    return _Norm(entry, means, variances)


def _constant(tensor: Any) -> NDArray[Any] | None:
    """Give the value of a constant, perhaps behind operations that only pass it on."""
    import tensorflow as tf

    operation = tensor.op
    while operation.type in _PASSING_ON:
        operation = operation.inputs[0].op
    if operation.type != "Const":
        return None
    return np.asarray(tf.make_ndarray(operation.get_attr("value")))


def _variance_under(factor: Any) -> Any | None:
    """Follow ``rsqrt(variance + ε)``, perhaps times γ, to the variance."""
    operation = factor.op
    if operation.type == "Mul":
        roots = [each.op for each in operation.inputs if each.op.type == "Rsqrt"]
        operation = roots[0] if roots else operation
    if operation.type != "Rsqrt":
        return None
    added = operation.inputs[0].op
    if added.type not in {"Add", "AddV2"}:
        return None
    return next((each for each in added.inputs if each.shape.num_elements() != 1), None)
