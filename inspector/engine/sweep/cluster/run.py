"""A whole run on a cluster: from what is pending in the run file to its last row."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from inspector.core.errors import ClusterError, DiskFullError, PictureError
from inspector.engine.sweep.batching import batches
from inspector.engine.sweep.cluster.dispatch import Dispatch, Flight
from inspector.engine.sweep.cluster.job import make_job
from inspector.engine.sweep.cluster.sharding import InOrder, Sizer, loaded_shards, shards
from inspector.engine.sweep.control import Order
from inspector.engine.sweep.run import (
    BEAT_SECONDS,
    Ending,
    RowWriter,
    mark_stopped,
    wait_while_paused,
)
from inspector.sweep.item_bytes import ItemReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from inspector.engine.sweep.cluster.dispatch import Landed
    from inspector.engine.sweep.cluster.job import ShardDone
    from inspector.engine.sweep.cluster.scheduler import Cluster
    from inspector.engine.sweep.control import SweepWatcher
    from inspector.engine.sweep.machine import Machine
    from inspector.sweep.rows import SweepRow
    from inspector.sweep.run_file import RunFile

ASK_SECONDS = 0.2
"""How often orders are looked at."""

SHARDS_PER_THREAD = 2
"""Shards under way for each thread of a worker: one at work, one that waits."""

LEAST_UNDER_WAY = 4

MOST_SENT = 64
"""Shards under way that carry their pictures: half a gigabyte in the scheduler's memory."""

MOST_WAITING = 256
"""Finished shards that may wait for those before them."""

MOST_SECONDS_WAITING = 10.0
"""How long; what waits is not in the run file yet, and lost with this process."""


def sweep_on_cluster(
    run: RunFile,
    machine: Machine,
    watcher: SweepWatcher,
    cluster: Cluster,
    disk_patience: float | None = 0.0,
    send_pictures: bool = False,
) -> Ending:
    """Do what is pending on a cluster's workers, and write the shards in order.

    Workers may come, go, die and come back. Batches are those of a run on this machine alone, and
    so are the numbers, bit for bit where the processors are alike, else within the noise floor.

    Parameters
    ----------
    run
        The run file, open for writing.
    machine
        The pair as this machine opened it: settings, batch size, noise floor. Its models are not
        run; its shares are told where the workers' time goes.
    watcher
        Gives orders and is told of every shard.
    cluster
        Where the workers are.
    disk_patience
        How many seconds to wait for room on a full disk; None for as long as it takes.
    send_pictures
        Whether the pictures travel with the shards, for workers that don't see the same files.

    Returns
    -------
    Ending
        Whether all was done, or the watcher gave the order to stop.

    Raises
    ------
    ClusterError
        Where the scheduler is gone, a worker is not like this machine, or none can be relied on.
    DiskFullError
        Where the disk stayed full.
    InspectorError
        Where a model cannot be opened or fails. What was finished is kept in every case.
    """
    with ItemReader() as reader:
        writer = RowWriter(run, machine, watcher, disk_patience)
        work = _ClusterSweep(run, machine, watcher, cluster, writer, reader, send_pictures)
        try:
            ending = work.do()
        except DiskFullError:
            work.cancel()
            raise
        except BaseException as error:
            work.cancel()
            work.write_rest()
            mark_stopped(run, error)
            raise
    run.set_state(ending)
    watcher.progress(run.progress())
    return ending


