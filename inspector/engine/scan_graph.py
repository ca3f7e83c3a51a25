"""The nodes of a graph and of its functions, gone through once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from inspector.engine.scan_hazard import Hazard
from inspector.engine.scan_ops import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from inspector.engine.scan_ops import OpJudge

TOP = ""
"""Name of the body that is the graph itself, not a function of its library."""

_LOGS = {b"", b"stderr", b"stdout", b"log(info)", b"log(warning)", b"log(error)"}
_PASSING_ON = {"Identity"}


@dataclass(frozen=True, eq=False, slots=True)
class Body:
    """The graph itself, or one function of its library.

    Attributes
    ----------
    name
        The function's name; `TOP` for the graph itself.
    nodes
        Its NodeDef messages.
    arguments
        Names of the function's arguments, in order.
    calls, savers, tables
        Nodes that call functions, that read or write checkpoints, and that fill a table from a
        text file.
    hazards
        What is refused wherever it stands.
    """

    name: str
    nodes: Any
    arguments: tuple[str, ...] = ()
    calls: list[Any] = field(default_factory=list)
    savers: list[Any] = field(default_factory=list)
    tables: list[Any] = field(default_factory=list)
    hazards: list[Hazard] = field(default_factory=list)

    def by_name(self) -> dict[str, Any]:
        """Give its nodes by name."""
        return {node.name: node for node in self.nodes}

    def ancestors(self, references: Iterable[str], cut: str = "") -> set[str]:
        """Give the names of all nodes that must run for some tensors or operations.

        Parameters
        ----------
        references
            Tensors or operations as a graph writes them.
        cut
            A tensor that is fed from outside; nothing before it runs.
        """
        nodes, fed = self.by_name(), operation(cut)
        waiting, seen = [operation(reference) for reference in references], set[str]()
        while waiting:
            name = waiting.pop()
            if name in seen or name not in nodes:
                continue
            seen.add(name)
            if name != fed:
                waiting += [operation(reference) for reference in nodes[name].input]
        return seen

    def origin(self, reference: str) -> str:
        """Follow a tensor back to the node or argument that makes it."""
        nodes, name, seen = self.by_name(), operation(reference), set[str]()
        while name in nodes and nodes[name].op in _PASSING_ON and name not in seen:
            seen.add(name)
            name = operation(nodes[name].input[0])
        return name


@dataclass(frozen=True, eq=False, slots=True)
class Graph:
    """A meta graph of a SavedModel, gone through.

    Attributes
    ----------
    meta
        The MetaGraphDef message.
    top
        The graph itself.
    functions
        The functions of its library by name.
    """

    meta: Any
    top: Body
    functions: Mapping[str, Body]

    def bodies(self) -> Iterator[Body]:
        """Give the graph itself, then its functions."""
        yield self.top
        yield from self.functions.values()

    def reached(self, names: Iterable[str]) -> set[str]:
        """Give the functions among `names`, and all that they call."""
        waiting, seen = list(names), set[str]()
        while waiting:
            name = waiting.pop()
            if name in seen or name not in self.functions:
                continue
            seen.add(name)
            waiting += [inner for node in self.functions[name].calls for inner in called_by(node)]
        return seen


def go_through(meta: Any, judge: OpJudge) -> Graph:
    """Look at every node of a meta graph once."""
    library = meta.graph_def.library.function
    functions = {function.signature.name for function in library}
    survey = _Survey(judge, functions)
    top = survey.of(Body(TOP, meta.graph_def.node))
    bodies = {
        function.signature.name: survey.of(
            Body(
                function.signature.name,
                function.node_def,
                tuple(argument.name for argument in function.signature.input_arg),
            )
        )
        for function in library
    }
    return Graph(meta, top, bodies)


class _Survey:
    """Sorts nodes into what has to be looked at; all others cost one look-up."""

    def __init__(self, judge: OpJudge, functions: set[str]) -> None:
        self._judge = judge
        self._functions = functions
        self._plain: set[str] = set()

    def of(self, body: Body) -> Body:
        plain = self._plain
        for node in body.nodes:
            op = node.op
            if op not in plain:
                self._sort(body, node, op)
        return body

    def _sort(self, body: Body, node: Any, op: str) -> None:
        if op in self._functions:
            body.calls.append(node)
            return
        judgement = self._judge(op)
        if judgement.kind is Kind.PLAIN:
            self._plain.add(op)
        elif judgement.kind is Kind.REFUSED:
            body.hazards.append(Hazard(f"the op {op}", judgement.why, place_of(body, node)))
        elif judgement.kind is Kind.CALL:
            body.calls.append(node)
            body.hazards.extend(self._strangers(body, node))
        elif judgement.kind is Kind.SAVER:
            body.savers.append(node)
        elif judgement.kind is Kind.TABLE_FILE:
            body.tables.append(node)
        elif node.attr["output_stream"].s not in _LOGS:
            where = place_of(body, node)
            body.hazards.append(Hazard(f"the op {op}", "prints into a file", where))

    def _strangers(self, body: Body, node: Any) -> Iterator[Hazard]:
        """Give the functions that a node calls and the model does not hold.

        They could only be those of a model that was loaded earlier in the same process.
        """
        for name in called_by(node):
            if name not in self._functions and name != node.op:
                yield Hazard(
                    f"a call of {name}", "is no function of this model", place_of(body, node)
                )


def called_by(node: Any) -> list[str]:
    """Give the names of the functions that a node calls; its own operation may be one."""
    names = [node.op]
    for value in node.attr.values():
        kind = value.WhichOneof("value")
        if kind == "func":
            names.append(value.func.name)
        elif kind == "list":
            names += [function.name for function in value.list.func]
    return [name for name in names if name]


def operation(reference: str) -> str:
    """Give the operation of a tensor: ``^a`` and ``a:0`` and ``a:out:0`` belong to ``a``."""
    return reference.lstrip("^").partition(":")[0]


def place_of(body: Body, node: Any) -> str:
    """Say where a node stands."""
    return f"{body.name}/{node.name}" if body.name else str(node.name)
