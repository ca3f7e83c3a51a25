"""The answered rows of a run as arrays, some thousands at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.sweep import database

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from numpy.typing import NDArray

CHUNK = 10_000

MEASURES: tuple[str, ...] = (
    *("left_probability", "right_probability", "left_margin", "right_margin"),
    *("max_abs_difference", "mean_abs_difference", "js"),
)
_WHOLE = (
    *("top1_same", "near_tie", "top5_overlap", "left_class", "right_class", "truth"),
    *("right_rank_of_left", "left_rank_of_right", "left_truth_rank", "right_truth_rank"),
)


@dataclass(frozen=True, eq=False, slots=True)
class Chunk:
    """Columns of some answered rows, each (n,).

    Attributes
    ----------
    same, near_tie
        bool.
    top5_overlap, left_class, right_class, right_rank_of_left, left_rank_of_right
        int64.
    truth, left_truth_rank, right_truth_rank
        int64, -1 where unknown.
    measures
        float64 by column id, see `MEASURES`; NaN where there is no value.
    """

    same: NDArray[np.bool_]
    near_tie: NDArray[np.bool_]
    top5_overlap: NDArray[np.int64]
    left_class: NDArray[np.int64]
    right_class: NDArray[np.int64]
    truth: NDArray[np.int64]
    right_rank_of_left: NDArray[np.int64]
    left_rank_of_right: NDArray[np.int64]
    left_truth_rank: NDArray[np.int64]
    right_truth_rank: NDArray[np.int64]
    measures: dict[str, NDArray[np.float64]]


def read_chunks(connection: sqlite3.Connection) -> Iterator[Chunk]:
    """Yield all answered rows by number."""
    cursor = connection.execute(
        f"SELECT {', '.join(_WHOLE + MEASURES)} FROM rows WHERE error = '' ORDER BY number"
    )
    while found := cursor.fetchmany(CHUNK):
        # One array for all: None becomes NaN, and whole numbers of this size stay exact.
        with database.understood():
            table = np.array(found, dtype=np.float64).T
        whole = dict(zip(_WHOLE, np.nan_to_num(table[: len(_WHOLE)], nan=-1.0), strict=True))
        yield Chunk(
            same=(same := whole.pop("top1_same") > 0),
            near_tie=(whole.pop("near_tie") > 0) & ~same,
            measures=dict(zip(MEASURES, table[len(_WHOLE) :], strict=True)),
            **{name: values.astype(np.int64) for name, values in whole.items()},
        )
