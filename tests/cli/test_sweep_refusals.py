"""What ``sweep`` refuses or settles without a model: on made-up runs, no TensorFlow."""

from __future__ import annotations

import io
import json
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from inspector.cli import sweep_run
from inspector.core.catalogue import choose_pair
from inspector.core.pairs import Side
from inspector.engine.sweep.control import Order
from inspector.engine.sweep.info import pair_table, settings_table
from inspector.session import Session
from inspector.sweep.run_file import RunFile
from tests.support import pictures
from tests.sweep.made_up import make_info, make_rows, make_run, own_row

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.sweep.rows import RunInfo
    from tests.support.program import Outcome

    Call = Callable[..., Outcome]

COUNT = 200


def starter_info(**changes: object) -> RunInfo:
    """Give the facts of a run of the starter pair."""
    session = Session(choose_pair("starter"))
    facts: dict[str, object] = {
        "pair_id": session.pair.id,
        "pair": pair_table(session.pair),
        "left_settings": settings_table(session.settings(Side.LEFT)),
        "right_settings": settings_table(session.settings(Side.RIGHT)),
    }
    return make_info(**{**facts, **changes})


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a finished run, not to be written."""
    return make_run(tmp_path_factory.mktemp("runs") / "run.sqlite", COUNT, info=starter_info())


@pytest.fixture
def unfinished(tmp_path: Path) -> Path:
    """Give a run of which half is done."""
    path = tmp_path / "half.sqlite"
    rows = list(make_rows(COUNT))
    with RunFile.create(path, starter_info(), (row.item for row in rows)) as run:
        run.add(rows[: COUNT // 2])
        run.set_state("cancelled")
    return path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Give a folder with a picture."""
    folder = tmp_path / "photos"
    folder.mkdir()
    pictures.write(folder, "one.jpg", pictures.jpeg())
    return folder


