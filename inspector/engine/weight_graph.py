"""Weights of a SavedModel: the variables that its function captures, and its large constants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.weights.tensors import NamedWeight, Role, as_floats, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

CONSTANT_ELEMENTS = 8
"""Elements from which a floating-point constant in a graph counts as a weight."""

_BATCH_NORM_INPUTS = {1: Role.GAMMA, 2: Role.BETA, 3: Role.MEAN, 4: Role.VARIANCE}
_PASSING_ON = {"Identity", "ReadVariableOp"}


def graph_weights(loaded: Any) -> tuple[NamedWeight, ...]:
    """Give the weights of a loaded SavedModel, as the graph captures them.

    The function that the release is run by says what belongs to it, so neither optimiser slots nor
    counters come along, and an object without ``variables`` is read as well.
    """
    functions = list(_functions(loaded))
    variables = next((found for found in map(_captured, functions) if found), [])
    variables = variables or [v for v in getattr(loaded, "variables", ()) if _is_float(v)]
    graph = functions[0].graph.as_graph_def() if functions else None
    bodies = [] if graph is None else list(_bodies(graph))
    epsilon = _only_epsilon(bodies)
    named = [(_plain(variable.name), as_floats(variable)) for variable in variables]
    named += [found for body in bodies for found in _constants(body)]
    return tuple(
        NamedWeight(name, values, epsilon if kind_of(name) in _VARIANCES else None)
        for name, values in _unique(named)
    )


_VARIANCES = {Role.VARIANCE.value, "running_var"}


def _functions(loaded: Any) -> Iterator[Any]:
    """Give the concrete functions for inference: signatures first, then those of the call."""
    signatures = getattr(loaded, "signatures", {})
    yield from (
        signatures[name] for name in sorted(signatures, key=lambda n: n != "serving_default")
    )
    if callable(loaded):
        yield from getattr(loaded.__call__, "concrete_functions", ())


def _captured(function: Any) -> list[Any]:
    return [variable for variable in function.graph.variables if _is_float(variable)]


def _is_float(variable: Any) -> bool:
    return bool(variable.dtype.is_floating)


def _plain(name: str) -> str:
    return name.rpartition(":")[0] if ":" in name else name


def _unique(named: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Give each name once, by numbering those that come again."""
    seen: dict[str, int] = {}
    for name, values in named:
        count = seen[name] = seen.get(name, 0) + 1
        yield (f"{name}_{count}" if count > 1 else name), values


def _bodies(graph: Any) -> Iterator[Any]:
    """Give the nodes of a graph and of each function that it calls, in the order of the calls."""
    library = {function.signature.name: function.node_def for function in graph.library.function}
    waiting, seen = [graph.node], set[str]()
    while waiting:
        nodes = waiting.pop(0)
        yield nodes
        for node in nodes:
            for attribute in node.attr.values():
                name = attribute.func.name
                if name in library and name not in seen:
                    seen.add(name)
                    waiting.append(library[name])


def _constants(nodes: Any) -> Iterator[tuple[str, Any]]:
    """Give large floating-point constants; a batch norm's are named by what they are to it."""
    import tensorflow as tf

    roles: dict[str, str] | None = None
    for node in nodes:
        if node.op != "Const" or not tf.as_dtype(node.attr["dtype"].type).is_floating:
            continue
        tensor = node.attr["value"].tensor
        if np.prod([axis.size for axis in tensor.tensor_shape.dim]) < CONSTANT_ELEMENTS:
            continue
        roles = _batch_norm_names(nodes) if roles is None else roles
        yield roles.get(node.name, node.name), as_floats(tf.make_ndarray(tensor))


def _batch_norm_names(nodes: Any) -> dict[str, str]:
    by_name = {node.name: node for node in nodes}
    names = {}
    for node in nodes:
        if node.op.startswith("FusedBatchNorm"):
            for place, role in _BATCH_NORM_INPUTS.items():
                names[_origin(by_name, node.input[place])] = f"{node.name}/{role}"
    return names


def _origin(by_name: Mapping[str, Any], reference: str) -> str:
    """Follow a tensor back through operations that only pass it on."""
    name = _operation(reference)
    while name in by_name and by_name[name].op in _PASSING_ON:
        name = _operation(by_name[name].input[0])
    return name


def _operation(reference: str) -> str:
    return reference.lstrip("^").split(":")[0]


def _only_epsilon(bodies: list[Any]) -> float | None:
    """Give the epsilon of the batch norms where all have the same, else None."""
    found = {epsilon for nodes in bodies for epsilon in _epsilons(nodes)}
    return found.pop() if len(found) == 1 else None


def _epsilons(nodes: Any) -> Iterator[float]:
    """Give the epsilons of fused batch norms, and of those spelt out as ``rsqrt(variance + ε)``."""
    by_name: dict[str, Any] | None = None
    for node in nodes:
        if node.op.startswith("FusedBatchNorm") and not node.op.endswith(
            ("Grad", "GradV2", "GradV3")
        ):
            yield _short(node.attr["epsilon"].f)
        elif node.op == "Rsqrt":
            by_name = by_name or {other.name: other for other in nodes}
            yield from _added_scalars(by_name, node)


def _added_scalars(by_name: Mapping[str, Any], rsqrt: Any) -> Iterator[float]:
    import tensorflow as tf

    added = by_name.get(_operation(rsqrt.input[0]))
    if added is None or added.op not in {"Add", "AddV2"}:
        return
    for reference in added.input:
        node = by_name.get(_origin(by_name, reference))
        if node is not None and node.op == "Const":
            values = tf.make_ndarray(node.attr["value"].tensor)
            if values.size == 1:
                yield _short(float(values.ravel()[0]))


def _short(value: float) -> float:
    """Take a float32's value as people write it: 0.001, not 0.0010000000474974513."""
    return float(f"{value:.7g}")
