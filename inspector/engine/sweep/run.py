"""A whole run: from what is pending in the run file to its last row."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from inspector.core.errors import DiskFullError, InspectorError
from inspector.engine.sweep.batching import batches
from inspector.engine.sweep.control import Order
from inspector.sweep.item_bytes import ItemReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.engine.sweep.control import SweepWatcher
    from inspector.engine.sweep.machine import Machine
    from inspector.sweep.rows import SweepRow
    from inspector.sweep.run_file import RunFile

RETRY_SECONDS = 3.0
"""How often a full disk is tried again."""

BEAT_SECONDS = 1.0
"""How often a paused run says that it is alive."""


class Ending(StrEnum):
    """How a run ended; the state that its file says."""

    FINISHED = "finished"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class _Orders:
    """The watcher's orders as the pipeline asks for them."""

    watcher: SweepWatcher

    def goes_on(self) -> bool:
        return self.watcher.order is Order.GO

    def stops(self) -> bool:
        return self.watcher.order is Order.STOP


def sweep(
    run: RunFile,
    machine: Machine,
    watcher: SweepWatcher,
    disk_patience: float | None = 0.0,
) -> Ending:
    """Do what is pending, and write every batch as soon as it is done.

    Parameters
    ----------
    run
        The run file, open for writing.
    machine
        Both models.
    watcher
        Gives orders and is told of every batch.
    disk_patience
        How many seconds to wait for room on a full disk; None for as long as it takes.

    Returns
    -------
    Ending
        Whether all was done, or the watcher gave the order to stop. Both leave a file that can be
        read and resumed.

    Raises
    ------
    DiskFullError
        Where the disk stayed full; every batch that was written is kept.
    InspectorError
        Where a model fails. The run file then says ``stopped``.
    """
    try:
        ending = _sweep(run, machine, watcher, RowWriter(run, machine, watcher, disk_patience))
    except DiskFullError:
        raise
    except BaseException as error:
        mark_stopped(run, error)
        raise
    run.set_state(ending)
    watcher.progress(run.progress())
    return ending


def mark_stopped(run: RunFile, error: BaseException) -> None:
    """Let a run file say why the run ended, as far as it can still be written.

    Without a living writer it reads as stopped in any case; the error itself is what must be told.
    """
    with contextlib.suppress(InspectorError):
        run.set_state("stopped", str(error)[:300])


def _sweep(run: RunFile, machine: Machine, watcher: SweepWatcher, writer: RowWriter) -> Ending:
    orders = _Orders(watcher)
    with ItemReader() as reader:
        while True:
            run.set_state("running")
            watcher.progress(run.progress())
            with machine.pipeline(reader) as pipeline:
                work = batches(run, machine.batch)
                for rows in pipeline.run(work, orders.goes_on, orders.stops):
                    writer.write(rows)
            if not run.pending(limit=1):
                return Ending.FINISHED
            if not wait_while_paused(run, watcher):
                return Ending.CANCELLED


def wait_while_paused(run: RunFile, watcher: SweepWatcher) -> bool:
    """Wait for the order to go on; tell whether it came, and not the one to stop."""
    if watcher.order is Order.PAUSE:
        run.set_state("paused")
    while watcher.order is Order.PAUSE:
        run.heartbeat()
        watcher.progress(run.progress())
        watcher.wait(BEAT_SECONDS)
    return watcher.order is Order.GO


class RowWriter:
    """Writes batches; pauses where the disk is full.

    Parameters
    ----------
    run
        The run file, open for writing.
    machine
        Its shares are told how long writing takes.
    watcher
        Is told of every batch, and may stop the waiting for room.
    patience
        How many seconds to wait for room on a full disk; None for as long as it takes.
    """

    def __init__(
        self, run: RunFile, machine: Machine, watcher: SweepWatcher, patience: float | None
    ) -> None:
        self._run = run
        self._shares = machine.shares
        self._watcher = watcher
        self._patience = patience

    def write(self, rows: Sequence[SweepRow]) -> None:
        """Write one batch and tell how far the run is."""
        begun: float | None = None
        while not self._try(rows, begun):
            begun = begun or time.monotonic()
            self._watcher.wait(RETRY_SECONDS)
        self._watcher.progress(self._run.progress())

    def _try(self, rows: Sequence[SweepRow], begun: float | None) -> bool:
        """Write, or tell of the full disk; raise where it was waited for long enough."""
        try:
            with self._shares.of("write"):
                self._run.add(rows)
        except DiskFullError as error:
            waited = 0.0 if begun is None else time.monotonic() - begun
            spent = self._patience is not None and waited >= self._patience
            if spent or self._watcher.order is Order.STOP:
                raise
            paused = replace(self._run.progress(), state="paused", rate=None, seconds_left=None)
            self._watcher.progress(replace(paused, text=str(error)))
            return False
        return True