@pytest.fixture
def no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test fail where models are loaded."""

    def load(*arguments: object) -> object:
        raise AssertionError("a model is loaded")

    monkeypatch.setattr(sweep_run, "_load", load)


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", ".lock"])
@pytest.mark.parametrize("option", ["--csv", "--json", "--html", "--junit", "--parquet"])
def test_an_export_never_writes_over_the_run(
    option: str, ending: str, finished: Path, call: Call
) -> None:
    before = finished.read_bytes()
    target = f"{finished}{ending}"
    done = call("sweep", "--run", finished, "--report-only", option, target)
    assert done.code == 2
    assert f"{option} would write over" in done.err
    assert finished.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_seen_through(finished: Path, tmp_path: Path, call: Call) -> None:
    (tmp_path / "link.csv").symlink_to(finished)
    done = call("sweep", "--run", finished, "--report-only", "--csv", tmp_path / "link.csv")
    assert (done.code, "the run file" in done.err) == (2, True)
    (tmp_path / "hard.csv").hardlink_to(finished)
    done = call("sweep", "--run", finished, "--report-only", "--csv", tmp_path / "hard.csv")
    assert (done.code, "the run file" in done.err) == (2, True)


def test_exports_never_write_over_each_other_or_what_is_read(
    finished: Path, photos: Path, tmp_path: Path, call: Call
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(f"path\n{photos}/one.jpg\n", encoding="utf-8")
    both = tmp_path / "both"
    report = call(
        *("sweep", "--run", finished, "--report-only"),
        *("--csv", both, "--html", f"{photos}/../both"),
    )
    assert (report.code, "the file of --csv" in report.err) == (2, True), report.err
    run = ("--run", tmp_path / "new.sqlite")
    done = call("sweep", listed, *run, "--csv", listed)
    assert (done.code, "what was named to be read" in done.err) == (2, True), done.err
    done = call("sweep", photos, *run, "--labels", listed, "--csv", listed)
    assert (done.code, "the table of true classes" in done.err) == (2, True), done.err
    assert "one.jpg" in listed.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "idle",
    [
        ("--pair", "starter"),
        ("--left-mode", "keras"),
        ("--right-mode", "hub"),
        ("--limit", "3"),
        ("--labels", "none"),
        ("--apply-exif",),
        ("--resume",),
        ("--batch", "2"),
    ],
)
def test_a_report_refuses_what_it_would_pass_over(
    idle: tuple[str, ...], finished: Path, call: Call
) -> None:
    done = call("sweep", "--run", finished, "--report-only", *idle)
    assert (done.code, f"Leave {idle[0]} out" in done.err) == (2, True), done.err


@pytest.mark.usefixtures("no_models")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--limit", "3"), 2, "keeps its --limit: none in the run, 3 now"),
        (("--labels", "none"), 2, "keeps its --labels: folders in the run, none now"),
        (("--left-mode", "hub"), 3, "left mode: keras in the run, hub now"),
        (("--apply-exif",), 3, "was begun with other settings"),
        (("--pair", "mobilenet_v2_1.0_224"), 3, "was begun with other settings"),
    ],
)
def test_a_run_is_not_gone_on_with_in_another_way(
    arguments: tuple[str, ...], code: int, said: str, unfinished: Path, call: Call
) -> None:
    done = call("sweep", "--run", unfinished, "--resume", *arguments)
    assert (done.code, said in done.err) == (code, True), done.err


@pytest.mark.usefixtures("no_models")
def test_other_pictures_are_refused(unfinished: Path, photos: Path, call: Call) -> None:
    done = call("sweep", photos, "--run", unfinished, "--resume")
    assert (done.code, "keeps its pictures: /pictures" in done.err) == (2, True), done.err


@pytest.mark.usefixtures("no_models")
def test_what_the_models_are_not_needed_for_is_refused_before_them(
    unfinished: Path, photos: Path, tmp_path: Path, call: Call
) -> None:
    new = ("sweep", photos, "--pair", "starter", "--run")
    done = call(*new, tmp_path / "gone" / "run.sqlite")
    assert (done.code, "Choose a folder that exists" in done.err) == (3, True), done.err
    labels = tmp_path / "labels.csv"
    labels.write_text("path,label\none.jpg,no such class\n", encoding="utf-8")
    done = call(*new, tmp_path / "new.sqlite", "--labels", labels)
    assert (done.code, "'no such class'" in done.err) == (3, True), done.err
    done = call(*new, tmp_path / "new.sqlite", "--labels", "folders")
    assert done.code == 3, done.err
    with RunFile.resume(unfinished, starter_info()):
        done = call("sweep", "--run", unfinished, "--resume")
        assert (done.code, "is being written by process" in done.err) == (3, True), done.err
        done = call(*new, unfinished, "--force")
        assert (done.code, "is being written by process" in done.err) == (3, True), done.err
    assert sorted(path.name for path in tmp_path.glob("*.sqlite*")) == ["half.sqlite"]


@pytest.mark.usefixtures("no_models")
def test_a_finished_run_is_only_reported_on(tmp_path: Path, call: Call) -> None:
    run = make_run(tmp_path / "run.sqlite", COUNT, info=starter_info())
    with RunFile.resume(run, starter_info()) as file:
        file.set_state("running")
    done = call("sweep", "--run", run, "--resume", "--csv", tmp_path / "rows.csv")
    assert done.code == 0, done.err
    assert "nothing left to do" in done.err
    assert f"--run {run} --resume --retry-errors" in done.err
    assert len((tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()) == COUNT + 1
    with RunFile.open(run) as file:
        assert file.progress().state == "finished"


def test_errors_are_tried_again_where_that_is_asked_for(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(tmp_path / "run.sqlite", COUNT, info=starter_info())
    with RunFile.open(run) as file:
        errors = file.progress().errors
    pending = []

    def look(arguments: object, file: RunFile, *others: object) -> bool:
        pending.extend(file.pending())
        return True

    monkeypatch.setattr(sweep_run, "_load", lambda *_: None)
    monkeypatch.setattr(
        sweep_run, "_resume", lambda plan, machine: RunFile.resume(plan.path, starter_info())
    )
    monkeypatch.setattr(sweep_run, "_sweep", look)
    monkeypatch.setattr(sweep_run, "_tell_pace", lambda *_: None)
    done = call("sweep", "--run", run, "--resume", "--retry-errors")
    assert done.code == 0, done.err
    assert len(pending) == errors > 0
    assert f"{errors} pictures to be tried again" in done.err


@pytest.mark.parametrize("progress", ["auto", "json"])
@pytest.mark.parametrize("by", ["signal", "order"])
def test_a_stop_while_models_are_loaded_leaves_nothing(
    by: str,
    progress: str,
    photos: Path,
    tmp_path: Path,
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def load(arguments: object, plan: object, watcher: Any) -> object:
        with watcher.loading() as stages:
            stages.stage("The first stage")
            if by == "signal":
                signal.raise_signal(signal.SIGINT)
            else:
                watcher.give(Order.STOP)
            assert stages.is_unwanted()
            stages.stage("The second stage")
        raise AssertionError("the stage began")

    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr(sweep_run, "_load", load)
    monkeypatch.setattr(sweep_run, "_make_way_for_the_window", lambda: None)
    run = tmp_path / "run.sqlite"
    done = call("sweep", photos, "--pair", "starter", "--run", run, "--progress", progress)
    assert done.code == 130, done.err
    assert "Stopped before the first picture; no run was begun." in done.err
    assert done.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]
    if progress == "json":
        assert all(json.loads(line) for line in done.err.splitlines())


def test_the_gate_tells_that_it_does_not_fail_by_itself(finished: Path, call: Call) -> None:
    report = ("sweep", "--run", finished, "--report-only", "--max-abs-difference")
    hint = "add --fail-on-difference"
    assert hint in call(*report, "0").err
    assert hint not in call(*report, "0", "--fail-on-difference").err
    kept = ("--max-error-share", "1", "--min-agreement", "0")
    assert hint not in call(*report, "1", *kept).err


def part(path: Path, numbers: range, listed: int | None = None) -> Path:
    """Write a run with some of the made-up rows, out of a list that may be longer."""
    rows = [own_row(number) for number in numbers]
    items = [row.item for row in rows]
    items += [own_row(number).item for number in range(numbers.stop, listed or 0)]
    with RunFile.create(path, make_info(), items) as run:
        run.add(rows)
        run.set_state("finished" if len(items) == len(rows) else "cancelled")
    return path


@pytest.mark.parametrize(
    ("after", "listed", "said"),
    [
        (range(60, 80), None, "nothing was compared"),
        (range(40), 60, "not finished: 40 of 60 pictures are done"),
        (range(39), None, "lacks 1 picture of the first"),
    ],
)
def test_a_comparison_of_too_little_fails(
    after: range, listed: int | None, said: str, tmp_path: Path, call: Call
) -> None:
    first = part(tmp_path / "a.sqlite", range(40))
    second = part(tmp_path / "b.sqlite", after, listed)
    told = call("sweep", "compare", first, second)
    assert (told.code, said in told.err) == (0, True), told.err
    assert call("sweep", "compare", first, second, "--fail-on-difference").code == 1


def test_the_same_run_and_more_passes(tmp_path: Path, call: Call) -> None:
    first = part(tmp_path / "a.sqlite", range(40))
    second = part(tmp_path / "b.sqlite", range(50))
    done = call("sweep", "compare", first, second, "--fail-on-difference")
    assert (done.code, done.err) == (0, "")


def test_a_comparison_is_json_too(tmp_path: Path, call: Call) -> None:
    first = part(tmp_path / "a.sqlite", range(40))
    second = part(tmp_path / "b.sqlite", range(30))
    done = call("sweep", "compare", first, second, "--json")
    table = done.json()
    assert table["schema"] == "twin-inspector/sweep-changes/1"
    assert (table["matched"], table["only_before"], table["only_after"]) == (30, 10, 0)
    assert sum(table["counts"].values()) == 30
    assert table["agreement_before"]["tolerant"]["rate"] <= 1.0
    assert table["gaps"] == ["The second run lacks 10 pictures of the first."]
    assert table["before"] == str(first)
    target = tmp_path / "changes.json"
    written = call("sweep", "compare", first, second, "--json", target)
    assert "30 pictures in both runs" in written.out
    assert json.loads(target.read_text(encoding="utf-8")) == table


@pytest.mark.parametrize(
    "idle",
    [
        ("--csv", "a.csv"),
        ("--run", "run.sqlite"),
        ("--min-agreement", "0.5"),
        ("--strict",),
        ("--labels", "none"),
        ("--report-only",),
        ("--progress", "json"),
    ],
)
def test_a_comparison_refuses_what_it_would_pass_over(
    idle: tuple[str, ...], finished: Path, call: Call
) -> None:
    done = call("sweep", "compare", finished, finished, *idle)
    assert (done.code, f"not {idle[0]}." in done.err) == (2, True), done.err


def test_a_comparison_never_writes_over_a_run(tmp_path: Path, call: Call) -> None:
    first = part(tmp_path / "a.sqlite", range(5))
    second = part(tmp_path / "b.sqlite", range(5))
    for run, title in ((first, "the first run"), (second, "the second run")):
        done = call("sweep", "compare", first, second, "--json", run)
        assert (done.code, title in done.err) == (2, True), done.err


def test_threads_of_this_machine_mean_nothing_to_a_cluster(call: Call, tmp_path: Path) -> None:
    run = tmp_path / "run.sqlite"
    outcome = call("sweep", "a", "--run", run, "--scheduler", "local:2", "--workers", "4")
    assert outcome.code == 2
    assert "--scheduler local:N" in outcome.err
    assert not run.exists()
