"""Sweeps on a Dask cluster of two real worker processes on this machine."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("distributed")

import dask
import psutil

from inspector.core.errors import ClusterError
from inspector.engine.sweep.cluster import job as job_module
from inspector.engine.sweep.cluster import worker
from inspector.engine.sweep.cluster.job import make_job
from inspector.engine.sweep.cluster.run import sweep_on_cluster
from inspector.engine.sweep.cluster.scheduler import Cluster, open_cluster
from inspector.engine.sweep.control import Order, SweepWatcher
from inspector.engine.sweep.run import Ending
from inspector.sweep.query import RunTable
from inspector.sweep.run_file import RunFile
from tests.support import cluster_hooks, pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from inspector.engine.sweep.machine import Machine
    from inspector.sweep.rows import SweepProgress, SweepRow

    Begin = Callable[..., RunFile]

COUNT = 60
BAD = 7


@contextlib.contextmanager
def open_cluster_beside(other: socket.socket) -> Iterator[Cluster]:
    with contextlib.suppress(OSError):  # something else has it: as good
        other.bind(("127.0.0.1", 8787))
        other.listen()
    with open_cluster("local:2") as cluster:
        yield cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Start two workers; when they are let go, no process of theirs may be left.

    Dask's usual port is taken meanwhile, as it is where another scheduler runs.
    """
    with socket.socket() as other, open_cluster_beside(other) as cluster:
        cluster.client.wait_for_workers(2, timeout=60)
        yield cluster
        cluster.client.wait_for_workers(2, timeout=60)
        left = [psutil.Process(pid) for pid in pids(cluster)]
    gone, alive = psutil.wait_procs(left, timeout=20)
    assert len(gone) == 2
    assert not alive


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give sixty pictures; one of them is none."""
    folder = tmp_path_factory.mktemp("photos")
    found = []
    for number in range(COUNT):
        image = pictures.image(40 + 3 * number % 50, 30 + 7 * number % 40, seed=number)
        data = b"no picture" if number == BAD else pictures.encode(image, "PNG")
        found.append(pictures.write(folder, f"{number:03}.png", data))
    return found


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers give rows without any model."""
    monkeypatch.setattr(worker, "run_shard", cluster_hooks.make_up)


