"""What a run comes to: agreement, distributions, confusion, ranks, accuracy and calibration.

Everything but the confusion is counted in one pass over the rows, in memory that goes with the
number of classes; the confusion's cells are grouped by the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.errors import Cancelled
from inspector.sweep import database
from inspector.sweep.calibration import Calibration, CalibrationCounter
from inspector.sweep.chunks import read_chunks
from inspector.sweep.distribution import Distribution, DistributionCounter
from inspector.sweep.intervals import Share, share_of
from inspector.sweep.mcnemar import McNemar, mcnemar
from inspector.sweep.per_class import ClassAgreement, PerClassCounter

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from numpy.typing import NDArray

    from inspector.sweep.chunks import Chunk
    from inspector.sweep.run_file import RunFile

DISTRIBUTIONS = ("max_abs_difference", "mean_abs_difference", "js", "left_margin", "right_margin")
"""The columns whose distributions are counted."""

RANK_BUCKETS: tuple[tuple[int, int | None], ...] = (
    *((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 10), (11, 20), (21, 50), (51, 100), (101, None)),
)
"""First and last rank of the buckets of the rank-change chart; None is open."""

MOST_CELLS = 200


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often both sides name the same class first.

    Attributes
    ----------
    same, near_ties, real
        Pictures with the same class, with two classes in a near-tie, and with a real disagreement.
    strict
        Share of the same class.
    tolerant
        Share of the same class or a near-tie, which float noise alone decides.
    """

    same: int
    near_ties: int
    real: int
    strict: Share
    tolerant: Share


@dataclass(frozen=True, slots=True)
class ConfusionCell:
    """Pictures that left and right call by these two classes.

    Attributes
    ----------
    left, right
        Indices of the classes.
    count, near_ties
        Pictures, and near-ties among them.
    """

    left: int
    right: int
    count: int
    near_ties: int


@dataclass(frozen=True, slots=True)
class RankBucket:
    """One column of the rank-change chart.

    Attributes
    ----------
    first, last
        Ranks, `last` None where it is open.
    right_of_left, left_of_right
        Pictures where the other side gives a side's best class such a rank.
    """

    first: int
    last: int | None
    right_of_left: int
    left_of_right: int


@dataclass(frozen=True, slots=True)
class SideQuality:
    """How often one side is right, where the true class is known.

    Attributes
    ----------
    top1, top5
        Share of the true class first, and among the first five.
    calibration
        Reliability; None where the side gives no probabilities.
    """

    top1: Share
    top5: Share
    calibration: Calibration | None


@dataclass(frozen=True, slots=True)
class RunStatistics:
    """What a run comes to.

    Attributes
    ----------
    answered, errors
        Pictures compared, and rows with an error.
    agreement
        How often the first classes agree.
    top5_overlap
        Pictures by how many of the first five classes both share, 0 to 5.
    distributions
        By `DISTRIBUTIONS`.
    confusion
        The largest cells off the diagonal, the largest first, at most `MOST_CELLS`.
    ranks
        By `RANK_BUCKETS`.
    classes
        Every class that was met, the least agreement first.
    labelled
        Compared pictures with a known true class; the rest is None without any.
    left, right, mcnemar
        Accuracy of both, and whether they differ in it.
    """

    answered: int
    errors: int
    agreement: Agreement
    top5_overlap: tuple[int, ...]
    distributions: tuple[Distribution, ...]
    confusion: tuple[ConfusionCell, ...]
    ranks: tuple[RankBucket, ...]
    classes: tuple[ClassAgreement, ...]
    labelled: int
    left: SideQuality | None
    right: SideQuality | None
    mcnemar: McNemar | None

    def distribution(self, measure: str) -> Distribution:
        """Give the distribution of one of `DISTRIBUTIONS`."""
        return next(found for found in self.distributions if found.measure == measure)


def measure_run(run: RunFile, cancelled: Callable[[], bool] = lambda: False) -> RunStatistics:
    """Go through a run's rows, as they are at this moment.

    Parameters
    ----------
    run
        The run; one that is being written too.
    cancelled
        Asked now and then whether to stop.

    Raises
    ------
    Cancelled
        Where `cancelled` said so.
    """
    counter = _Counter(len(run.info.labels))
    with database.explained(run.path):
        connection = run.connection
        connection.execute("BEGIN")  # one state of the file for all questions
        try:
            for chunk in read_chunks(connection):
                if cancelled():
                    raise Cancelled("statistics")
                counter.add(chunk)
            errors = connection.execute("SELECT count(*) FROM rows WHERE error <> ''").fetchone()[0]
            confusion = largest_cells(connection)
        finally:
            connection.execute("ROLLBACK")
    return counter.result(int(errors), confusion)


