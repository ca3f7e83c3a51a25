"""What depends on a graph's input, how deep it lies, and where blocks end; names say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

PASSING_ON = frozenset(
    {
        *("Identity", "IdentityN", "StopGradient", "PreventGradient", "CheckNumerics", "Snapshot"),
        *("Pad", "PadV2", "MirrorPad", "Reshape", "Squeeze", "ExpandDims", "Cast", "EnsureShape"),
        *("SpaceToBatchND", "BatchToSpaceND", "Transpose", "PlaceholderWithDefault"),
    }
)
"""Operations that hand values on, at most in another layout."""

_OPENING = frozenset(
    {
        *("Conv2D", "DepthwiseConv2dNative", "MatMul", "BatchMatMulV2", "Einsum"),
        *("MaxPool", "AvgPool", "Mean", "Max", "ConcatV2", "Softmax", "LogSoftmax", "AddN"),
    }
)
_OF_TWO = frozenset({"Add", "AddV2", "Sub", "Mul", "Maximum", "Minimum"})
"""Operations with which something new begins where both operands depend on the input."""


class Walk:
    """The part of a graph that leads from its input to its outputs.

    Parameters
    ----------
    source
        The tensor that is fed.
    targets
        The tensors that are fetched.
    """

    def __init__(self, source: Any, targets: Iterable[Any]) -> None:
        self._source = source.op
        self._targets = [tensor.op for tensor in targets]
        self._depths = self._measure()
        self._consumers: dict[str, list[Any]] = {}
        for operation in self.operations:
            for tensor in operation.inputs:
                self._consumers.setdefault(tensor.op.name, []).append(operation)
        self._ends: dict[str, bool] = {}

    @property
    def operations(self) -> list[Any]:
        """All operations between input and outputs, in the order of depth."""
        return [operation for operation, _ in self._depths.values()]

    def depth(self, operation: Any) -> int:
        """Give the number of operations on the longest way from the input; 0 off that way."""
        return self._depths[operation.name][1] if operation.name in self._depths else 0

    def ends_block(self, operation: Any) -> bool:
        """Tell whether something new begins with what an operation gives, or it is an output."""
        return operation.type not in PASSING_ON and self._leads_on(operation)

    def _leads_on(self, operation: Any) -> bool:
        name = operation.name
        if name not in self._ends:
            self._ends[name] = operation in self._targets or any(
                self._leads_on(consumer) if consumer.type in PASSING_ON else self._opens(consumer)
                for consumer in self._consumers.get(name, ())
            )
        return self._ends[name]

    def _opens(self, operation: Any) -> bool:
        if operation.type in _OPENING:
            return True
        inside = {t.op.name for t in operation.inputs if t.op.name in self._depths}
        return operation.type in _OF_TWO and len(inside) > 1

    def _measure(self) -> dict[str, tuple[Any, int]]:
        """Give operation and depth by name, in the order of depth."""
        found: dict[str, int | None] = {self._source.name: 0}
        by_name = {self._source.name: self._source}
        waiting = list(self._targets)
        while waiting:
            operation = waiting[-1]
            by_name[operation.name] = operation
            before = [tensor.op for tensor in operation.inputs]
            unknown = [op for op in before if op.name not in found]
            if operation.name not in found and unknown:
                waiting += unknown
                continue
            waiting.pop()
            if operation.name not in found:
                depths = [depth for op in before if (depth := found[op.name]) is not None]
                found[operation.name] = max(depths) + 1 if depths else None
        order = {name: place for place, name in enumerate(found)}
        known = {name: depth for name, depth in found.items() if depth}
        names = sorted(known, key=lambda name: (known[name], order[name]))
        return {name: (by_name[name], known[name]) for name in names}
