"""The window's end of the sweep's command, with scripts that stand in for it."""

from __future__ import annotations

import json
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QProcess

from inspector.gui.sweep.runner import Farewell, SweepRunner, SweepWish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

WAIT_MS = 20_000
WISH = SweepWish("/pictures", "/run.sqlite", "starter")
PRELUDE = """
import json, sys, time
def say(**what): print(json.dumps(what), file=sys.stderr, flush=True)
def tell(line): print(line, file=sys.stderr, flush=True)
def progress(done, state="running"):
    say(done=done, total=10, errors=1, rate=2.5, seconds_left=3.0, state=state, text="x")
"""


class Heard:
    def __init__(self, runner: SweepRunner) -> None:
        self.said: list[tuple[str, Any]] = []
        for name in ("progressed", "told", "failed", "ended"):
            getattr(runner, name).connect(lambda what, name=name: self.said.append((name, what)))

    def of(self, name: str) -> list[Any]:
        return [what for said, what in self.said if said == name]


@pytest.fixture
def make() -> Iterator[Callable[[str], tuple[SweepRunner, Heard]]]:
    made: list[SweepRunner] = []

    def make_one(script: str) -> tuple[SweepRunner, Heard]:
        made.append(SweepRunner([sys.executable, "-c", PRELUDE + textwrap.dedent(script)]))
        return made[-1], Heard(made[-1])

    yield make_one
    for runner in made:
        runner.close()
        assert not runner.is_running


def test_progress_and_the_end(
    make: Callable[[str], tuple[SweepRunner, Heard]], qtbot: QtBot
) -> None:
    runner, heard = make('progress(1)\nsay(message="plain")\nprogress(10, "finished")')
    with qtbot.waitSignal(runner.ended, timeout=WAIT_MS):
        runner.start(WISH)
        assert runner.is_running
    assert [(p.done, p.total, p.errors, p.rate, p.state) for p in heard.of("progressed")] == [
        (1, 10, 1, 2.5, "running"),
        (10, 10, 1, 2.5, "finished"),
    ]
    assert heard.of("told") == ["plain"]
    assert heard.of("ended") == [True]
    assert not runner.is_running


def test_the_arguments(make: Callable[[str], tuple[SweepRunner, Heard]], qtbot: QtBot) -> None:
    runner, heard = make("tell(json.dumps(sys.argv[1:]).replace('[', ' [', 1))")
    wish = SweepWish("a b", "r.sqlite", "p.toml#x", "keras", "hub", True, "l.csv", 5)
    with qtbot.waitSignal(runner.ended, timeout=WAIT_MS):
        runner.start(wish)
    assert json.loads(heard.of("told")[0]) == wish.arguments()
    assert wish.arguments()[0] == "a b"
    assert {"--pair", "--apply-exif", "--limit"} < set(wish.arguments())
    going_on = wish.going_on().arguments()
    assert going_on == ["--run", "r.sqlite", "--resume", "--progress", "json"]
    assert wish.going_on(retry_errors=True).arguments() == [*going_on, "--retry-errors"]


def test_words_reach_the_command(
    make: Callable[[str], tuple[SweepRunner, Heard]], qtbot: QtBot
) -> None:
    script = """
    progress(0)
    for line in sys.stdin:
        tell(line.strip())
        if line.strip() == "cancel":
            break
    """
    runner, heard = make(script)
    with qtbot.waitSignal(runner.progressed, timeout=WAIT_MS):
        runner.start(WISH)
    with qtbot.waitSignal(runner.ended, timeout=WAIT_MS):
        runner.pause()
        runner.resume()
        runner.cancel()
    assert heard.of("told") == ["pause", "resume", "cancel"]
    assert heard.of("failed") == []
    assert heard.of("ended") == [False]


@pytest.mark.parametrize(
    ("script", "part"),
    [('tell("Error: No pictures.\\n       Name others.")\nsys.exit(3)', "No pictures."),
     ("sys.exit(5)", "exit code 5"), ("import os\nos.kill(os.getpid(), 9)", "unexpectedly")],
    ids=["told", "silent", "killed"],
)  # fmt: skip
def test_an_end_before_the_end_is_an_error(
    make: Callable[[str], tuple[SweepRunner, Heard]], qtbot: QtBot, script: str, part: str
) -> None:
    runner, heard = make(script)
    with qtbot.waitSignal(runner.ended, timeout=WAIT_MS):
        runner.start(WISH)
    assert part in heard.of("failed")[0].message
    assert [name for name, _ in heard.said][-2:] == ["failed", "ended"]
    assert heard.of("ended") == [False]


def test_a_command_that_is_not_there(qtbot: QtBot) -> None:
    runner = SweepRunner(["/none/python"])
    heard = Heard(runner)
    runner.start(WISH)
    qtbot.waitUntil(lambda: len(heard.of("ended")) == 1, timeout=WAIT_MS)
    assert "could not be started" in heard.of("failed")[0].message
    assert not runner.is_running


def test_close_waits_for_nobody_and_ends_a_command_that_does_not_listen(
    make: Callable[[str], tuple[SweepRunner, Heard]],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("inspector.gui.sweep.runner.CANCEL_PATIENCE_MS", 300)
    runner, _ = make("progress(0)\ntime.sleep(60)")
    with qtbot.waitSignal(runner.progressed, timeout=WAIT_MS):
        runner.start(WISH)
    (process,) = runner.findChildren(QProcess)
    with qtbot.waitSignal(process.finished, timeout=WAIT_MS):
        runner.close()
        assert not runner.is_running
        assert process.state() is QProcess.ProcessState.Running


def test_the_program_waits_at_its_end(
    make: Callable[[str], tuple[SweepRunner, Heard]], qtbot: QtBot, qapp: QApplication
) -> None:
    """A command that is told to stop as its window closes has written its last row by then."""
    runner, _ = make("progress(0)\nfor line in sys.stdin:\n    break\ntime.sleep(0.3)")
    with qtbot.waitSignal(runner.progressed, timeout=WAIT_MS):
        runner.start(WISH)
    (process,) = runner.findChildren(QProcess)
    runner.close()
    (farewell,) = qapp.findChildren(Farewell)
    farewell.wait()
    assert process.state() is QProcess.ProcessState.NotRunning
    assert process.exitCode() == 0
