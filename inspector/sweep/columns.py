"""The columns of a run's table: what can be sorted by, and by which limits rows are chosen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inspector.core.errors import UsageError
from inspector.core.sources import nearest_hint


class ColumnKind(StrEnum):
    """How a column's values are to be shown."""

    TEXT = "text"
    CLASS = "class"
    COUNT = "count"
    SHARE = "share"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    id
        Its name, also in CSV and Parquet files.
    title
        What to show.
    kind
        What its values are; ``share`` is a probability, ``class`` the index of a shared class.
    worst
        For a measure of disagreement, which end is the worst: ``high`` or ``low``; else empty.
    expression
        Its SQL, where it is no column of ``rows``.
    """

    id: str
    title: str
    kind: ColumnKind
    worst: str = ""
    expression: str = ""

    @property
    def sql(self) -> str:
        """Its SQL over ``rows`` joined with ``items``."""
        return self.expression or f"rows.{self.id}"

    @property
    def needs_items(self) -> bool:
        """Tell whether the list of pictures has to be joined for it."""
        return self.sql.startswith("items.")


_T, _C, _N = ColumnKind.TEXT, ColumnKind.CLASS, ColumnKind.COUNT
_S, _R, _F = ColumnKind.SHARE, ColumnKind.NUMBER, ColumnKind.FLAG
_SMALLER_MARGIN = "min(rows.left_margin, rows.right_margin)"

COLUMNS: tuple[Column, ...] = (
    Column("number", "Number", _N),
    Column("path", "Picture", _T, expression="items.path"),
    Column("top1_same", "Same class", _F),
    Column("near_tie", "Near-tie", _F),
    Column("left_class", "Left", _C),
    Column("left_probability", "Left p", _S),
    Column("right_class", "Right", _C),
    Column("right_probability", "Right p", _S),
    Column("max_abs_difference", "Largest |Δp|", _R, "high"),
    Column("mean_abs_difference", "Mean |Δp|", _R, "high"),
    Column("js", "JS", _R, "high"),
    Column("kl", "KL", _R, "high"),
    Column("cosine", "Cosine", _R, "low"),
    Column("spearman", "Spearman", _R, "low"),
    Column("top5_overlap", "Shared of top 5", _N, "low"),
    Column("right_rank_of_left", "Right's rank of left's class", _N, "high"),
    Column("left_rank_of_right", "Left's rank of right's class", _N, "high"),
    Column("max_difference_class", "Class that differs most", _C),
    Column("left_margin", "Left margin", _R),
    Column("right_margin", "Right margin", _R),
    Column("smaller_margin", "Smaller margin", _R, expression=_SMALLER_MARGIN),
    Column("truth", "True class", _C),
    Column("left_truth_probability", "Left p of truth", _S),
    Column("left_truth_rank", "Left rank of truth", _N),
    Column("right_truth_probability", "Right p of truth", _S),
    Column("right_truth_rank", "Right rank of truth", _N),
    Column("bytes", "Bytes", _N),
    Column("width", "Width", _N),
    Column("height", "Height", _N),
    Column("sha256", "SHA-256", _T),
    Column("error", "Error", _T),
)
"""All columns, in the order of the table; each can be sorted and limited by."""

_BY_ID = {column.id: column for column in COLUMNS}

METRICS: tuple[str, ...] = tuple(column.id for column in COLUMNS if column.worst)
"""The measures that a list of the worst pictures can go by."""


def find_column(column_id: str) -> Column:
    """Give a column by its id.

    Raises
    ------
    UsageError
        Where there is none; the message names the nearest.
    """
    if column_id not in _BY_ID:
        raise UsageError(
            f"There is no column {column_id!r}.", nearest_hint(column_id, tuple(_BY_ID), "column")
        )
    return _BY_ID[column_id]
