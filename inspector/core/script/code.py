"""Python source, piece by piece: statements, literals, comments and the imports they need."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from inspector.core.reports.report import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTH = 100
"""Most columns of a line."""

INDENT = "    "

_IMPORTS = {
    "os": "import os",
    "Path": "from pathlib import Path",
    "keras": "import keras",
    "np": "import numpy as np",
    "tf": "import tensorflow as tf",
    "hub": "import tensorflow_hub as hub",
    "Interpreter": "from ai_edge_litert.interpreter import Interpreter",
    "Image": "from PIL import Image",
    "ImageOps": "from PIL import ImageOps",
}
"""Name in a script → the import that brings it, in the order of an import block."""

_STANDARD = frozenset({"os", "Path"})


@dataclass(frozen=True, slots=True)
class Assign:
    """The statement ``target = value``, or ``target = value(*arguments)after``.

    Attributes
    ----------
    target
        Name that is assigned.
    value
        An expression, or the function where there are arguments.
    arguments
        Source of each argument, or None where `value` is the whole expression.
    after
        Source that follows the closing bracket, such as ``[0]``.
    note
        A comment, given without ``#``.
    """

    target: str
    value: str
    arguments: tuple[str, ...] | None = None
    after: str = ""
    note: str = ""

    def renamed(self, target: str) -> Assign:
        """Give the same statement with another target."""
        return replace(self, target=target)

    def lines(self) -> list[str]:
        """Give the statement's lines, broken as a formatter would break them."""
        lines = self._broken()
        if not self.note:
            return lines
        if len(lines) == 1 and len(lines[0]) + len(self.note) + 4 <= WIDTH:
            return [f"{lines[0]}  # {self.note}"]
        return [*comment(self.note), *lines]

    def _broken(self) -> list[str]:
        if self.arguments is None:
            return [f"{self.target} = {self.value}{self.after}"]
        head, tail = f"{self.target} = {self.value}(", f"){self.after}"
        joined = ", ".join(self.arguments)
        if len(head + joined + tail) <= WIDTH:
            return [head + joined + tail]
        if len(INDENT + joined) <= WIDTH:
            return [head, INDENT + joined, tail]
        broken = [line for each in self.arguments for line in _argument(each)]
        return [head, *indented(broken), tail]


def call(target: str, function: str, *arguments: str, after: str = "", note: str = "") -> Assign:
    """Make the statement ``target = function(*arguments)after``."""
    return Assign(target, function, arguments, after, note)


def literal(text: str) -> str:
    """Write a string as a Python literal, by ``repr``, in double quotes where that is the same."""
    written = repr(text)
    if written.startswith("'") and '"' not in written:
        return f'"{written[1:-1]}"'
    return written


def constant(name: str, text: str) -> list[str]:
    """Write ``NAME = "text"``, a long text in pieces."""
    line = f"{name} = {literal(text)}"
    return [line] if len(line) <= WIDTH else [f"{name} = (", *indented(_pieces(text)), ")"]


def comment(text: str) -> list[str]:
    """Write a comment: without control characters, so that no text can end it, and wrapped."""
    return [f"# {line}" for line in wrap(text, WIDTH - 2)]


def indented(lines: Iterable[str]) -> list[str]:
    """Move lines one level to the right."""
    return [INDENT + line for line in lines]


def names_in(lines: Sequence[str]) -> frozenset[str]:
    """Give every name that a piece of source uses."""
    tree = ast.parse("\n".join(lines))
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def import_lines(names: frozenset[str]) -> list[str]:
    """Give the import block for the names that a script uses."""
    standard = [_IMPORTS[name] for name in _IMPORTS if name in names & _STANDARD]
    others = [_IMPORTS[name] for name in _IMPORTS if name in names - _STANDARD]
    if {"Image", "ImageOps"} <= names:
        others[-2:] = ["from PIL import Image, ImageOps"]
    return [*standard, "", *others] if standard else others


def _argument(source: str) -> list[str]:
    """Break one argument that stands on a line of its own, where it is a long string."""
    if len(source) + len(INDENT) < WIDTH:
        return [f"{source},"]
    name, equals, value = _split(source)
    try:
        text = ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return [f"{source},"]
    if not isinstance(text, str):
        return [f"{source},"]
    return [f"{name}{equals}(", *indented(_pieces(text)), "),"]


def _split(source: str) -> tuple[str, str, str]:
    name, equals, value = source.partition("=")
    return (name, equals, value) if name.isidentifier() else ("", "", source)


def _pieces(text: str) -> list[str]:
    """Write a long string as several literals, one a line, that Python joins."""
    pieces, start = [], 0
    room = WIDTH - 3 * len(INDENT)
    while start < len(text):
        length = room
        while len(literal(text[start : start + length])) > room:
            length -= 1
        pieces.append(literal(text[start : start + length]))
        start += length
    return pieces or [literal(text)]
