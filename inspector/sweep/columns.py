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
    tip
        What it is, in a sentence.
    """

    id: str
    title: str
    kind: ColumnKind
    worst: str = ""
    expression: str = ""
    tip: str = ""

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

_FIRST_FIVE = "; to a run that was given its true classes later, only the first five are known"

COLUMNS: tuple[Column, ...] = (
    Column("number", "Number", _N, tip="Place in the list of pictures, from 0"),
    Column("path", "Picture", _T, expression="items.path", tip="The picture's file"),
    Column("top1_same", "Same class", _F, tip="Whether left and right name the same class first"),
    Column(
        *("near_tie", "Near-tie", _F),
        tip="The first classes differ, but only float noise decides between the two",
    ),
    Column("left_class", "Left", _C, tip="The class that left names first"),
    Column("left_probability", "Left p", _S, tip="Left's probability of its first class"),
    Column("right_class", "Right", _C, tip="The class that right names first"),
    Column("right_probability", "Right p", _S, tip="Right's probability of its first class"),
    Column(
        *("max_abs_difference", "Largest |Δp|", _R, "high"),
        tip="Largest difference of a class's probability between left and right, 0 to 1",
    ),
    Column(
        *("mean_abs_difference", "Mean |Δp|", _R, "high"),
        tip="Mean difference of the probabilities over all classes",
    ),
    Column("js", "JS", _R, "high", tip="Jensen-Shannon divergence of left and right, in nats"),
    Column("kl", "KL", _R, "high", tip="Kullback-Leibler divergence of left from right, in nats"),
    Column("cosine", "Cosine", _R, "low", tip="Cosine of the probabilities; 1 where they agree"),
    Column(
        *("spearman", "Spearman", _R, "low"),
        tip="Correlation of the ranks of all classes; 1 where they agree",
    ),
    Column(
        *("top5_overlap", "Shared of top 5", _N, "low"),
        tip="How many of their first five classes both sides share",
    ),
    Column(
        *("right_rank_of_left", "Right's rank of left's class", _N, "high"),
        tip="The rank that right gives the class that left names first",
    ),
    Column(
        *("left_rank_of_right", "Left's rank of right's class", _N, "high"),
        tip="The rank that left gives the class that right names first",
    ),
    Column(
        *("max_difference_class", "Class that differs most", _C),
        tip="The class with the largest difference of probability",
    ),
    Column(
        "left_margin", "Left margin", _R, tip="How far left's first class is ahead of its second"
    ),
    Column(
        *("right_margin", "Right margin", _R),
        tip="How far right's first class is ahead of its second",
    ),
    Column(
        *("smaller_margin", "Smaller margin", _R),
        expression=_SMALLER_MARGIN,
        tip="The smaller of both margins",
    ),
    Column("truth", "True class", _C, tip="What the picture shows, where that is known"),
    Column(
        "left_truth_probability", "Left p of truth", _S, tip="Left's probability of the true class"
    ),
    Column(
        "left_truth_rank",
        "Left rank of truth",
        _N,
        tip="Left's rank of the true class" + _FIRST_FIVE,
    ),
    Column(
        *("right_truth_probability", "Right p of truth", _S),
        tip="Right's probability of the true class",
    ),
    Column(
        "right_truth_rank",
        "Right rank of truth",
        _N,
        tip="Right's rank of the true class" + _FIRST_FIVE,
    ),
    Column("bytes", "Bytes", _N, tip="Size of the file"),
    Column("width", "Width", _N, tip="Width of the picture, in pixels"),
    Column("height", "Height", _N, tip="Height of the picture, in pixels"),
    Column("sha256", "SHA-256", _T, tip="Hash of the file"),
    Column("error", "Error", _T, tip="Why the picture could not be compared"),
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
