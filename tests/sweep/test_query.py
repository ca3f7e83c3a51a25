from __future__ import annotations

import math
import statistics
import threading
import time
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import Cancelled, UsageError
from inspector.sweep.columns import COLUMNS, METRICS
from inspector.sweep.exports.records import record_of
from inspector.sweep.filters import Limits, RowFilter, RowKind, RowOrder
from inspector.sweep.query import MOST_ORDERS, RunTable
from inspector.sweep.run_file import RunFile
from tests.sweep.made_up import make_info, make_large_run, make_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.sweep.rows import SweepRow


def value_of(row: SweepRow, column: str) -> object:
    if column == "smaller_margin":
        return min(row.left.margin, row.right.margin) if row.left and row.right else None
    from inspector.core.labels import Labels

    return record_of(row, Labels(("x",)))[column]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", [column.id for column in COLUMNS])
def test_every_column_sorts(
    finished: RunFile, finished_rows: list[SweepRow], column: str, descending: bool
) -> None:
    table = RunTable(finished)
    found = table.rows(order=RowOrder(column, descending), offset=10, limit=1900)
    known = [row for row in finished_rows if value_of(row, column) is not None]
    known.sort(key=lambda row: value_of(row, column), reverse=descending)
    if descending:  # equal values stand by number in both directions
        known.sort(key=lambda row: row.item.number)
        known.sort(key=lambda row: value_of(row, column), reverse=True)
    unknown = [row for row in finished_rows if value_of(row, column) is None]
    assert found == [*known, *unknown][10:1910]


FILTERS: list[tuple[RowFilter, Callable[[SweepRow], bool]]] = [
    (RowFilter(kind=RowKind.ERRORS), lambda row: bool(row.error)),
    (RowFilter(kind=RowKind.ANSWERED), lambda row: not row.error),
    (RowFilter(kind=RowKind.AGREE), lambda row: bool(row.measures) and row.measures.top1_same),
    (
        RowFilter(kind=RowKind.DISAGREE),
        lambda row: bool(row.measures) and not row.measures.top1_same,
    ),
    (RowFilter(kind=RowKind.NEAR_TIES), lambda row: bool(row.measures) and row.measures.near_tie),
    (
        RowFilter(kind=RowKind.REAL),
        lambda row: bool(row.measures) and not row.measures.top1_same and not row.measures.near_tie,
    ),
    (RowFilter(left_class=5), lambda row: bool(row.left) and row.left.top[0] == 5),
    (
        RowFilter(left_class=5, right_class=5),
        lambda row: bool(row.left) and row.left.top[0] == row.right.top[0] == 5,
    ),
    (RowFilter(truth=7), lambda row: row.item.truth == 7),
    (
        RowFilter(any_class=7),
        lambda row: (
            row.item.truth == 7 or (bool(row.left) and 7 in (row.left.top[0], row.right.top[0]))
        ),
    ),
    (
        RowFilter(left_correct=True, right_correct=False),
        lambda row: (
            bool(row.left)
            and row.item.truth is not None
            and row.left.top[0] == row.item.truth != row.right.top[0]
        ),
    ),
    (RowFilter(text="PICTURE 19"), lambda row: "picture 19" in row.item.path),
    (RowFilter(text="is damaged"), lambda row: "is damaged" in row.error),
    (
        RowFilter(limits=(Limits("js", low=1e-6, high=1e-3),)),
        lambda row: bool(row.measures) and 1e-6 <= row.measures.js <= 1e-3,
    ),
    (
        RowFilter(kind=RowKind.REAL, text="5", limits=(Limits("max_abs_difference", low=0.01),)),
        lambda row: (
            bool(row.measures)
            and not row.measures.top1_same
            and not row.measures.near_tie
            and "5" in row.item.path
            and row.measures.max_abs_difference >= 0.01
        ),
    ),
]


@pytest.mark.parametrize(("row_filter", "wanted"), FILTERS, ids=range(len(FILTERS)))
def test_filters(
    finished: RunFile,
    finished_rows: list[SweepRow],
    row_filter: RowFilter,
    wanted: Callable[[SweepRow], bool],
) -> None:
    table = RunTable(finished)
    expected = [row for row in finished_rows if wanted(row)]
    assert expected
    assert table.rows(row_filter, limit=5000) == expected
    assert table.count(row_filter) == len(expected)
    assert list(table.every(row_filter)) == expected


