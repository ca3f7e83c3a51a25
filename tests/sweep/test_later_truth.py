"""True classes for a run that was begun without."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import InputError, RunBusyError
from inspector.sweep.later_truth import GIVEN_LATER, can_take_truth, give_truth
from inspector.sweep.query import RunTable
from inspector.sweep.rows import SweepItem
from inspector.sweep.run_file import RunFile
from inspector.sweep.statistics import measure_run
from tests.sweep.made_up import CLASSES, make_info, make_rows

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.sweep.rows import SweepRow

COUNT = 400
DONE = 300
"""Rows of a run that was stopped on the way."""


def without_truth(row: SweepRow, path: str) -> SweepRow:
    sides = {
        name: None if side is None else replace(side, truth_probability=None, truth_rank=None)
        for name, side in (("left", row.left), ("right", row.right))
    }
    return replace(row, item=SweepItem(row.item.number, path), **sides)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Give a run without true classes, whose files are named by the class of their number."""
    path = tmp_path / "run.sqlite"
    rows = [
        without_truth(row, f"/pictures/n{row.item.number % CLASSES:08d}_{row.item.number}.jpg")
        for row in make_rows(COUNT)
    ]
    info = make_info(truth="", options={"batch": 32})
    with RunFile.create(path, info, (row.item for row in rows)) as made:
        made.add(rows[:DONE])
        made.set_state("cancelled")
    return path


def test_names_become_classes(run: Path) -> None:
    given = give_truth(run, "names")
    assert (given.matched, given.total, given.note) == (COUNT, COUNT, "")
    with RunFile.open(run) as opened:
        assert opened.info.truth == "names"
        assert opened.info.options == {"batch": 32, GIVEN_LATER: True}
        rows = list(RunTable(opened).every())
        pending = opened.pending()
        statistics = measure_run(opened)
    assert [row.item.truth for row in rows] == [number % CLASSES for number in range(DONE)]
    assert [item.truth for item in pending] == [n % CLASSES for n in range(DONE, COUNT)]
    assert statistics.labelled == statistics.answered
    assert statistics.left is not None
    hits = [row.left.top[0] == row.item.truth for row in rows if row.left]
    assert statistics.left.top1.count == sum(hits)


def test_rank_and_probability_of_what_is_among_the_first_five(run: Path) -> None:
    give_truth(run, "names")
    with RunFile.open(run) as opened:
        rows = list(RunTable(opened).every())
    ranks = set()
    for row in rows:
        for side in (row.left, row.right):
            if side is None:
                continue
            if row.item.truth not in side.top:
                assert (side.truth_rank, side.truth_probability) == (None, None)
                continue
            place = side.top.index(row.item.truth)
            assert side.truth_rank == place + 1
            assert side.truth_probability == side.probabilities[place]
            ranks.add(side.truth_rank)
    assert len(ranks) > 1


def test_a_table_for_part_of_them_which_can_be_changed(run: Path, tmp_path: Path) -> None:
    table = tmp_path / "truth.csv"
    table.write_text("path,label\nn00000001_1.jpg,class number 7\n")
    given = give_truth(run, str(table))
    assert (given.matched, given.total) == (1, COUNT)
    assert given.note.startswith(f"1 of {COUNT} pictures has a true class")
    assert give_truth(run, "names").matched == COUNT
    given = give_truth(run, str(table))
    with RunFile.open(run) as opened:
        known = [row.item for row in RunTable(opened).every() if row.item.truth is not None]
        assert opened.info.truth == str(table)
    assert [(item.number, item.truth) for item in known] == [(1, 7)]


def test_the_run_can_be_gone_on_with(run: Path) -> None:
    give_truth(run, "names")
    with RunFile.resume(run, make_info(truth="")) as resumed:
        (item,) = resumed.pending(limit=1)
    assert item.truth == DONE % CLASSES


def test_a_run_that_is_being_written_is_left_alone(run: Path) -> None:
    with RunFile.resume(run, make_info(truth="")) as writer:
        with pytest.raises(RunBusyError):
            give_truth(run, "names")
        assert writer.info.truth == ""
    with RunFile.open(run) as opened:
        assert opened.info.truth == ""


def test_what_names_no_class_changes_nothing(run: Path) -> None:
    with pytest.raises(InputError, match="No folder's name"):
        give_truth(run, "folders")
    with RunFile.open(run) as opened:
        assert opened.info.truth == ""
        assert measure_run(opened).labelled == 0


def test_classes_of_its_own_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "own.sqlite"
    rows = list(make_rows(10))
    with RunFile.create(path, make_info(), (row.item for row in rows)) as made:
        made.add(rows)
    assert not can_take_truth(make_info())
    with pytest.raises(InputError, match="has true classes already"):
        give_truth(path, "names")


@pytest.mark.parametrize("damage", ["'text'", "x'010203'"])
def test_a_damaged_value_is_told_and_changes_nothing(run: Path, damage: str) -> None:
    with contextlib.closing(sqlite3.connect(run)) as connection, connection:
        connection.execute(f"UPDATE rows SET left_top = {damage} WHERE number = 3")
    with pytest.raises(InputError, match="damaged"):
        give_truth(run, "names")
    with RunFile.open(run) as opened:
        assert opened.info.truth == ""
        assert opened.pending(limit=1)[0].truth is None
