"""The standard streams: a reader that leaves, a full disk, closed descriptors, Ctrl+C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from inspector.cli.console import quiet_console
from inspector.cli.progress import ConsoleWatcher
from tests.support.program import (
    GOLF_BALL,
    ROOT,
    Outcome,
    environment,
    finish,
    program,
    run_command,
    run_program,
    started,
)
from tests.sweep.made_up import make_run

pytestmark = pytest.mark.skipif(os.name != "posix", reason="uses a POSIX shell and signals")


def without_reader(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the program with a standard output that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.run(
            program(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=subprocess.PIPE,
            env=environment(),
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    finally:
        os.close(writer)


@pytest.mark.parametrize("arguments", ["releases list --json", "--help", "doctor"])
def test_a_reader_that_leaves_is_no_error(arguments: str) -> None:
    outcome = without_reader(*arguments.split())
    assert outcome.returncode == 0
    assert outcome.stderr == ""


def test_a_broken_gate_breaks_also_where_the_reader_has_gone(tmp_path: Path) -> None:
    """``sweep … --json | head`` in a job that gates on the exit code."""
    run = make_run(tmp_path / "run.sqlite", 50)
    outcome = without_reader(
        "sweep", "--run", run, "--report-only", "--fail-on-difference", "--json"
    )
    assert outcome.returncode == 1
    assert "BROKEN" in outcome.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_is_told() -> None:
    outcome = _shell("releases list > /dev/full")
    assert outcome.code == 3
    assert outcome.err.startswith("Error: The result could not be written to standard output: No")
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("closing", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_closed_descriptors_are_no_error(closing: str) -> None:
    outcome = _shell(f"releases list {closing}")
    assert outcome.code == 0
    assert outcome.err == ""
    assert ("starter" in outcome.out) is (">&-" not in closing.replace("2>&-", ""))


def test_ctrl_c_ends_it_soon_and_quietly() -> None:
    with started(program("compare", GOLF_BALL)) as process:
        assert process.stderr is not None
        while "…" not in process.stderr.readline():  # TensorFlow is being imported now
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        begun = time.monotonic()
        outcome = finish(process)
        taken = time.monotonic() - begun
    # Where it hits the middle of an exec, Python itself ends by the signal: 130 to a shell too.
    assert outcome.code in {130, -signal.SIGINT}
    assert outcome.out == ""
    assert outcome.err.splitlines()[-1] == "Interrupted."
    assert "Traceback" not in outcome.err
    assert taken < 10, "it went on to its end"


SWALLOWED = """
import signal, sys, time
from inspector.cli import edge
edge.INTERRUPT_PATIENCE_SECONDS = 0.2

def work(console):
    try:
        signal.raise_signal(signal.SIGINT)
    except BaseException as error:
        {reaction}

sys.exit(edge.run_quietly(work, debug=False))
"""


ABORTING = """
import os, signal
try:
    signal.raise_signal(signal.SIGINT)
except BaseException:
    os.abort()
"""


def test_ctrl_c_raises_nothing_while_tensorflow_is_imported(tmp_path: Path) -> None:
    """Its native code aborts the process where an exception comes through."""
    (tmp_path / "tensorflow.py").write_text(ABORTING)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from inspector.cli import edge;"
        "sys.exit(edge.run_quietly(lambda console: bool(__import__('tensorflow')), debug=False))"
    )
    outcome = run_command([sys.executable, "-c", code])
    assert (outcome.code, outcome.out, outcome.err) == (130, "", "Interrupted.\n")


@pytest.mark.parametrize(
    "reaction", ["time.sleep(60)", "raise ImportError('odd') from error", "return 0"]
)
def test_ctrl_c_counts_also_where_a_library_swallows_it(reaction: str) -> None:
    outcome = run_command([sys.executable, "-c", SWALLOWED.format(reaction=reaction)])
    assert (outcome.code, outcome.out, outcome.err) == (130, "", "Interrupted.\n")


def test_chatter_of_libraries_stays_in_the_log(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with quiet_console() as console:
        os.write(1, b"C code on 1\n")
        os.write(2, b"C code on 2\n")
        sys.stdout.write("Python on stdout\n")
        sys.stderr.write("Python on stderr\n")
        console.result("the result")
        console.message("a message")
    assert capfd.readouterr() == ("the result\n", "a message\n")
    log = next(tmp_path.rglob("command.log")).read_text(encoding="utf-8")
    for line in ("C code on 1", "C code on 2", "Python on stdout", "Python on stderr"):
        assert line in log


def test_descriptors_are_put_back(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), quiet_console():
        raise ZeroDivisionError
    os.write(1, b"back on 1\n")
    os.write(2, b"back on 2\n")
    assert capfd.readouterr() == ("back on 1\n", "back on 2\n")


@pytest.mark.parametrize("name", ["ok.txt", "gr\u00fc\u00df.txt", "\udcff.txt"])
def test_writes_names_that_no_encoding_knows(capfd: pytest.CaptureFixture[str], name: str) -> None:
    with quiet_console() as console:
        console.json({"name": name})
    assert json.loads(capfd.readouterr().out) == {"name": name}


class _Recorder:
    """Stands in for the console."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.heard = threading.Event()

    def message(self, text: str) -> None:
        self.lines.append(text)
        self.heard.set()


def test_progress_tells_only_what_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.cli.progress.PATIENCE_SECONDS", 0.05)
    recorder = _Recorder()
    with ConsoleWatcher(recorder) as watcher:  # type: ignore[arg-type]
        watcher.stage("Short")
        watcher.stage("Long")
        assert recorder.heard.wait(10)
        watcher.stage("Last")
    assert recorder.lines == ["Long …"]


def _shell(line: str) -> Outcome:
    quoted = " ".join(f"'{word}'" for word in program())
    return run_command(["sh", "-c", f"{quoted} {line}"])


def test_python_m_inspector_and_main_py_are_the_same() -> None:
    a = run_program("releases", "list")
    b = run_command([sys.executable, str(ROOT / "main.py"), "releases", "list"])
    assert (a.code, a.out, a.err) == (b.code, b.out, b.err)
