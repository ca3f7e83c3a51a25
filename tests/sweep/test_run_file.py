from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import InputError, RunBusyError
from inspector.sweep.query import RunTable
from inspector.sweep.rows import SweepItem
from inspector.sweep.run_file import RunFile
from inspector.sweep.run_making import refuse_existing
from inspector.sweep.statistics import measure_run
from tests.sweep.made_up import make_info, make_rows

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.sweep.rows import SweepRow


needs_links = pytest.mark.skipif(sys.platform == "win32", reason="needs links")


@pytest.fixture
def rows() -> list[SweepRow]:
    return list(make_rows(30))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.sqlite"


def begin(path: Path, rows: list[SweepRow]) -> RunFile:
    return RunFile.create(path, make_info(), (row.item for row in rows))


def test_rows_come_back_as_they_were(path: Path, rows: list[SweepRow]) -> None:
    from inspector.sweep.query import RunTable

    with begin(path, rows) as run:
        assert run.add(rows) == 30
        assert RunTable(run).rows(limit=100) == rows
        assert run.info == make_info()


def test_pending_gives_what_has_no_row(path: Path, rows: list[SweepRow]) -> None:
    with begin(path, rows) as run:
        run.add([rows[0], rows[2], rows[5]])
        assert [item.number for item in run.pending(limit=4)] == [1, 3, 4, 6]
        assert run.pending(after=4, limit=1) == [rows[6].item]
        assert run.pending(after=29) == []


def test_a_number_is_never_there_twice(path: Path, rows: list[SweepRow]) -> None:
    with begin(path, rows) as run:
        assert run.add(rows[:10]) == 10
        assert run.add(rows[5:15]) == 5
        assert run.add([rows[20], rows[20]]) == 1
        progress = run.progress()
        assert (progress.done, progress.total) == (16, 30)
        assert progress.errors == sum(bool(row.error) for row in [*rows[:15], rows[20]])


def test_a_number_that_is_not_listed_is_refused_with_its_batch(
    path: Path, rows: list[SweepRow]
) -> None:
    with begin(path, rows) as run:
        stranger = replace(rows[0], item=SweepItem(99, "/x.jpg"))
        with pytest.raises(ValueError, match="99"):
            run.add([rows[0], stranger])
        assert run.progress().done == 0


def test_a_reader_sees_what_the_writer_has_committed(path: Path, rows: list[SweepRow]) -> None:
    with begin(path, rows) as writer, RunFile.open(path) as reader:
        assert reader.progress().done == 0
        writer.add(rows[:7])
        assert reader.progress().done == 7
        assert reader.progress().state == "running"
        writer.set_state("paused", "The disk is full.")
        assert (reader.progress().state, reader.progress().text) == ("paused", "The disk is full.")


def test_a_run_whose_writer_is_gone_is_stopped(path: Path, rows: list[SweepRow]) -> None:
    begin(path, rows).close()
    with RunFile.open(path) as reader:
        assert reader.progress().state == "stopped"
        assert reader.progress().seconds_left is None


def test_rate_and_estimate_come_with_the_first_second(
    path: Path, rows: list[SweepRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [50.0]
    monkeypatch.setattr("inspector.sweep.run_file.time.monotonic", lambda: now[0])
    with begin(path, rows) as run:
        run.set_state("running")
        now[0] += 0.5
        run.add(rows[:10])
        assert run.progress().rate is None, "two batches that come at once say nothing"
        now[0] += 2.0
        run.add(rows[10:20])
        progress = run.progress()
        assert progress.rate is not None
        assert progress.rate == pytest.approx(20 / 2.5)
        assert progress.seconds_left == pytest.approx(10 / progress.rate)
        run.set_state("paused")
        now[0] += 100.0
        run.set_state("running")
        assert run.progress().rate is None, "the rate of before a pause is not the run's"


def test_an_existing_file_is_refused_with_both_ways_out(path: Path, rows: list[SweepRow]) -> None:
    begin(path, rows).close()
    with pytest.raises(InputError, match=r"--resume .*--force"):
        begin(path, rows)
    with RunFile.create(path, make_info(), [rows[0].item], force=True) as run:
        assert run.count() == 1


def test_force_replaces_no_other_file(path: Path, rows: list[SweepRow]) -> None:
    path.write_bytes(b"\xff\xd8\xff a picture" * 100)
    with pytest.raises(InputError, match="not a run file"):
        RunFile.create(path, make_info(), [rows[0].item], force=True)
    assert path.read_bytes().startswith(b"\xff\xd8\xff")
    assert os.listdir(path.parent) == [path.name]


def test_a_run_of_nothing_says_so_and_leaves_nothing(path: Path) -> None:
    with pytest.raises(InputError, match="/pictures has no pictures in it"):
        RunFile.create(path, make_info(), [])
    assert os.listdir(path.parent) == []


def test_a_listing_that_fails_leaves_nothing(path: Path, rows: list[SweepRow]) -> None:
    def listing():  # type: ignore[no-untyped-def]
        yield rows[0].item
        raise InputError("The folder is gone.")

    with pytest.raises(InputError, match="The folder is gone"):
        RunFile.create(path, make_info(), listing())
    assert os.listdir(path.parent) == []


def test_a_second_writer_is_refused_by_the_first_ones_number(
    path: Path, rows: list[SweepRow]
) -> None:
    with begin(path, rows) as run:
        with pytest.raises(RunBusyError, match=f"process {os.getpid()} "):
            RunFile.resume(path, make_info())
        with pytest.raises(RunBusyError):
            RunFile.create(path, make_info(), [rows[0].item], force=True)
        assert run.add(rows) == 30
    RunFile.resume(path, make_info()).close()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"pair_id": "other"}, "pair: mobilenet_v2 in the run, other now"),
        ({"left_settings": {"mode": "keras_dataset"}}, "left mode: keras in the run"),
        (
            {"right_settings": {"mode": "hub", "preprocessing": {"resize": {"method": "area"}}}},
            "right preprocessing resize method: bilinear in the run, area now",
        ),
        ({"release_hashes": {"left": "aa" * 32, "right": "cc" * 32}}, "release hash right"),
        ({"listed": "/elsewhere"}, "pictures: /pictures in the run, /elsewhere now"),
    ],
)
def test_other_settings_refuse_a_resume(
    path: Path, rows: list[SweepRow], changes: dict[str, object], named: str
) -> None:
    begin(path, rows).close()
    with pytest.raises(InputError) as caught:
        RunFile.resume(path, make_info(**changes))
    assert named in caught.value.message
    RunFile.resume(path, make_info()).close()