class Killer(SweepWatcher):
    """Kills the worker that waits for it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._note = cluster_hooks.victim_file(folder)
        self.killed: list[int] = []

    def progress(self, progress: SweepProgress) -> None:
        if not self.killed and self._note.exists():
            self.killed.append(int(self._note.read_text(encoding="ascii")))
            os.kill(self.killed[0], signal.SIGKILL)


class Ordering(SweepWatcher):
    """Gives an order once some pictures are done; goes on where it sees a pause."""

    def __init__(self, order: Order) -> None:
        super().__init__()
        self._wanted = order
        self.states: list[str] = []

    def progress(self, progress: SweepProgress) -> None:
        self.states.append(progress.state)
        if progress.state == "paused":
            self.give(Order.GO)
        elif progress.done and self.order is Order.GO and "paused" not in self.states:
            self.give(self._wanted)


def pids(cluster: Cluster) -> list[int]:
    return list(cluster.client.run(os.getpid).values())


def rows_of(path: Path) -> list[SweepRow]:
    with RunFile.open(path) as run:
        return list(RunTable(run).every())


def sweep_all(
    run: RunFile,
    machine: Machine,
    cluster: Cluster,
    watcher: SweepWatcher | None = None,
    send_pictures: bool = False,
) -> Ending:
    with run:
        watcher = watcher or SweepWatcher()
        return sweep_on_cluster(run, machine, watcher, cluster, send_pictures=send_pictures)


def test_a_run_whose_worker_is_killed_is_complete_and_the_same_to_the_bit(
    cluster: Cluster,
    photos: list[Path],
    begin: Begin,
    machine: Machine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with begin(photos, "alone.sqlite") as run:
        job = make_job(machine, run.info)
    alone = tmp_path / "alone.sqlite"
    assert cluster.client.submit(cluster_hooks.run_alone, job, alone).result(100) == COUNT
    monkeypatch.setattr(worker, "run_shard", cluster_hooks.run_but_wait_once)
    killer = Killer(photos[0].parent)
    assert sweep_all(begin(photos), machine, cluster, killer) is Ending.FINISHED
    assert len(killer.killed) == 1
    rows = rows_of(tmp_path / "run.sqlite")
    assert [row.item.number for row in rows] == list(range(COUNT))
    assert [row.item.number for row in rows if row.error] == [BAD]
    assert rows == rows_of(alone)
    cluster.client.wait_for_workers(2, timeout=60)
    assert killer.killed[0] not in pids(cluster)
    assert machine.shares.seconds()["left"] > 0


def test_a_picture_that_ends_its_workers_is_named_and_all_others_are_done(
    cluster: Cluster,
    photos: list[Path],
    begin: Begin,
    machine: Machine,
    tmp_path: Path,
    made_up: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # So it dies in its shard, in its batch and alone; with two workers, one has to come back.
    monkeypatch.setattr(cluster.client.cluster.scheduler, "allowed_failures", 0)
    assert sweep_all(begin(photos), machine, cluster) is Ending.FINISHED
    rows = rows_of(tmp_path / "run.sqlite")
    assert [row.item.number for row in rows] == list(range(COUNT))
    (bad,) = [row for row in rows if row.error]
    assert bad.item.path.endswith(cluster_hooks.POISON)
    assert cluster_hooks.POISON in bad.error
    assert "ended every worker" in bad.error


def test_workers_of_this_machine_are_never_given_up(cluster: Cluster) -> None:
    """Dask looks after a dead one so much later, and drops it where it is away at that moment."""
    assert cluster.client.cluster is not None
    patience = dask.config.get("distributed.deploy.lost-worker-timeout")
    assert dask.utils.parse_timedelta(patience) > 24 * 3600


@pytest.mark.parametrize("order", [Order.STOP, Order.PAUSE])
def test_orders_are_followed_and_a_stopped_run_goes_on(
    order: Order,
    cluster: Cluster,
    photos: list[Path],
    begin: Begin,
    machine: Machine,
    tmp_path: Path,
    made_up: None,
) -> None:
    harmless = [path for path in photos if path.name != cluster_hooks.POISON] * 20
    watcher = Ordering(order)
    ending = sweep_all(begin(harmless), machine, cluster, watcher)
    path = tmp_path / "run.sqlite"
    if order is Order.PAUSE:
        assert "paused" in watcher.states
        assert ending is Ending.FINISHED
    else:
        assert ending is Ending.CANCELLED
        with RunFile.open(path) as run:
            assert 0 < run.progress().done < len(harmless)
            info = run.info
        again = sweep_all(RunFile.resume(path, info), machine, cluster)
        assert again is Ending.FINISHED
    assert len(rows_of(path)) == len(harmless)


def test_pictures_travel_with_the_shards_where_that_is_asked_for(
    cluster: Cluster,
    photos: list[Path],
    begin: Begin,
    machine: Machine,
    tmp_path: Path,
    made_up: None,
) -> None:
    paths = [*photos[:10], tmp_path / "gone.png"]
    assert sweep_all(begin(paths), machine, cluster, send_pictures=True) is Ending.FINISHED
    rows = rows_of(tmp_path / "run.sqlite")
    assert [row.bytes for row in rows[:10]] == [path.stat().st_size for path in photos[:10]]
    assert all(row.sha256 for row in rows[:10])
    assert "gone.png" in rows[10].error


def assert_stops(
    run: RunFile, machine: Machine, cluster: Cluster, message: str, path: Path
) -> None:
    with pytest.raises(ClusterError, match=message):
        sweep_all(run, machine, cluster)
    with RunFile.open(path) as stopped:
        assert stopped.progress().state == "stopped"


def test_a_worker_with_other_versions_is_named(
    cluster: Cluster,
    photos: list[Path],
    begin: Begin,
    machine: Machine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = {**job_module.library_versions(), "numpy": "1.0"}
    monkeypatch.setattr(job_module, "library_versions", lambda: other)
    run = begin(photos)
    assert_stops(run, machine, cluster, r"Worker .*127\.0\.0\.1.* 1\.0 in the run", run.path)


def test_a_worker_with_another_release_is_named(
    cluster: Cluster, photos: list[Path], begin: Begin, machine: Machine
) -> None:
    run = begin(photos)
    run.info = replace(run.info, release_hashes={**run.info.release_hashes, "right": "0" * 64})
    assert_stops(run, machine, cluster, "Worker .* another content .* 0000000000000000", run.path)


def test_a_worker_that_sees_other_files_stops_the_run(
    cluster: Cluster,
    photos: list[Path],
    begin: Begin,
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "run_shard", cluster_hooks.read_nothing)
    run = begin(photos)
    assert_stops(run, machine, cluster, r"blind cannot read .*\d\.png", run.path)
