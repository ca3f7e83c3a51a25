"""What workers of a test's cluster do in place of a shard; imported by name in their processes."""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import PictureError
from inspector.engine.sweep.cluster import worker
from inspector.engine.sweep.cluster.job import ShardDone
from inspector.engine.sweep.control import SweepWatcher
from inspector.engine.sweep.run import sweep
from inspector.sweep.rows import Measures, SideRow, SweepItem, SweepRow
from inspector.sweep.run_file import RunFile

if TYPE_CHECKING:
    from inspector.engine.sweep.cluster.job import Job, Shard

PATIENCE_SECONDS = 100.0
VICTIM = "017.png"
"""Before this picture a worker waits to be killed, once."""

POISON = "033.png"
"""This picture ends whoever looks at it."""

_run_shard = worker.run_shard


def victim_file(folder: Path) -> Path:
    """Give where the worker that waits to be killed writes its process id."""
    return folder / "victim.pid"


def run_but_wait_once(job: Job, shard: Shard) -> ShardDone:
    """Do the shard; the first who comes to `VICTIM` says who it is and waits to be killed."""
    for item in shard.items:
        path = Path(item.path)
        note = victim_file(path.parent)
        if path.name == VICTIM and not note.exists():
            half = note.with_suffix(".half")
            half.write_text(str(os.getpid()), encoding="ascii")
            half.rename(note)
            threading.Event().wait(PATIENCE_SECONDS)
            raise RuntimeError("nobody killed this worker")
    return _run_shard(job, shard)


def make_up(job: Job, shard: Shard) -> ShardDone:
    """Give rows without any model, slowly by its own word; `POISON` ends the process."""
    return ShardDone(tuple(_made_up(item, shard) for item in shard.items), 60.0, worker="made up")


def end_always(job: Job, shard: Shard) -> ShardDone:
    """End the process."""
    os._exit(3)


def read_nothing(job: Job, shard: Shard) -> ShardDone:
    """Give rows of a worker that sees other files."""
    rows = (SweepRow(item, error="There is no such file.") for item in shard.items)
    return ShardDone(tuple(rows), 0.01, worker="blind")


def run_alone(job: Job, run: Path) -> int:
    """Do a whole run as one machine does, in this process; give how many pictures are done."""
    machine = replace(worker._machine(job, 1), workers=2, lanes=2)
    with RunFile.resume(run, RunFile.open(run).info) as file:
        sweep(file, machine, SweepWatcher())
        return file.progress().done


def _made_up(item: SweepItem, shard: Shard) -> SweepRow:
    if Path(item.path).name == POISON:
        os._exit(3)
    if shard.sent is None:
        return SweepRow(item, bytes=os.path.getsize(item.path))
    data = shard.sent[item.path]
    if isinstance(data, PictureError):
        return SweepRow(item, error=data.message, mend=data.mend)
    return SweepRow(item, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))


def whole_row(item: SweepItem) -> SweepRow:
    """Give a row with everything in it, of the size of a real one: numbers of its own."""
    part = 1.0 / (item.number + 3)
    left, right = (
        SideRow((1, 2, 3, 4, 5), tuple(share * scale for share in (0.5, 0.2, 0.1, 0.05, 0.02)))
        for scale in (part, 1.0 - part)
    )
    numbers = [part / divisor for divisor in range(2, 8)]
    measures = Measures(True, 5, *numbers[:2], 1, *numbers[2:], 1, 1, False)
    sha256 = hashlib.sha256(item.path.encode()).hexdigest()
    return SweepRow(item, sha256, 123456, 500, 375, left, right, measures)


def give_whole_rows(job: Job, shard: Shard, seconds: float) -> ShardDone:
    """Give rows of full size at once: what is left is sending, gathering and writing.

    `seconds` is what it says it took, for shards of one batch or of the largest size.
    """
    rows = tuple(map(whole_row, shard.items))
    return ShardDone(rows, seconds, worker="made up")
