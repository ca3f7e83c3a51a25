"""Where the picture goes into a frozen graph, and where the scores come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inspector.core.errors import ReleaseError
from inspector.engine.picture_shape import dimensions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NO_RESULT = {"Const", "Placeholder", "PlaceholderWithDefault", "NoOp", "Assert"}
_LISTED = 8


def find_input(name: str, graph: Any, wanted: str) -> Any:
    """Give the tensor that takes the pictures.

    Parameters
    ----------
    name
        What to call the model.
    graph
        The imported TensorFlow graph.
    wanted
        Name of a tensor or operation; empty to look for the only placeholder of pictures.

    Raises
    ------
    ReleaseError
        Where there is none, or several; the message lists them with their shapes.
    """
    places = [op.outputs[0] for op in graph.get_operations() if op.type == "Placeholder"]
    if wanted:
        return _named(name, graph, wanted, "input", places)
    pictures = [tensor for tensor in places if _may_be_picture(tensor)]
    if len(pictures) == 1:
        return pictures[0]
    fact = "has no input of pictures" if not pictures else f"has {len(pictures)} inputs of pictures"
    raise ReleaseError(
        f"{name} {fact}; its placeholders: {_listed(pictures or places)}.",
        "Write ?input=NAME after its path.",
    )


def _may_be_picture(tensor: Any) -> bool:
    shape = dimensions(tensor.shape)
    numbers = tensor.dtype.is_floating or tensor.dtype.is_integer
    return bool(numbers) and (shape is None or (len(shape) == 4 and shape[3] in {1, 3, None}))


def find_output(name: str, graph: Any, wanted: str) -> Any:
    """Give the tensor of the scores: the one that is wanted, else the only end with one row each.

    Raises
    ------
    ReleaseError
        Where there is none, or several; the message lists them with their shapes.
    """
    used = {tensor.op.name for op in graph.get_operations() for tensor in op.inputs} | {
        before.name for op in graph.get_operations() for before in op.control_inputs
    }
    ends = [
        tensor
        for op in graph.get_operations()
        if op.name not in used and op.type not in _NO_RESULT
        for tensor in op.outputs
    ]
    if wanted:
        return _named(name, graph, wanted, "output", ends)
    rows = [tensor for tensor in ends if _is_row(tensor)]
    if len(rows) == 1:
        return rows[0]
    inner = rows or _rows_before(ends)
    fact = f"ends in {len(rows)} rows of scores" if rows else "does not end in one row of scores"
    raise ReleaseError(
        f"{name} {fact}; candidates: {_listed(inner or ends)}.",
        "Write ?output=NAME after its path.",
    )


def _is_row(tensor: Any) -> bool:
    shape = dimensions(tensor.shape)
    is_row = shape is not None and len(shape) == 2 and (shape[1] is None or shape[1] > 1)
    return is_row and bool(tensor.dtype.is_floating)


def _rows_before(ends: Iterable[Any]) -> list[Any]:
    """Give the rows of scores that are nearest to the ends, such as those before an ArgMax."""
    waiting, seen = [tensor.op for tensor in ends], set[str]()
    found: list[Any] = []
    while waiting and len(found) < _LISTED:
        op = waiting.pop(0)
        if op.name in seen:
            continue
        seen.add(op.name)
        found += [t for t in op.outputs if _is_row(t) and op.type not in _NO_RESULT]
        waiting += [tensor.op for tensor in op.inputs]
    return found


def _named(name: str, graph: Any, wanted: str, what: str, candidates: Sequence[Any]) -> Any:
    full = wanted if ":" in wanted else f"{wanted}:0"
    try:
        return graph.get_tensor_by_name(full)
    except (KeyError, ValueError) as error:
        raise ReleaseError(
            f"{name} has no tensor {wanted[:200]!r} to be its {what}; candidates: "
            f"{_listed(candidates)}.",
            f"Correct ?{what}= after its path.",
        ) from error


def missing_inputs(name: str, graph: Any, source: Any, result: Any) -> None:
    """Demand that nothing but the picture has to be fed for the result.

    Raises
    ------
    ReleaseError
        Where another placeholder has to be, or the picture does not reach the result.
    """
    waiting, seen, reached = [result.op], {source.op.name}, False
    others = []
    while waiting:
        op = waiting.pop()
        reached = reached or op is source.op
        if op.name in seen:
            continue
        seen.add(op.name)
        if op.type == "Placeholder":
            others.append(op.outputs[0])
        waiting += [tensor.op for tensor in op.inputs] + list(op.control_inputs)
    if not reached:
        raise ReleaseError(
            f"{name}: {result.name} does not depend on {source.name}.",
            "Correct ?input= and ?output= after its path.",
        )
    if others:
        raise ReleaseError(
            f"{name} also has to be fed {_listed(others)}.",
            "Freeze it for inference, so that the pictures are its only input, or name another "
            "tensor with ?input=NAME.",
        )


def _listed(tensors: Sequence[Any]) -> str:
    if not tensors:
        return "none"
    shown = [f"{tensor.name} {tensor.dtype.name} {_shape(tensor)}" for tensor in tensors[:_LISTED]]
    more = f" and {len(tensors) - _LISTED} more" if len(tensors) > _LISTED else ""
    return ", ".join(shown) + more


def _shape(tensor: Any) -> str:
    shape = dimensions(tensor.shape)
    if shape is None:
        return "of any shape"
    return f"[{', '.join('any' if length is None else str(length) for length in shape)}]"
