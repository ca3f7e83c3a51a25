"""Kills a sweep at random moments, resumes it, and holds it against an undisturbed one.

``python tests/bench/sweep_kills.py [--kills 20]`` runs the real program with the starter pair and
sends it SIGKILL. Every picture must have exactly one row, and every row must be the undisturbed
run's to the last bit.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from inspector.core.errors import InspectorError
from inspector.sweep.query import RunTable
from inspector.sweep.run_file import RunFile
from tests.bench.gallery import list_of_many
from tests.support import pictures

if TYPE_CHECKING:
    from inspector.sweep.rows import SweepRow

POLL_SECONDS = 0.005
LARGEST_DELAY = 0.08
PATIENCE_SECONDS = 300.0


@dataclass(frozen=True)
class Kill:
    """What a kill left behind: rows before and after it was started again, and the exit code."""

    before: int
    after: int
    code: int


def make_gallery(folder: Path, count: int) -> Path:
    """Write some pictures and a list that names them again and again."""
    paths = [
        pictures.write(
            folder, f"{seed}.jpg", pictures.encode(pictures.image(150, 110, seed=seed), "JPEG")
        )
        for seed in range(12)
    ]
    paths.append(pictures.write(folder, "cut.jpg", pictures.cut(paths[0].read_bytes(), 0.5)))
    return list_of_many(folder, paths, count)


def start(run: Path, *arguments: str | Path) -> subprocess.Popen[bytes]:
    """Start the program on a run file."""
    command = [sys.executable, "-m", "inspector", "sweep", *map(str, arguments)]
    return subprocess.Popen(
        [*command, "--run", str(run)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def finish(run: Path, *arguments: str | Path) -> None:
    """Run the program to its end."""
    code = start(run, *arguments).wait(PATIENCE_SECONDS)
    if code != 0:
        raise AssertionError(f"the sweep ended with {code}")


def rows_done(run: Path) -> int:
    """Give the number of rows, 0 where there is no run yet."""
    with contextlib.suppress(InspectorError), RunFile.open(run) as file:
        return file.progress().done
    return 0


def rows_of(run: Path) -> list[SweepRow]:
    """Give every row of a run."""
    with RunFile.open(run) as file:
        return list(RunTable(file).every())


def kill_at(run: Path, target: int, chance: random.Random, *arguments: str | Path) -> Kill:
    """Start or resume a run and kill it a moment after it has `target` rows."""
    before = rows_done(run)
    process = start(run, *arguments)
    end = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and rows_done(run) < target and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
    time.sleep(chance.uniform(0.0, LARGEST_DELAY))
    process.send_signal(signal.SIGKILL)
    return Kill(before, rows_done(run), process.wait(PATIENCE_SECONDS))


def killed_run(folder: Path, kills: int, count: int, seed: int) -> list[Kill]:
    """Kill and resume a run, then compare it with an undisturbed one.

    Raises
    ------
    AssertionError
        Where a picture has no row or two, or a row is another one.
    """
    chance = random.Random(seed)
    listed = make_gallery(folder, count)
    whole, run = folder / "whole.sqlite", folder / "killed.sqlite"
    finish(whole, listed, "--pair", "starter")
    done = []
    for number in range(kills):
        target = chance.randint(1 + number * count // kills, (number + 1) * count // kills - 1)
        begun = ("--resume",) if run.exists() else (listed, "--pair", "starter")
        done.append(kill_at(run, min(target, count * 9 // 10), chance, *begun))
    finish(run, "--resume")
    rows, expected = rows_of(run), rows_of(whole)
    assert [row.item.number for row in rows] == list(range(count))
    assert rows == expected
    return done


def main() -> None:
    """Kill, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kills = killed_run(Path(folder), options.kills, options.count, options.seed)
    for number, kill in enumerate(kills, start=1):
        print(f"kill {number:2d}: {kill.before:5d} → {kill.after:5d} rows, exit {kill.code}")
    at_work = sum(kill.code == -signal.SIGKILL for kill in kills)
    print(
        f"seed {options.seed}: {at_work} of {len(kills)} killed at work; {options.count} pictures, "
        "each exactly once, every row equal to the undisturbed run's to the last bit"
    )


if __name__ == "__main__":
    main()