def largest_cells(
    connection: sqlite3.Connection, limit: int = MOST_CELLS
) -> tuple[ConfusionCell, ...]:
    """Give the largest cells of the confusion left × right off its diagonal."""
    found = connection.execute(
        "SELECT left_class, right_class, count(*), sum(near_tie) FROM rows WHERE top1_same = 0"
        " GROUP BY left_class, right_class ORDER BY count(*) DESC, left_class, right_class LIMIT ?",
        (limit,),
    )
    return tuple(ConfusionCell(*values) for values in found.fetchall())


class _Counter:
    """Counts everything of one pass."""

    def __init__(self, classes: int) -> None:
        self._same = self._near = self._total = 0
        self._overlap = np.zeros(6, dtype=np.int64)
        self._distributions = [DistributionCounter(name) for name in DISTRIBUTIONS]
        self._ranks = np.zeros((2, len(RANK_BUCKETS)), dtype=np.int64)
        self._classes = PerClassCounter(classes)
        self._right = np.zeros((2, 2), dtype=np.int64)
        self._top5 = [0, 0]
        self._calibration = [CalibrationCounter(), CalibrationCounter()]

    def add(self, chunk: Chunk) -> None:
        self._total += chunk.same.size
        self._same += int(chunk.same.sum())
        self._near += int(chunk.near_tie.sum())
        self._overlap += np.bincount(chunk.top5_overlap.clip(0, 5), minlength=6)
        for counter in self._distributions:
            counter.add(chunk.measures[counter.measure])
        for row, ranks in enumerate((chunk.right_rank_of_left, chunk.left_rank_of_right)):
            self._ranks[row] += _count_ranks(ranks)
        self._classes.add(chunk)
        self._add_truth(chunk)

    def _add_truth(self, chunk: Chunk) -> None:
        known = chunk.truth >= 0
        truth = chunk.truth[known]
        hits = chunk.left_class[known] == truth, chunk.right_class[known] == truth
        ranks = chunk.left_truth_rank[known], chunk.right_truth_rank[known]
        names = "left_probability", "right_probability"
        for side in range(2):
            self._top5[side] += int(np.sum((ranks[side] >= 1) & (ranks[side] <= 5)))
            self._calibration[side].add(chunk.measures[names[side]][known], hits[side])
        cells = 2 * hits[0].astype(np.int64) + hits[1]
        self._right += np.bincount(cells, minlength=4).reshape(2, 2)

    def result(self, errors: int, confusion: tuple[ConfusionCell, ...]) -> RunStatistics:
        right = self._right.tolist()
        labelled = int(self._right.sum())
        return RunStatistics(
            answered=self._total,
            errors=errors,
            agreement=agreement_of(self._same, self._near, self._total),
            top5_overlap=tuple(self._overlap.tolist()),
            distributions=tuple(counter.result() for counter in self._distributions),
            confusion=confusion,
            ranks=tuple(
                RankBucket(first, last, *self._ranks[:, place].tolist())
                for place, (first, last) in enumerate(RANK_BUCKETS)
            ),
            classes=self._classes.result(),
            labelled=labelled,
            left=self._quality(0, sum(right[1]), labelled) if labelled else None,
            right=self._quality(1, right[0][1] + right[1][1], labelled) if labelled else None,
            mcnemar=mcnemar(right[1][1], right[1][0], right[0][1], right[0][0])
            if labelled
            else None,
        )

    def _quality(self, side: int, hits: int, labelled: int) -> SideQuality:
        return SideQuality(
            share_of(hits, labelled),
            share_of(self._top5[side], labelled),
            self._calibration[side].result(),
        )


def agreement_of(same: int, near_ties: int, total: int) -> Agreement:
    """Give the agreement of `total` pictures."""
    return Agreement(
        same=same,
        near_ties=near_ties,
        real=total - same - near_ties,
        strict=share_of(same, total),
        tolerant=share_of(same + near_ties, total),
    )


def _count_ranks(ranks: NDArray[np.int64]) -> NDArray[np.int64]:
    firsts = np.array([first for first, _ in RANK_BUCKETS])
    place = np.searchsorted(firsts, ranks, side="right") - 1
    return np.bincount(place[place >= 0], minlength=len(RANK_BUCKETS))
