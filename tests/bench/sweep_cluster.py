"""Measures a sweep on a cluster of this machine against a sweep without one, and what it costs.

``python tests/bench/sweep_cluster.py`` prints

- pictures a second and processor time of two workers and of one machine alone, and their ratio:
  on one machine they share its cores, so that at best it is 1;
- what a shard costs beside its pictures, and how many rows a second this side can take in, with
  workers that answer at once;
- how many bytes a picture takes in the run file and on the wire.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import pickle
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from inspector.engine.sweep.cluster import sharding, worker
from inspector.engine.sweep.cluster.job import Shard, make_job
from inspector.engine.sweep.cluster.run import sweep_on_cluster
from inspector.engine.sweep.cluster.scheduler import open_cluster
from inspector.engine.sweep.control import SweepWatcher
from inspector.engine.sweep.info import make_info
from inspector.sweep.rows import SweepItem
from inspector.sweep.run_file import RunFile
from tests.bench.machine import machine_facts
from tests.bench.run import material
from tests.bench.sweep import photos
from tests.bench.sweep_probe import load, run
from tests.support.cluster_hooks import give_whole_rows, whole_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inspector.engine.sweep.cluster.scheduler import Cluster
    from inspector.engine.sweep.machine import Machine

PATH = "/pictures/n01440764/n01440764_{:08d}.JPEG"


@contextmanager
def begun(machine: Machine, paths: Sequence[str], count: int) -> Iterator[RunFile]:
    """Give a run over so many pictures that is thrown away."""
    info = make_info(machine.pair, machine.left, machine.right, "", "", machine.options())
    named = enumerate(itertools.islice(itertools.cycle(paths), count))
    with (
        tempfile.TemporaryDirectory() as folder,
        RunFile.create(
            Path(folder) / "run.sqlite", info, (SweepItem(number, path) for number, path in named)
        ) as file,
    ):
        yield file


def rate(machine: Machine, cluster: Cluster, paths: Sequence[str], count: int) -> float:
    """Give the pictures a second of a run on a cluster."""
    with begun(machine, paths, count) as file:
        start = time.perf_counter()
        sweep_on_cluster(file, machine, SweepWatcher(), cluster)
        return count / (time.perf_counter() - start)


def warm(machine: Machine, cluster: Cluster) -> None:
    """Let every worker open the models."""
    cluster.client.wait_for_workers(1)
    with begun(machine, ["-"], 1) as file:
        job = make_job(machine, file.info)
    futures = [
        cluster.client.submit(worker.run_shard, job, Shard(()), workers=[address], pure=False)
        for address in cluster.threads()
    ]
    cluster.client.gather(futures)


def processor_seconds(cluster: Cluster) -> float:
    """Give the processor time of all workers so far."""
    return sum(cluster.client.run(time.process_time).values())


def measure_rates(machine: Machine, paths: Sequence[str], count: int, rounds: int) -> None:
    """Take turns: one machine, two workers on it."""
    run(machine, paths, 4 * machine.batch)
    with open_cluster("local:2") as cluster:
        warm(machine, cluster)
        alone, shared, alone_cpu, shared_cpu = [], [], [], []
        for _ in range(rounds):
            wall, cpu = run(machine, paths, count)
            alone.append(count / wall)
            alone_cpu.append(1e3 * cpu / count)
            before = processor_seconds(cluster)
            shared.append(rate(machine, cluster, paths, count))
            shared_cpu.append(1e3 * (processor_seconds(cluster) - before) / count)
    ratios = [b / a for a, b in zip(alone, shared, strict=True)]
    for what, rates, spent in (
        ("one machine", alone, alone_cpu),
        ("two workers on it", shared, shared_cpu),
    ):
        print(
            f"{what:<20} {statistics.median(rates):8.1f} pictures/s "
            f"{statistics.median(spent):7.1f} ms of processor time a picture"
        )
    each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    print(f"  ratio              {statistics.median(ratios):8.2f}      each turn {each}")


def measure_overhead(machine: Machine, size: int, shards: int, seconds: float) -> None:
    """Send shards of a size to workers that answer at once and say that they took so long."""
    before = worker.run_shard
    worker.run_shard = functools.partial(give_whole_rows, seconds=seconds)
    try:
        with open_cluster("local:2") as cluster:
            cluster.client.wait_for_workers(2)
            rows = rate(machine, cluster, [PATH.format(7)], shards * size)
    finally:
        worker.run_shard = before
    print(f"shards of {size:4d}: {1e3 * size / rows:7.1f} ms each, {rows:7.0f} rows/s taken in")


def measure_bytes(machine: Machine, count: int) -> None:
    """Count bytes of a picture with a path of usual length."""
    items = [SweepItem(number, PATH.format(number)) for number in range(count)]
    rows = [whole_row(item) for item in items]
    info = make_info(machine.pair, machine.left, machine.right, "", "", machine.options())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.sqlite"
        with RunFile.create(path, info, items) as file:
            listed = path.stat().st_size
            start = time.perf_counter()
            for first in range(0, count, 1024):
                file.add(rows[first : first + 1024])
            seconds = time.perf_counter() - start
        whole = path.stat().st_size
    print(
        f"run file, {count} rows: {whole / count:.0f} bytes a picture, {listed / count:.0f} of "
        f"them for the list; {count / seconds:.0f} rows/s written"
    )
    part = 1024
    print(
        f"on the wire: {len(pickle.dumps(items[:part])) / part:.0f} bytes a picture there, "
        f"{len(pickle.dumps(rows[:part])) / part:.0f} back"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="turns of each (default 3)")
    parser.add_argument("--count", type=int, default=1024, help="pictures of a sweep")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of a run file")
    options = parser.parse_args()
    things = material()
    paths = photos(things)
    print(f"{machine_facts()}\npair {things.pair}, {len(paths)} photos repeated\n")
    machine = load(things.pair)
    measure_bytes(machine, options.rows)
    measure_overhead(machine, machine.batch, 400, 60.0)
    measure_overhead(machine, sharding.MOST_PICTURES, 12, 0.0)
    measure_rates(machine, paths, options.count, options.rounds)


if __name__ == "__main__":
    main()
