"""Sweeps, timed, and their floor.

``python tests/bench/sweep_probe.py PAIR IMAGE …`` reads numbers of pictures, one a line, and
answers each with one line of JSON; a first line says that it is ready.
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from inspector.core.catalogue import choose_pair
from inspector.core.pairs import Side
from inspector.engine.checks import input_size, probe
from inspector.engine.engine import Engine
from inspector.engine.sweep.control import SweepWatcher
from inspector.engine.sweep.info import make_info
from inspector.engine.sweep.machine import Machine, make_machine
from inspector.engine.sweep.run import sweep
from inspector.engine.sweep.threads import available_cores, set_for_throughput
from inspector.session import Session
from inspector.sweep.rows import SweepItem
from inspector.sweep.run_file import RunFile

if TYPE_CHECKING:
    from collections.abc import Sequence


def load(pair_name: str) -> Machine:
    """Load a pair for a sweep, each side with its own preprocessing."""
    set_for_throughput(available_cores())
    pair = choose_pair(pair_name)
    session = Session(pair)
    left, right = session.settings(Side.LEFT), session.settings(Side.RIGHT)
    return make_machine(Engine().load(pair), left, right, SweepWatcher())


def run(
    machine: Machine, paths: Sequence[str], count: int, watcher: SweepWatcher | None = None
) -> tuple[float, float]:
    """Sweep into a run file that is thrown away; give wall and processor seconds."""
    info = make_info(machine.pair, machine.left, machine.right, "", "", machine.options())
    items = (
        SweepItem(number, path)
        for number, path in enumerate(itertools.islice(itertools.cycle(paths), count))
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        RunFile.create(Path(folder) / "run.sqlite", info, items) as file,
    ):
        wall, cpu = time.perf_counter(), time.process_time()
        sweep(file, machine, watcher or SweepWatcher())
        return time.perf_counter() - wall, time.process_time() - cpu


def floor_rate(machine: Machine, seconds: float = 3.0) -> float:
    """Give the pictures a second of both models alone, on batches that are ready."""
    inputs = []
    for model, runner in (
        (machine.pair.left, machine.left_runner),
        (machine.pair.right, machine.right_runner),
    ):
        pictures = probe(input_size(model))
        batch = np.resize(pictures, (machine.batch, *pictures.shape[1:]))
        inputs.append((runner.run, model.spec.range.from_unit(batch)))

    def lane(end: float) -> int:
        done = 0
        while time.perf_counter() < end:
            for call, batch in inputs:
                call(batch)
            done += machine.batch
        return done

    begun = time.perf_counter()
    with ThreadPoolExecutor(machine.lanes) as lanes:
        counts = list(lanes.map(lane, [begun + seconds] * machine.lanes))
    return sum(counts) / (time.perf_counter() - begun)


def main(pair_name: str, paths: list[str]) -> None:
    """Load once, then measure whenever a number of pictures comes on standard input."""
    machine = load(pair_name)
    run(machine, paths, 4 * machine.batch)
    print("{}", flush=True)
    for line in sys.stdin:
        print(json.dumps(measure(machine, paths, int(line))), flush=True)


def measure(machine: Machine, paths: list[str], count: int) -> dict[str, Any]:
    """Give the figures of one sweep, and of the floor right after it."""
    before = machine.shares.seconds()
    wall, cpu = run(machine, paths, count)
    shares = {stage: spent - before[stage] for stage, spent in machine.shares.seconds().items()}
    return {
        "rate": count / wall,
        "wall_ms": 1e3 * wall / count,
        "cpu_ms": 1e3 * cpu / count,
        "count": count,
        "shares": shares,
        "floor_rate": floor_rate(machine),
        "options": machine.options(),
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
