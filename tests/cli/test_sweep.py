from __future__ import annotations

import csv
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from inspector.sweep.query import RunTable
from inspector.sweep.run_file import RunFile
from tests.support import pictures
from tests.support.program import Outcome, finish, program, run_program, started

if TYPE_CHECKING:
    from collections.abc import Callable

    Call = Callable[..., Outcome]

STARTER = ("--pair", "starter")


def gallery(folder: Path, count: int = 6) -> Path:
    folder.mkdir()
    for seed in range(count):
        data = pictures.encode(pictures.image(90, 70, seed=seed), "JPEG")
        pictures.write(folder, f"{seed}.jpg", data)
    return folder


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    """Run the program on seven pictures, one of them cut off; give its folder and what it said."""
    folder = tmp_path_factory.mktemp("swept")
    photos = gallery(folder / "photos")
    pictures.write(photos, "cut.jpg", pictures.cut(pictures.jpeg(), 0.4))
    outcome = run_program(
        "sweep",
        photos,
        *STARTER,
        *("--run", folder / "run.sqlite", "--csv", folder / "rows.csv"),
        *("--json", folder / "run.json", "--html", folder / "run.html"),
        *("--junit", folder / "gate.xml", "--max-error-share", "0.5", "--min-agreement", "0"),
        "--right-mode",
        "identical",
    )
    return folder, outcome


def test_a_folder_becomes_a_run_file(swept: tuple[Path, Outcome]) -> None:
    folder, outcome = swept
    assert outcome.code == 0, outcome.err
    with RunFile.open(folder / "run.sqlite") as run:
        progress = run.progress()
        rows = list(RunTable(run).every())
        info = run.info
    assert (progress.state, progress.done, progress.errors) == ("finished", 7, 1)
    assert [Path(row.item.path).name for row in rows] == [
        *(f"{n}.jpg" for n in range(6)),
        "cut.jpg",
    ]
    assert info.right_settings["mode"] == "identical"
    assert info.options["batch"] == 32
    assert info.options["left_form"] in {"folded", "frozen"}


def test_the_summary_goes_to_standard_output_and_progress_to_standard_error(
    swept: tuple[Path, Outcome],
) -> None:
    _, outcome = swept
    assert "Same class" in outcome.out
    assert "Errors                1" in outcome.out
    assert "7 of 7 pictures" in outcome.err
    assert "time of the threads: read" in outcome.err
    assert "kept" in outcome.err
    assert f"--run {swept[0] / 'run.sqlite'} --resume --retry-errors" in outcome.err


def test_every_export_is_written(swept: tuple[Path, Outcome]) -> None:
    folder, _ = swept
    with (folder / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7
    assert [bool(row["error"]) for row in rows] == [False] * 6 + [True]
    summary = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert summary["run"].endswith("run.sqlite")
    html = (folder / "run.html").read_text(encoding="utf-8")
    assert "data:image/jpeg;base64," in html
    suite = ElementTree.parse(folder / "gate.xml").getroot()
    assert suite.get("failures") == "0"


def test_a_report_needs_neither_pictures_nor_models(
    swept: tuple[Path, Outcome], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = swept
    monkeypatch.setitem(sys.modules, "inspector.engine.sweep.machine", None)
    done = call("sweep", "--run", folder / "run.sqlite", "--report-only", "--json")
    assert done.code == 0, done.err
    assert done.json()["errors"] == 1


def test_the_gate_fails_the_command_only_where_that_is_asked_for(
    swept: tuple[Path, Outcome], call: Call
) -> None:
    folder, _ = swept
    report = ("sweep", "--run", folder / "run.sqlite", "--report-only", "--max-abs-difference", "0")
    told = call(*report)
    assert told.code == 0
    assert "BROKEN" in told.err
    assert call(*report, "--fail-on-difference").code == 1
    kept = ("--max-abs-difference", "1", "--min-agreement", "0", "--fail-on-difference")
    assert call(*report[:4], *kept).code == 1  # one picture has an error
    assert call(*report[:4], *kept, "--max-error-share", "0.2").code == 0


def test_a_finished_run_is_reported_on_at_once(
    swept: tuple[Path, Outcome], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = swept
    monkeypatch.setitem(sys.modules, "inspector.engine.engine", None)
    resume = ("sweep", "--run", folder / "run.sqlite", "--resume")
    done = call(*resume, "--json", "--fail-on-difference", "--max-abs-difference", "0")
    assert done.code == 1, done.err
    assert "nothing left to do" in done.err
    assert "--retry-errors" in done.err
    assert done.json()["errors"] == 1
    assert call(*resume, "--retry-errors").code == 5


def test_two_runs_are_compared(swept: tuple[Path, Outcome], call: Call) -> None:
    run = swept[0] / "run.sqlite"
    done = call("sweep", "compare", run, run, "--fail-on-difference")
    assert done.code == 0, done.err
    assert "7 pictures in both runs" in done.out
    assert call("sweep", "compare", run).code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["{photos}"], 2, "--run FILE.sqlite"),
        (["--run", "{new}"], 2, "No pictures were named"),
        (["{photos}", "--run", "{new}", "--batch", "0"], 2, "whole number from 1"),
        (["{photos}", "--run", "{new}", "--min-agreement", "99"], 2, "between 0 and 1"),
        (["{photos}", "--run", "{new}", "--left-mode", "kears"], 2, "'keras'"),
        (["{photos}", "--run", "{old}", "--resume", "--force"], 2, "one of the two"),
        (["{photos}", "--run", "{old}", "--report-only"], 2, "--report-only"),
        (["{photos}", "--run", "{new}", "--retry-errors"], 2, "Add --resume"),
        (["{photos}", "--run", "{old}"], 3, "already a file"),
        (["{empty}", "--run", "{new}"], 3, "has no pictures in it"),
        (["{empty}/gone", "--run", "{new}"], 3, "There is no file or folder"),
        (["--run", "{new}", "--resume"], 3, "There is no run file"),
        (["--run", "{photos}/0.jpg", "--resume"], 3, "is not a run file"),
        (["{photos}", "--run", "{new}", "--csv", "{empty}/a/b.csv"], 3, "is not there"),
        (["{photos}", "--run", "{new}", "--pair", "nothing"], 2, "no pair"),
        (["--run", "{old}", "--resume", "--limit", "3"], 2, "--limit: none in the run, 3 now"),
        (["--run", "{old}", "--resume", "--labels", "folders"], 2, "--labels: none in the run"),
        (["{empty}", "--run", "{old}", "--resume"], 2, "keeps its pictures"),
        (["--run", "{old}", "--resume", "--left-mode", "hub"], 3, "left mode: keras in the run"),
        (["--run", "{old}", "--resume", "--apply-exif"], 3, "orient"),
        (["--run", "{old}", "--resume", "--pair", "mobilenet_v2_1.0_224"], 3, "other settings"),
    ],
)
def test_what_cannot_work_is_refused_at_once(
    arguments: list[str],
    code: int,
    said: str,
    swept: tuple[Path, Outcome],
    tmp_path: Path,
    call: Call,
) -> None:
    folder, _ = swept
    (tmp_path / "empty").mkdir()
    names = {
        "photos": folder / "photos",
        "old": folder / "run.sqlite",
        "new": tmp_path / "new.sqlite",
        "empty": tmp_path / "empty",
    }
    done = call("sweep", *(argument.format(**names) for argument in arguments))
    assert (done.code, said in done.err) == (code, True), done.err
    assert not names["new"].exists()


