from __future__ import annotations

from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import Cancelled, InputError
from inspector.sweep import compare_runs
from inspector.sweep.compare_runs import CHANGE_TITLES, ChangeKind, RunPair
from inspector.sweep.rows import SweepItem
from inspector.sweep.run_file import RunFile
from tests.sweep.made_up import make_info, make_rows

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.sweep.rows import SweepRow


def with_measures(row: SweepRow, **changes: object) -> SweepRow:
    assert row.measures is not None
    return replace(row, measures=replace(row.measures, **changes))


def write(path: Path, rows: list[SweepRow], **info: object) -> Path:
    with RunFile.create(path, make_info(**info), (row.item for row in rows)) as run:
        run.add(rows)
    return path


def moved(row: SweepRow, number: int) -> SweepRow:
    return replace(row, item=SweepItem(number, f"/moved{row.item.path}", row.item.truth))


@pytest.fixture
def agreeing() -> list[SweepRow]:
    """Give ten answered rows that agree, no two with the same difference."""
    rows = [row for row in make_rows(60) if row.measures and row.measures.top1_same]
    return [with_measures(row, max_abs_difference=0.01) for row in rows[:10]]


def test_what_changed_comes_worst_first(tmp_path: Path, agreeing: list[SweepRow]) -> None:
    before = list(agreeing)
    differing = {"top1_same": False, "near_tie": False}
    before[5] = with_measures(before[5], **differing)
    before[9] = replace(before[9], left=None, right=None, measures=None, error="x", mend="")
    after = [moved(row, 20 - place) for place, row in enumerate(agreeing)]
    after[0] = with_measures(after[0], max_abs_difference=0.02)  # larger
    after[1] = with_measures(after[1], max_abs_difference=0.5)  # larger, and worse
    after[2] = with_measures(after[2], **differing)  # broken
    after[3] = replace(after[3], left=None, right=None, measures=None, error="Gone.")
    after[4] = with_measures(after[4], max_abs_difference=0.001)  # smaller
    other = after[6].left
    assert other is not None
    named = replace(other, top=other.top[::-1])
    after[6] = replace(after[6], left=named, right=named)
    after[7] = with_measures(after[7], max_abs_difference=0.01 + 1e-9)  # float noise
    after[8] = with_measures(after[8], top1_same=False, near_tie=True)  # a near-tie is no break
    with RunPair(write(tmp_path / "a", before), write(tmp_path / "b", after)) as pair:
        found = pair.changes()
        assert [change.kind for change in found] == [
            ChangeKind.NEW_ERROR,
            ChangeKind.BROKEN,
            ChangeKind.OTHER_CLASS,
            ChangeKind.LARGER,
            ChangeKind.LARGER,
            ChangeKind.SMALLER,
            ChangeKind.MENDED,
            ChangeKind.ERROR_GONE,
        ]
        assert [change.before.item.number for change in found] == [
            agreeing[place].item.number for place in (3, 2, 6, 1, 0, 4, 5, 9)
        ]
        assert found[3].growth == pytest.approx(0.49)
        assert found[3].after == after[1]
        summary = pair.summary()
        assert summary.matched == 10
        assert summary.counts[ChangeKind.SAME] == 2
        assert summary.counts[ChangeKind.LARGER] == 2
        assert (summary.only_before, summary.only_after) == (0, 0)
        assert (summary.before.same, summary.after.same) == (7, 6)
        assert (summary.after.near_ties, summary.after.real) == (1, 1)
        larger = pair.changes([ChangeKind.LARGER], offset=1, limit=5)
        assert [change.after for change in larger] == [after[0]]


def test_copies_and_strangers_are_told_apart(tmp_path: Path, agreeing: list[SweepRow]) -> None:
    copy = replace(agreeing[0], item=SweepItem(500, "/copy.jpg"))
    before = [*agreeing[:4], copy]
    after = agreeing[2:6]
    with RunPair(write(tmp_path / "a", before), write(tmp_path / "b", after)) as pair:
        summary = pair.summary()
    assert (summary.matched, summary.only_before, summary.only_after) == (2, 2, 2)


def test_without_a_hash_the_path_matches(tmp_path: Path, agreeing: list[SweepRow]) -> None:
    unread = replace(agreeing[0], sha256="", left=None, right=None, measures=None, error="No.")
    changed = replace(agreeing[1], sha256="f" * 64)
    with RunPair(
        write(tmp_path / "a", [unread, agreeing[1]]), write(tmp_path / "b", [agreeing[0], changed])
    ) as pair:
        summary = pair.summary()
        assert [change.kind for change in pair.changes()] == [ChangeKind.ERROR_GONE]
    # A file that has other bytes now is another picture.
    assert (summary.matched, summary.only_before, summary.only_after) == (1, 1, 1)


def test_settings_and_versions_that_differ_are_named(
    tmp_path: Path, agreeing: list[SweepRow]
) -> None:
    first = write(tmp_path / "a", agreeing)
    second = write(
        tmp_path / "b",
        agreeing,
        versions={"python": "3.11.7", "keras": "3.16.0"},
        left_settings={"mode": "hub"},
    )
    with RunPair(first, second) as pair:
        summary = pair.summary()
    assert summary.versions == ("keras was 3.15.1 when the run began and is 3.16.0 now.",)
    assert any(text.startswith("left mode") for text in summary.settings)


def test_runs_of_other_classes_are_refused(tmp_path: Path, agreeing: list[SweepRow]) -> None:
    first = write(tmp_path / "a", agreeing)
    second = write(tmp_path / "b", agreeing, labels=("x", "y"), wordnet_ids=())
    with pytest.raises(InputError, match="different classes"):
        RunPair(first, second)


def test_neither_file_is_changed(tmp_path: Path, agreeing: list[SweepRow]) -> None:
    paths = [write(tmp_path / name, agreeing) for name in "ab"]
    contents = [path.read_bytes() for path in paths]
    with RunPair(*paths) as pair:
        assert pair.changes() == []
    assert [path.read_bytes() for path in paths] == contents


def test_a_comparison_stops_before_the_next_question(
    tmp_path: Path, agreeing: list[SweepRow]
) -> None:
    stop = Event()
    paths = [write(tmp_path / name, agreeing) for name in "ab"]
    with RunPair(*paths, cancelled=stop.is_set) as pair:
        assert pair.summary().matched == 10
        stop.set()
        for ask in (pair.summary, pair.changes):
            with pytest.raises(Cancelled):
                ask()


def test_a_comparison_stops_while_the_pictures_are_matched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare_runs, "LOOK_STEPS", 1000)
    paths = [write(tmp_path / name, list(make_rows(300))) for name in "ab"]
    asked = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > 2

    with pytest.raises(Cancelled):
        RunPair(*paths, cancelled=cancelled)
    assert len(asked) == 3


def test_every_kind_has_a_title() -> None:
    assert set(CHANGE_TITLES) == set(ChangeKind)
