"""What a row of a run shows in each column of the table."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from inspector.core.numbers import score_text
from inspector.gui.sweep.words import class_name
from inspector.sweep.columns import Column, ColumnKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.sweep.rows import SweepRow

ERROR_CELLS = frozenset({"top1_same", "left_class"})
"""Columns whose cells say that there is an error; the table draws it over the whole row."""


def is_real_disagreement(row: SweepRow) -> bool:
    """Tell whether the first classes differ, and not by float noise."""
    measures = row.measures
    return measures is not None and not measures.top1_same and not measures.near_tie


def cell_tip(row: SweepRow, column: Column) -> str | None:
    """Give what a cell says when the mouse rests on it, None for nothing."""
    if column.id == "path":
        return row.item.path
    return f"{row.error} {row.mend}".strip() or None


def cell_text(row: SweepRow, column: Column, labels: tuple[str, ...]) -> str:
    """Write one cell; empty where there is no value.

    A row with an error says so where the classes would stand: the table draws it over the row, and
    a screen reader finds it there.
    """
    if row.error and column.id in ERROR_CELLS:
        return "error" if column.id == "top1_same" else row.error
    value = column_value(row, column.id)
    if value is None or value == "":
        return ""
    if column.id == "path":
        return one_line(PurePath(str(value)).name)
    if column.id == "top1_same" and row.measures is not None and row.measures.near_tie:
        return "near-tie"
    if column.kind is ColumnKind.FLAG:
        return "yes" if value else "no"
    if column.kind is ColumnKind.CLASS:
        return class_name(value, labels)
    if column.kind is ColumnKind.SHARE:
        return score_text(value, probability=True)
    if column.kind is ColumnKind.NUMBER:
        return f"{value:.3g}"
    if column.kind is ColumnKind.COUNT:
        return f"{value:,}"
    return str(value)


def one_line(name: str) -> str:
    """Write a name with every character that would break a line or draw nothing as a box."""
    return "".join(letter if letter.isprintable() else "�" for letter in name)


def column_value(row: SweepRow, column_id: str) -> Any:
    """Give the value of a column, None where the row has none."""
    if column_id in {"error", "sha256", "bytes", "width", "height"}:
        return getattr(row, column_id)
    if column_id in {"number", "path", "truth"}:
        return getattr(row.item, column_id)
    for name, side in (("left_", row.left), ("right_", row.right)):
        rest = column_id.removeprefix(name)
        if rest != column_id and rest in _OF_SIDE:
            return None if side is None else _OF_SIDE[rest](side)
    return None if row.measures is None else getattr(row.measures, column_id)


_OF_SIDE: dict[str, Callable[[Any], Any]] = {
    "class": lambda side: side.top[0],
    "probability": lambda side: side.probabilities[0],
    "margin": lambda side: side.margin,
    "truth_probability": lambda side: side.truth_probability,
    "truth_rank": lambda side: side.truth_rank,
}