def wait_for_rows(run: Path, count: int) -> None:
    """Wait until a run has some rows."""
    end = time.monotonic() + 100
    while time.monotonic() < end:
        if run.exists():
            with RunFile.open(run) as file:
                if file.progress().done >= count:
                    return
        time.sleep(0.01)
    raise AssertionError("the run did not begin")


def long_list(folder: Path, count: int = 20_000) -> Path:
    """Write a list of many pictures: names that all lead to three files."""
    photos = gallery(folder / "photos", 3)
    for number in range(count):
        os.link(photos / f"{number % 3}.jpg", photos / f"link_{number}.jpg")
    listed = folder / "list.txt"
    listed.write_text(
        "\n".join(f"{photos}/link_{number}.jpg" for number in range(count)), encoding="utf-8"
    )
    return listed


@pytest.mark.skipif(sys.platform == "win32", reason="signals are other ones there")
def test_an_interrupted_run_says_how_to_go_on(tmp_path: Path) -> None:
    run = tmp_path / "run.sqlite"
    with started(program("sweep", long_list(tmp_path), "--run", run, *STARTER)) as process:
        wait_for_rows(run, 1)
        process.send_signal(signal.SIGINT)
        outcome = finish(process)
    assert outcome.code == 130, outcome.err
    assert f"twin-inspector sweep --run {run} --resume" in outcome.err
    assert outcome.out == ""
    with RunFile.open(run) as file:
        progress = file.progress()
    assert progress.state == "cancelled"
    assert 0 < progress.done < progress.total


def test_a_program_reads_progress_and_gives_orders(tmp_path: Path) -> None:
    run = tmp_path / "run.sqlite"
    listed = long_list(tmp_path)
    command = program("sweep", listed, "--run", run, *STARTER, "--progress", "json")
    lines = _Conversation(command).hold()
    assert {line["schema"] for line in lines} == {"twin-inspector/sweep-progress/1"}
    states = [line["state"] for line in lines]
    assert states[0] == "loading"
    assert "paused" in states
    assert "running" in states[states.index("paused") :]
    assert states[-1] == "cancelled"
    assert lines[-1]["done"] < lines[-1]["total"] == 20_000


class _Conversation:
    """Pauses a run, lets it go on, and cancels it, each where the state says it may be."""

    def __init__(self, command: list[str]) -> None:
        self._command = command

    def hold(self) -> list[dict[str, Any]]:
        import subprocess

        from tests.support.program import environment

        orders = iter([("running", "pause"), ("paused", "resume"), ("running", "cancel")])
        wanted, order = next(orders)
        lines = []
        with subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment(),
            encoding="utf-8",
        ) as process:
            assert process.stderr is not None
            assert process.stdin is not None
            for text in process.stderr:
                line = json.loads(text)
                if "message" in line:
                    # A program reads this; commands to type are for people.
                    assert "twin-inspector" not in line["message"]
                    assert "threads" not in line["message"]
                    continue
                lines.append(line)
                if line["state"] == wanted and (line["done"] or wanted == "paused"):
                    process.stdin.write(f"{order}\n")
                    process.stdin.flush()
                    wanted, order = next(orders, ("", ""))
        assert process.returncode == 130
        return lines