def test_other_versions_only_warn(path: Path, rows: list[SweepRow]) -> None:
    begin(path, rows).close()
    other = make_info(versions={"python": "3.12.1", "keras": "3.15.1"}, noise_floor=2e-7)
    with RunFile.resume(path, other) as run:
        assert run.warnings == ("python was 3.11.7 when the run began and is 3.12.1 now.",)
        assert run.info.versions["python"] == "3.11.7"


def test_what_is_not_named_again_is_no_difference(path: Path, rows: list[SweepRow]) -> None:
    begin(path, rows).close()
    with RunFile.resume(path, make_info(listed="", truth="")) as run:
        assert run.info.listed == "/pictures"


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(5000)])
def test_a_foreign_file_is_no_run(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for opened in (lambda: RunFile.open(path), lambda: RunFile.resume(path, make_info())):
        with pytest.raises(InputError, match=r"not a run file|damaged"):
            opened()
    assert path.read_bytes() == content


def test_another_programs_database_is_no_run(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE facts (key, value)")
    connection.close()
    with pytest.raises(InputError, match="not a run file"):
        RunFile.open(path)


def test_a_damaged_run_says_so(path: Path, rows: list[SweepRow]) -> None:
    with begin(path, rows) as run:
        run.add(rows)
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"damaged|not a run file"):
        RunFile.open(path).pending()


def test_a_newer_format_is_named(path: Path, rows: list[SweepRow]) -> None:
    begin(path, rows).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(InputError, match="format 99"):
        RunFile.open(path)


def test_a_missing_run_says_so(path: Path) -> None:
    for opened in (lambda: RunFile.open(path), lambda: RunFile.resume(path, make_info())):
        with pytest.raises(InputError, match="no run file"):
            opened()


def test_a_finished_run_is_one_file_that_can_be_read_anywhere(
    path: Path, rows: list[SweepRow]
) -> None:
    with begin(path, rows) as run:
        run.add(rows)
        run.set_state("finished")
    assert os.listdir(path.parent) == [path.name]
    path.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with RunFile.open(path) as reader:
            assert reader.progress().state == "finished"
            assert reader.progress().done == 30
    finally:
        path.parent.chmod(stat.S_IRWXU)
    assert os.listdir(path.parent) == [path.name]


def test_a_stale_log_does_not_spoil_a_new_run(path: Path, rows: list[SweepRow]) -> None:
    path.with_name("run.sqlite-wal").write_bytes(b"left over" * 1000)
    with begin(path, rows) as run:
        assert run.add(rows) == 30


def test_paths_that_are_no_text_come_back(path: Path) -> None:
    strange = os.fsdecode(b"/pictures/caf\xe9 \xff.jpg")
    with RunFile.create(path, make_info(), [SweepItem(0, strange)]) as run:
        assert run.pending()[0].path == strange


def test_errors_can_be_tried_again(path: Path, rows: list[SweepRow]) -> None:
    broken = replace(rows[0], left=None, right=None, measures=None, error="Gone.", mend="Look.")
    with begin(path, rows) as run:
        run.add([broken, *(row for row in rows[1:] if not row.error)])
        before = run.progress()
        assert run.forget_errors() == 1
        assert run.pending(limit=1)[0].number == 0
        assert run.progress().done == before.done - 1
        assert run.progress().errors == 0


def test_heartbeats_are_kept(path: Path, rows: list[SweepRow]) -> None:
    with begin(path, rows) as run:
        first = run.last_beat()
        run.heartbeat("3 of 30")
        assert run.last_beat() >= first > 0
        assert run.progress().text == "3 of 30"


def test_notes_are_kept_in_the_run(path: Path, rows: list[SweepRow]) -> None:
    with begin(path, rows) as run:
        assert run.notes == ()
        run.add_notes([])
        run.add_notes(["The folder /a was left out.", "/b\udcff is a link to nothing."])
        run.add_notes(["Third."])
    with RunFile.open(path) as run:
        assert run.notes == (
            *("The folder /a was left out.", "/b\udcff is a link to nothing.", "Third."),
        )


def test_notes_beyond_a_number_are_counted(path: Path, rows: list[SweepRow]) -> None:
    with begin(path, rows) as run:
        run.add_notes([f"Note {number}." for number in range(150)])
        run.add_notes([f"Note {number}." for number in range(150, 300)])
        assert len(run.notes) == 201
        assert run.notes[199:] == ("Note 199.", "100 more notes were not kept.")


def test_damaged_notes_are_a_damaged_file(path: Path, rows: list[SweepRow]) -> None:
    with begin(path, rows) as run:
        run.connection.execute("INSERT INTO facts VALUES ('notes', '[1]')")
        with pytest.raises(InputError, match="damaged"):
            _ = run.notes


def test_the_seconds_of_a_run_add_up(
    path: Path, rows: list[SweepRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    with begin(path, rows) as run:
        assert run.seconds is None
    monkeypatch.setattr("inspector.sweep.run_file.time.monotonic", lambda: now[0])
    with RunFile.resume(path, make_info()) as run:
        now[0] += 100.0
        run.set_state("running")
        assert run.seconds == 100.0
        now[0] += 100.0
        run.set_state("stopped")
        assert run.seconds == 200.0
    with RunFile.resume(path, make_info()) as run:
        now[0] += 100.0
        run.set_state("running")
        assert run.seconds == 300.0


@needs_links
def test_a_link_to_a_run_is_the_run(tmp_path: Path, path: Path, rows: list[SweepRow]) -> None:
    link = tmp_path / "elsewhere" / "link.sqlite"
    link.parent.mkdir()
    link.symlink_to(path)
    with begin(link, rows) as run:
        assert path.is_file()
        assert run.path == path
        for name in (link, path):
            with pytest.raises(RunBusyError):
                RunFile.resume(name, make_info())
            with RunFile.open(name) as reader:
                assert reader.progress().state == "running"
    with RunFile.create(link, make_info(), (row.item for row in rows[:5]), force=True):
        pass
    assert link.is_symlink()
    with RunFile.open(path) as run:
        assert run.count() == 5


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_is_no_run_file(tmp_path: Path, force: bool) -> None:
    with pytest.raises(InputError, match="is a folder") as caught:
        refuse_existing(tmp_path, force)
    assert str(tmp_path / "run.sqlite") in caught.value.mend
    with pytest.raises(InputError, match="is a folder"):
        RunFile.open(tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE rows SET max_abs_difference = 'text' WHERE number = 3",
        "UPDATE rows SET left_top = x'01' WHERE number = 3",
        "UPDATE rows SET sha256 = 7 WHERE number = 3",
        "DELETE FROM facts WHERE key = 'total'",
        "UPDATE facts SET value = 'many' WHERE key = 'done'",
    ],
)
def test_values_that_no_sweep_writes_are_damage(
    path: Path, rows: list[SweepRow], damage: str
) -> None:
    answered = [row for row in rows if row.measures][:5]
    rows = [replace(row, item=replace(row.item, number=n)) for n, row in enumerate(answered)]
    with begin(path, rows) as run:
        run.add(rows)
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(damage).rowcount == 1
    with pytest.raises(InputError, match="damaged"):
        _read_all(path)


def _read_all(path: Path) -> None:
    with RunFile.open(path) as run:
        run.progress()
        RunTable(run).rows(limit=100)
        measure_run(run)


def test_new_titles_of_the_releases_keep_no_run_from_being_resumed(
    path: Path, rows: list[SweepRow]
) -> None:
    pair = {"id": "p", "left": {"title": "A", "source": "hub:/a"}, "right": {"source": "hub:/b"}}
    renamed = {**pair, "left": {"title": "A 224 px", "source": "hub:/a"}}
    other = {**pair, "left": {"title": "A", "source": "hub:/c"}}
    items = [row.item for row in rows]
    RunFile.create(path, make_info(pair=pair), items).close()
    with RunFile.resume(path, make_info(pair=renamed)) as run:
        assert run.info.pair == pair
    with pytest.raises(InputError, match="source"):
        RunFile.resume(path, make_info(pair=other))
