"""A writer that is killed at any moment loses no finished row, and nothing is done twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from inspector.core.errors import RunBusyError
from inspector.sweep.query import RunTable
from inspector.sweep.run_file import RunFile
from tests.sweep.made_up import make_info, own_row

WRITER = Path(__file__).with_name("killed_writer.py")
COUNT = 6000
KILLS = 20


def start(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WRITER), str(path)], stdout=subprocess.PIPE, text=True
    )


def run_and_kill(path: Path, seconds: float) -> int:
    """Let a writer work for some time, kill it, and give the last number that it said it kept."""
    with start(path) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline().strip()
        last = COUNT - 1 if first == "all" else int(first)
        killer = threading.Timer(seconds, writer.send_signal, [signal.SIGKILL])
        killer.start()
        for line in writer.stdout:
            if line.strip() == "all":
                killer.cancel()
                break
            if line.endswith("\n"):
                last = int(line)
        killer.join()
    return last


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_at_any_moment_every_picture_is_there_once(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    rows = [own_row(number) for number in range(COUNT)]
    RunFile.create(path, make_info(), (row.item for row in rows)).close()
    chance = random.Random(7)
    for _ in range(KILLS):
        last = run_and_kill(path, chance.uniform(0.0, 0.03))
        with RunFile.open(path) as reader:
            assert reader.progress().done > last  # numbers are done in order, from 0
            done = reader.progress().done
            assert [row.item.number for row in RunTable(reader).every()] == list(range(done))
    with RunFile.resume(path, make_info()) as run:
        while items := run.pending(limit=500):
            run.add([rows[item.number] for item in items])
        assert run.progress().done == COUNT
        assert list(RunTable(run).every()) == rows


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_dead_writer_blocks_nobody_and_a_living_one_does(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    RunFile.create(path, make_info(), (row.item for row in map(own_row, range(COUNT)))).close()
    with start(path) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        writer.send_signal(signal.SIGSTOP)
        with pytest.raises(RunBusyError, match=f"process {writer.pid} "):
            RunFile.resume(path, make_info())
        with RunFile.open(path) as reader:
            assert reader.progress().state == "running"
            writer.send_signal(signal.SIGKILL)
            writer.wait()
            assert reader.progress().state == "stopped"
    RunFile.resume(path, make_info()).close()
