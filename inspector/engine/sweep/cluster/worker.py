"""What a worker does with a shard; it keeps one engine for its process.

The scheduler reads this module too, so it imports neither TensorFlow nor Dask by itself.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from inspector.core.catalogue import is_here, shipped_pairs
from inspector.core.errors import ClusterError, EngineError, InspectorError, first_line
from inspector.core.pairs import find_pair
from inspector.core.trust import trust_for_this_run
from inspector.core.versions import library_versions
from inspector.engine.sweep.cluster.job import ShardDone
from inspector.engine.sweep.shares import Shares
from inspector.sweep.item_bytes import ItemReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inspector.core.errors import PictureError
    from inspector.core.pairs import PairSpec
    from inspector.engine.sweep.cluster.job import Job, Shard
    from inspector.engine.sweep.machine import Machine

_turn = threading.Lock()
_kept: list[tuple[Job, Machine]] = []
"""The engine of this process, at most one; it outlasts shards, runs and clients."""


class SentReader(ItemReader):
    """Gives pictures that came along with a shard."""

    def __init__(self, sent: Mapping[str, bytes | PictureError]) -> None:
        super().__init__()
        self._sent = sent

    def read(self, path: str) -> bytes:
        """Give the bytes of a picture; raises PictureError where its sender could not read it."""
        found = self._sent[path]
        if isinstance(found, bytes):
            return found
        raise found


def run_shard(job: Job, shard: Shard) -> ShardDone:
    """Run a shard's pictures through both models, on one thread of Dask's.

    Raises
    ------
    ClusterError
        Where this worker has other versions or releases than the run.
    InspectorError
        Where the models cannot be opened or fail; the message names the worker.
    """
    from distributed import get_worker

    worker = get_worker()
    name = worker.address if worker.name in (None, worker.address) else f"{worker.name}"
    named = f"{name} ({worker.address})" if name != worker.address else name
    try:
        machine = _machine(job, worker.state.nthreads)
        return replace(_run(machine, shard), worker=named)
    except InspectorError as error:
        raise type(error)(f"Worker {named}: {error.message}", error.mend) from error
    except _failures() as error:
        raise EngineError(
            f"Worker {named}: the models failed: {first_line(error)}", "See that worker's log."
        ) from error


def _failures() -> tuple[type[Exception], ...]:
    """Give what models raise; asked only when something was raised."""
    import tensorflow as tf

    return (tf.errors.OpError, RuntimeError, ValueError, TypeError, MemoryError, OSError)


def _run(machine: Machine, shard: Shard) -> ShardDone:
    """Run on one lane: as many shards run at once in this process as Dask has threads in it."""
    machine = replace(machine, shares=Shares())
    reader = ItemReader() if shard.sent is None else SentReader(shard.sent)
    begun = time.perf_counter()
    with reader, machine.pipeline(reader) as pipeline:
        rows = [row for batch in pipeline.run(shard.batches, _always, _never) for row in batch]
    return ShardDone(tuple(rows), time.perf_counter() - begun, machine.shares.seconds())


def _always() -> bool:
    return True


def _never() -> bool:
    return False


def _machine(job: Job, threads: int) -> Machine:
    """Give this process's engine, opened for another job where need be."""
    with _turn:
        if not _kept or _kept[0][0] != job:
            _kept.clear()
            _kept.append((job, _open(job, threads)))
        return _kept[0][1]


def _open(job: Job, threads: int) -> Machine:
    _require_versions(job)
    pair = _pair(job)
    if is_here(pair):
        _require_releases(job, pair)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from inspector.engine.engine import Engine
    from inspector.engine.memory import give_memory_back
    from inspector.engine.sweep.control import SweepWatcher
    from inspector.engine.sweep.machine import make_machine
    from inspector.engine.sweep.threads import set_for_throughput

    give_memory_back()
    for sha256 in job.trusted:
        trust_for_this_run(sha256)
    set_for_throughput(threads)
    loaded = Engine().load(pair)
    _require_releases(job, pair)
    check = replace(loaded.check, noise_floor=job.noise_floor, audit=None)
    loaded = replace(loaded, check=check)
    machine = make_machine(loaded, job.left, job.right, SweepWatcher(), job.batch, workers=1)
    return replace(machine, lanes=1)


def _pair(job: Job) -> PairSpec:
    """Give the pair with the paths that it has on this worker."""
    if not job.shipped:
        return job.pair
    return replace(find_pair(shipped_pairs(), job.pair.id), labels=job.pair.labels)


def _require_versions(job: Job) -> None:
    own = library_versions()
    unequal = [
        f"{name} {own.get(name, 'missing')} here, {wanted} in the run"
        for name, wanted in job.versions.items()
        if own.get(name) != wanted
    ]
    if unequal:
        raise ClusterError(
            f"It has other versions than the run: {'; '.join(unequal)}.",
            "Install the same versions on every worker, then go on with --resume.",
        )


def _require_releases(job: Job, pair: PairSpec) -> None:
    from inspector.engine.sweep.info import release_hash

    for release, wanted in zip((pair.left, pair.right), job.hashes, strict=True):
        found = release_hash(release)
        if found != wanted:
            raise ClusterError(
                f"{release.name} has another content than in the run: SHA-256 "
                f"{found[:16] or 'of no file'} here, {wanted[:16] or 'of no file'} in the run.",
                "Put the same release on every worker, then go on with --resume.",
            )
