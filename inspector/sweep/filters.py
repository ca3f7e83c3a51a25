"""Which rows of a run are wanted, and in which order, as frozen values and as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inspector.core.errors import UsageError
from inspector.sweep.columns import METRICS, find_column


class RowKind(StrEnum):
    """What became of a picture."""

    ALL = "all"
    ANSWERED = "answered"
    ERRORS = "errors"
    AGREE = "agree"
    DISAGREE = "disagree"
    NEAR_TIES = "near_ties"
    REAL = "real"


_KIND_SQL: dict[RowKind, str] = {
    RowKind.ANSWERED: "rows.error = ''",
    RowKind.ERRORS: "rows.error <> ''",
    RowKind.AGREE: "rows.top1_same = 1",
    RowKind.DISAGREE: "rows.top1_same = 0",
    RowKind.NEAR_TIES: "rows.near_tie = 1",
    RowKind.REAL: "rows.top1_same = 0 AND rows.near_tie = 0",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Lowest and highest value of a column; None leaves that end open.

    Rows that have no value are left out.
    """

    column: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which rows are wanted: those that fit everything that is set.

    Attributes
    ----------
    kind
        ``disagree`` are all pictures where the first classes differ, ``real`` those of them that
        are no near-ties.
    left_class, right_class
        The side names this class first; both together are a cell of the confusion.
    truth
        The true class.
    any_class
        Either side names this class first, or it is the true one.
    left_correct, right_correct
        Whether the side names the true class first; rows without one are left out.
    text
        Part of the path or of the error; the case of the letters a to z does not matter.
    limits
        Limits of columns.
    """

    kind: RowKind = RowKind.ALL
    left_class: int | None = None
    right_class: int | None = None
    truth: int | None = None
    any_class: int | None = None
    left_correct: bool | None = None
    right_correct: bool | None = None
    text: str = ""
    limits: tuple[Limits, ...] = ()

    @property
    def needs_items(self) -> bool:
        """Tell whether the list of pictures has to be joined for it."""
        return bool(self.text) or any(find_column(part.column).needs_items for part in self.limits)

    def sql(self) -> tuple[str, list[object]]:
        """Give the condition, empty where every row is wanted, and its values."""
        parts: list[str] = []
        values: list[object] = []
        if self.kind in _KIND_SQL:
            parts.append(_KIND_SQL[self.kind])
        for name in ("left_class", "right_class", "truth"):
            wanted = getattr(self, name)
            if wanted is not None:
                parts.append(f"rows.{name} = ?")
                values.append(wanted)
        if self.any_class is not None:
            parts.append("? IN (rows.left_class, rows.right_class, rows.truth)")
            values.append(self.any_class)
        for side in ("left", "right"):
            correct = getattr(self, f"{side}_correct")
            if correct is not None:
                parts.append(f"rows.{side}_class {'=' if correct else '<>'} rows.truth")
        if self.text:
            pattern = f"%{_escaped(self.text)}%"
            parts.append("(items.path LIKE ? ESCAPE '\\' OR rows.error LIKE ? ESCAPE '\\')")
            values += [pattern, pattern]
        for limits in self.limits:
            _limit(limits, parts, values)
        return " AND ".join(parts), values


@dataclass(frozen=True, slots=True)
class RowOrder:
    """By which column rows are sorted; rows without a value stand last, equal ones by number."""

    column: str = "number"
    descending: bool = False

    @property
    def needs_items(self) -> bool:
        """Tell whether the list of pictures has to be joined for it."""
        return find_column(self.column).needs_items

    def sql(self) -> str:
        """Give what comes after ``ORDER BY``."""
        if self.column == "number":
            return f"rows.number {'DESC' if self.descending else 'ASC'}"
        direction = "DESC" if self.descending else "ASC"
        return f"{find_column(self.column).sql} {direction} NULLS LAST, rows.number"


EVERY_ROW = RowFilter()
BY_NUMBER = RowOrder()


def worst_first(metric: str) -> RowOrder:
    """Give the order that has the largest disagreement by a measure first.

    Raises
    ------
    UsageError
        Where `metric` is no measure of disagreement.
    """
    column = find_column(metric)
    if not column.worst:
        raise UsageError(
            f"{metric!r} does not say which picture is worse.",
            f"Use one of {', '.join(METRICS)}.",
        )
    return RowOrder(metric, descending=column.worst == "high")


def _escaped(text: str) -> str:
    for sign in "\\%_":
        text = text.replace(sign, f"\\{sign}")
    return text


def _limit(limits: Limits, parts: list[str], values: list[object]) -> None:
    sql = find_column(limits.column).sql
    for sign, bound in ((">=", limits.low), ("<=", limits.high)):
        if bound is not None:
            parts.append(f"{sql} {sign} ?")
            values.append(bound)