@pytest.mark.parametrize("text", ["%", "_", "\\", "100%", "'"])
def test_signs_of_sql_are_plain_text(finished: RunFile, text: str) -> None:
    assert RunTable(finished).count(RowFilter(text=text)) == 0


@pytest.mark.parametrize("metric", METRICS)
def test_the_worst(finished: RunFile, finished_rows: list[SweepRow], metric: str) -> None:
    found = RunTable(finished).worst(metric, 20)
    values = sorted(getattr(row.measures, metric) for row in finished_rows if row.measures)
    worst = values[:20] if metric in ("cosine", "spearman", "top5_overlap") else values[::-1][:20]
    assert [getattr(row.measures, metric) for row in found] == worst


def test_a_number_that_is_not_finite_is_the_worst(tmp_path: Path) -> None:
    from dataclasses import replace

    rows = [row for row in make_rows(20) if row.measures]
    bad = replace(rows[3], measures=replace(rows[3].measures, max_abs_difference=math.nan, js=None))
    rows[3] = bad
    with RunFile.create(tmp_path / "run", make_info(), (row.item for row in rows)) as run:
        run.add(rows)
        table = RunTable(run)
        assert table.worst("max_abs_difference", 1)[0].item == bad.item
        assert math.isnan(table.worst("max_abs_difference", 1)[0].measures.max_abs_difference)
        assert table.worst("js", 100)[-1].item == bad.item


def test_unknown_columns_are_named(finished: RunFile) -> None:
    with pytest.raises(UsageError, match="no column 'spearmann'"):
        RunTable(finished).rows(order=RowOrder("spearmann"))
    with pytest.raises(UsageError, match="does not say which picture is worse"):
        RunTable(finished).worst("width")


def test_places_and_single_rows(finished: RunFile, finished_rows: list[SweepRow]) -> None:
    table, order = RunTable(finished), RowOrder("js", descending=True)
    row = table.rows(order=order, offset=123, limit=1)[0]
    assert table.place_of(row.item.number, RowFilter(), order) == 123
    assert table.place_of(row.item.number, RowFilter(text="nothing"), order) is None
    assert table.row(17) == finished_rows[17]
    assert table.row(10**6) is None
    assert table.rows(offset=10**6) == []


def test_a_page_stays_until_it_is_refreshed(tmp_path: Path) -> None:
    rows = list(make_rows(50))
    path = tmp_path / "run"
    with (
        RunFile.create(path, make_info(), (row.item for row in rows)) as writer,
        RunFile.open(path) as reader,
    ):
        writer.add(rows[10:20])
        table = RunTable(reader)
        assert table.rows() == rows[10:20]
        writer.add(rows[:10])
        assert table.rows() == rows[10:20]
        table.refresh()
        assert table.rows() == rows[:20]


def test_old_orders_are_dropped(finished: RunFile) -> None:
    table = RunTable(finished)
    for column in COLUMNS:
        table.rows(order=RowOrder(column.id), limit=1)
    kept = finished.connection.execute("SELECT count(*) FROM temp.sqlite_master").fetchone()[0]
    assert kept == MOST_ORDERS


def test_two_tables_on_one_run_do_not_meet(finished: RunFile) -> None:
    first, second = RunTable(finished), RunTable(finished)
    assert first.rows(RowFilter(text="1"), limit=3) != second.rows(RowFilter(text="2"), limit=3)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_large_run(tmp_path_factory.mktemp("large") / "run", 50_000)


def test_pages_of_a_large_run_are_quick_anywhere(large: Path) -> None:
    times = []
    with RunFile.open(large) as run:
        table = RunTable(run)
        for order in (RowOrder(), RowOrder("js", descending=True), RowOrder("path")):
            table.count(RowFilter(), order)
            for offset in (0, 12_345, 25_000, 49_900):
                begun = time.perf_counter()
                assert len(table.rows(order=order, offset=offset, limit=100)) == 100
                times.append(time.perf_counter() - begun)
    assert statistics.median(times) < 0.05


def test_a_question_can_be_withdrawn(large: Path) -> None:
    with RunFile.open(large) as run:
        table = RunTable(run)
        enough = threading.Event()

        def interrupt() -> None:
            while not enough.wait(0.001):  # one that falls between two questions does nothing
                table.interrupt()

        other = threading.Thread(target=interrupt)
        other.start()
        try:
            with pytest.raises(Cancelled):
                _ = [table.rows(order=RowOrder(column.id)) for column in COLUMNS]
        finally:
            enough.set()
            other.join()
        assert len(table.rows()) == 100