class _ClusterSweep:
    """One run: what is sent, what comes back, and what the watcher wants."""

    def __init__(
        self,
        run: RunFile,
        machine: Machine,
        watcher: SweepWatcher,
        cluster: Cluster,
        writer: RowWriter,
        reader: ItemReader,
        send_pictures: bool,
    ) -> None:
        self._run = run
        self._watcher = watcher
        self._cluster = cluster
        self._writer = writer
        self._reader = reader
        self._sends = send_pictures
        self._shares = machine.shares
        self._dispatch = Dispatch(cluster, make_job(machine, run.info))
        self._sizer = Sizer(machine.batch)
        self._in_order = InOrder(MOST_WAITING, MOST_SECONDS_WAITING)
        pending = batches(run, machine.batch)
        made = loaded_shards(pending, self._sizer, reader) if send_pictures else None
        self._coming = enumerate(made or shards(pending, self._sizer))
        self._more = True
        self._has_landed = False
        self._room = LEAST_UNDER_WAY
        self._next_beat = 0.0

    def do(self) -> Ending:
        """Do everything, or all until the order to stop."""
        self._run.set_state("running")
        while True:
            order = self._watcher.order
            if order is Order.STOP:
                self._take_landed(0.0)
                self.cancel()
                self.write_rest()
                return Ending.CANCELLED
            self._beat()
            if order is Order.GO:
                self._fill()
            if self._dispatch.count:
                self._take_landed(ASK_SECONDS)
            elif order is Order.GO:
                self.write_rest()
                return Ending.FINISHED
            else:
                self._pause()

    def cancel(self) -> None:
        """Want nothing more of the workers."""
        self._dispatch.cancel()

    def write_rest(self) -> None:
        """Write the rows that waited for others before them."""
        self._write(self._in_order.rest())

    def _fill(self) -> None:
        """Send shards as long as the workers have room; the suspects at the very end."""
        while self._more and self._dispatch.count < self._room:
            number, shard = next(self._coming, (-1, None))
            self._more = shard is not None
            if shard is not None:
                self._in_order.expect(number)
                self._dispatch.send(Flight(shard, number))
        if not self._more and not self._dispatch.count and self._dispatch.has_suspects:
            self._dispatch.send_suspect()

    def _take_landed(self, seconds: float) -> None:
        for landed in self._dispatch.landed(seconds):
            self._take(landed)

    def _take(self, landed: Landed) -> None:
        flight, done = landed.flight, landed.done
        if done is not None and flight.accused is None:
            unread = self._unread(done)
            if unread is not None:
                self._dispatch.again(flight, unread)
                return
            self._has_landed = True
            self._sizer.learn(len(done.rows), done.seconds)
            self._shares.add(done.shares)
        if flight.number is None:
            self._write([landed.rows])
        else:
            self._write(self._in_order.take(flight.number, landed.rows))

    def _unread(self, done: ShardDone) -> ClusterError | None:
        """Give an error where a worker could not read a picture that this machine can read."""
        row = next((row for row in done.rows if row.error and row.bytes is None), None)
        if row is None or self._sends:
            return None
        try:
            self._reader.read(row.item.path)
        except PictureError:
            return None
        return ClusterError(
            f"Worker {done.worker} cannot read {row.item.path}, which can be read here.",
            "Let every worker see the same folders, or use --send-pictures.",
        )

    def _write(self, ready: Iterable[Sequence[SweepRow]]) -> None:
        for rows in ready:
            if rows:
                self._writer.write(rows)

    def _pause(self) -> None:
        self.write_rest()
        if wait_while_paused(self._run, self._watcher):
            self._run.set_state("running")

    def _beat(self) -> None:
        """Now and then look how many workers there are, and say so."""
        now = time.monotonic()
        if now < self._next_beat:
            return
        self._next_beat = now + BEAT_SECONDS
        self._write(self._in_order.overdue(now))
        threads = self._cluster.threads()
        room = max(LEAST_UNDER_WAY, SHARDS_PER_THREAD * sum(threads.values()))
        self._room = min(room, MOST_SENT) if self._sends else room
        self._run.heartbeat(self._text(len(threads)))
        self._watcher.progress(self._run.progress())

    def _text(self, workers: int) -> str:
        if workers == 0:
            return f"Waiting for workers at {self._cluster.address}."
        named = "1 worker" if workers == 1 else f"{workers} workers"
        return f"{named}." if self._has_landed else f"{named}, opening the models."
