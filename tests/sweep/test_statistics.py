from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import Cancelled
from inspector.sweep.intervals import share_of
from inspector.sweep.run_file import RunFile
from inspector.sweep.statistics import measure_run
from tests.sweep.made_up import CLASSES, make_info, make_rows

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.sweep.rows import SweepRow
    from inspector.sweep.statistics import RunStatistics


@pytest.fixture(scope="module")
def statistics(finished_path: Path) -> RunStatistics:
    with RunFile.open(finished_path) as run:
        return measure_run(run)


@pytest.fixture(scope="module")
def answered(finished_rows: list[SweepRow]) -> list[SweepRow]:
    return [row for row in finished_rows if not row.error]


def test_agreement(statistics: RunStatistics, answered: list[SweepRow]) -> None:
    same = sum(row.measures.top1_same for row in answered)
    near = sum(row.measures.near_tie for row in answered)
    found = statistics.agreement
    assert statistics.answered == len(answered)
    assert (found.same, found.near_ties) == (same, near)
    assert found.real == len(answered) - same - near
    assert near > 0
    assert found.strict == share_of(same, len(answered))
    assert found.tolerant == share_of(same + near, len(answered))


def test_errors(statistics: RunStatistics, finished_rows: list[SweepRow]) -> None:
    assert statistics.errors == sum(bool(row.error) for row in finished_rows) > 0


def test_overlap(statistics: RunStatistics, answered: list[SweepRow]) -> None:
    count = Counter(row.measures.top5_overlap for row in answered)
    assert statistics.top5_overlap == tuple(count[number] for number in range(6))


def test_distributions(statistics: RunStatistics, answered: list[SweepRow]) -> None:
    values = [row.measures.max_abs_difference for row in answered]
    found = statistics.distribution("max_abs_difference")
    assert found.count == len(values)
    assert found.maximum == max(values)
    assert found.mean == pytest.approx(sum(values) / len(values))
    margins = statistics.distribution("right_margin")
    assert margins.minimum == min(row.right.margin for row in answered)


def test_confusion(statistics: RunStatistics, answered: list[SweepRow]) -> None:
    cells = Counter(
        (row.left.top[0], row.right.top[0]) for row in answered if not row.measures.top1_same
    )
    assert {(cell.left, cell.right): cell.count for cell in statistics.confusion} == dict(
        sorted(cells.items(), key=lambda cell: (-cell[1], cell[0]))[: len(statistics.confusion)]
    )
    counts = [cell.count for cell in statistics.confusion]
    assert counts == sorted(counts, reverse=True)
    assert sum(cell.near_ties for cell in statistics.confusion) > 0


def test_ranks(statistics: RunStatistics, answered: list[SweepRow]) -> None:
    for bucket in statistics.ranks:
        last = bucket.last or 10**9
        for name in ("right_of_left", "left_of_right"):
            attribute = "right_rank_of_left" if name == "right_of_left" else "left_rank_of_right"
            ranks = [getattr(row.measures, attribute) for row in answered]
            assert getattr(bucket, name) == sum(bucket.first <= rank <= last for rank in ranks)


def test_accuracy_and_mcnemar(statistics: RunStatistics, answered: list[SweepRow]) -> None:
    known = [row for row in answered if row.item.truth is not None]
    left = [row.left.top[0] == row.item.truth for row in known]
    right = [row.right.top[0] == row.item.truth for row in known]
    assert statistics.labelled == len(known)
    assert statistics.left.top1 == share_of(sum(left), len(known))
    assert statistics.right.top1 == share_of(sum(right), len(known))
    top5 = sum(row.left.truth_rank <= 5 for row in known)
    assert statistics.left.top5 == share_of(top5, len(known))
    test = statistics.mcnemar
    cells = Counter(zip(left, right, strict=True))
    assert (test.both_right, test.left_only, test.right_only, test.both_wrong) == (
        cells[True, True],
        cells[True, False],
        cells[False, True],
        cells[False, False],
    )
    assert statistics.left.calibration is not None


def test_classes(statistics: RunStatistics, answered: list[SweepRow]) -> None:
    for found in statistics.classes:
        index = found.index
        left = [row for row in answered if row.left.top[0] == index]
        right = [row for row in answered if row.right.top[0] == index]
        both = sum(row.right.top[0] == index for row in left)
        assert (found.left_count, found.right_count, found.both_count) == (
            len(left),
            len(right),
            both,
        )
        assert found.agreement == share_of(both, len(left) + len(right) - both)
        assert found.labelled == sum(row.item.truth == index for row in answered)
        assert found.left_right == sum(row.item.truth == index for row in left)
    assert len(statistics.classes) == CLASSES
    highs = [found.agreement.high for found in statistics.classes]
    assert highs == sorted(highs)


def test_without_truth_there_is_no_accuracy(tmp_path: Path) -> None:
    rows = [replace(row, item=replace(row.item, truth=None)) for row in make_rows(20)]
    with RunFile.create(tmp_path / "run", make_info(), (row.item for row in rows)) as run:
        run.add(rows)
        found = measure_run(run)
    assert (found.labelled, found.left, found.right, found.mcnemar) == (0, None, None, None)


def test_a_run_without_rows_has_empty_statistics(tmp_path: Path) -> None:
    items = [row.item for row in make_rows(3)]
    with RunFile.create(tmp_path / "run", make_info(), items) as run:
        found = measure_run(run)
        assert not run.connection.in_transaction
    assert (found.answered, found.errors, found.agreement.strict.rate) == (0, 0, None)
    assert found.classes == ()


def test_it_can_be_stopped(finished: RunFile) -> None:
    with pytest.raises(Cancelled):
        measure_run(finished, lambda: True)
    assert measure_run(finished).answered > 0
