"""Shards under way: sent, landed, sent again, and cut where they end the workers that do them."""

from __future__ import annotations

import itertools
import queue
import uuid
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from inspector.core.errors import (
    ClusterError,
    EngineError,
    InputError,
    InspectorError,
    UsageError,
    first_line,
)
from inspector.engine.sweep.cluster import worker
from inspector.engine.sweep.cluster.job import Shard, ShardDone
from inspector.engine.sweep.cluster.sharding import cut
from inspector.sweep.rows import SweepRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.engine.sweep.cluster.job import Job
    from inspector.engine.sweep.cluster.scheduler import Cluster
    from inspector.sweep.rows import SweepItem

TRIES = 3
"""How often a shard is tried that fails without ending its worker."""

_FINAL = (ClusterError, InputError, UsageError)
"""Errors that another try would give again."""


@dataclass(frozen=True, slots=True)
class Flight:
    """A shard that is to be sent or was.

    Attributes
    ----------
    shard
        What is to be done.
    number
        Its place among the shards that are written in order; None for one that is run alone.
    failures
        How often it failed.
    accused
        With an empty shard, the picture that ended its workers while nothing else ran. If the
        models open without it, it is to blame.
    """

    shard: Shard
    number: int | None = None
    failures: int = 0
    accused: SweepItem | None = None


@dataclass(frozen=True, slots=True)
class Landed:
    """What came of a flight: its rows, none where they will come of its parts."""

    flight: Flight
    rows: tuple[SweepRow, ...]
    done: ShardDone | None = None


class Dispatch:
    """Keeps shards under way.

    A worker that dies takes all that it holds with it, and nobody is told what it died of. Dask
    gives the shards to others; one that was lost too often is suspected, and so are those that
    happened to be with it. Suspects wait until nothing else is under way, then run alone, batch
    by batch, so that innocent ones give the very rows that they would have given. A batch that
    dies alone is cut into pictures, and a picture that dies alone becomes a row with an error.

    Parameters
    ----------
    cluster
        Where to send them.
    job
        What workers shall do.
    """

    def __init__(self, cluster: Cluster, job: Job) -> None:
        self._cluster = cluster
        self._job = job
        self._keys = (f"twin-inspector-shard-{uuid.uuid4().hex}-{n}" for n in itertools.count())
        self._under_way: dict[str, tuple[Flight, Any]] = {}
        self._landed: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._suspects: deque[Flight] = deque()

    @property
    def count(self) -> int:
        """How many shards are under way."""
        return len(self._under_way)

    @property
    def has_suspects(self) -> bool:
        """Whether some shards wait to be run alone."""
        return bool(self._suspects)

    def send(self, flight: Flight) -> None:
        """Send a shard."""
        self._cluster.require_alive()
        key = next(self._keys)
        future = self._cluster.client.submit(
            worker.run_shard, self._job, flight.shard, key=key, pure=False
        )
        self._under_way[key] = (flight, future)
        future.add_done_callback(self._landed.put)

    def send_suspect(self) -> None:
        """Send the next suspect, while nothing else is under way."""
        self.send(self._suspects.popleft())

    def landed(self, seconds: float) -> Iterator[Landed]:
        """Yield what has landed, after waiting for the first at most some seconds.

        Raises
        ------
        ClusterError
            Where the scheduler is gone, or workers die whatever they do.
        InspectorError
            Where a shard fails for good.
        """
        try:
            future = self._landed.get(timeout=seconds)
        except queue.Empty:
            self._cluster.require_alive()
            return
        while future is not None:
            yield from self._settle(future)
            try:
                future = self._landed.get_nowait()
            except queue.Empty:
                future = None

    def cancel(self) -> None:
        """Want nothing more of what is under way."""
        futures = [future for _, future in self._under_way.values()]
        self._under_way.clear()
        self._suspects.clear()
        if self._cluster.client.status == "running":
            self._cluster.client.cancel(futures)

    def again(self, flight: Flight, error: BaseException) -> None:
        """Send a shard again that failed, unless it did so too often; then raise."""
        failed = replace(flight, failures=flight.failures + 1)
        if failed.failures < TRIES:
            self.send(failed)
        elif isinstance(error, InspectorError):
            raise error
        else:
            raise EngineError(
                f"A shard could not be run: {first_line(error)}",
                "Install the same twin-inspector[cluster] for the scheduler and every worker.",
            ) from error

    def _settle(self, future: Any) -> Iterator[Landed]:
        from distributed import KilledWorker

        flight, _ = self._under_way.pop(future.key, (None, None))
        if flight is None:
            return
        outcome = _outcome(future)
        future.release()
        if isinstance(outcome, ShardDone):
            accused = flight.accused
            rows = outcome.rows if accused is None else (_accusation(accused),)
            yield Landed(flight, rows, outcome)
        elif isinstance(outcome, KilledWorker):
            self._suspect(flight, outcome)
            yield Landed(flight, ())
        elif isinstance(outcome, _FINAL):
            raise outcome
        else:
            self.again(flight, outcome)

    def _suspect(self, flight: Flight, error: BaseException) -> None:
        """Put a shard that was lost with its workers among those to be run alone."""
        if flight.accused is not None:
            raise ClusterError(
                "Workers end while they open the models.",
                "See the log of a worker; each process needs about 1 GB of memory.",
            ) from error
        shard = flight.shard
        if flight.number is not None:
            parts = [shard] if len(shard.batches) == 1 else [*cut(shard)]
            self._suspects.extend(Flight(part) for part in parts)
        elif len(shard.items) > 1:
            self._suspects.extendleft(Flight(part) for part in reversed([*cut(shard)]))
        else:
            self._suspects.appendleft(Flight(Shard(()), accused=shard.items[0]))


def _outcome(future: Any) -> ShardDone | BaseException:
    """Give what a shard's worker gave back or raised, or why nobody knows."""
    from distributed import CancelledError, KilledWorker

    if future.status == "error":
        error: BaseException = future.exception()
        return error
    try:
        done: ShardDone = future.result()
    except (KilledWorker, CancelledError, InspectorError, OSError, TimeoutError) as error:
        return error
    return done


def _accusation(item: SweepItem) -> SweepRow:
    return SweepRow(
        item,
        error=f"{item.path} ended every worker that took it on.",
        mend="See the log of a worker; save the picture anew or leave it out.",
    )
