from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("distributed")

from distributed import KilledWorker

from inspector.core.errors import ClusterError, EngineError, ReleaseError, ReleaseMissingError
from inspector.engine.sweep.cluster.dispatch import TRIES, Dispatch, Flight
from inspector.engine.sweep.cluster.job import Shard, ShardDone
from inspector.engine.sweep.cluster.scheduler import Cluster
from inspector.sweep.rows import SweepItem, SweepRow

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = Callable[[Shard], ShardDone | BaseException]

BATCHES = tuple(tuple(SweepItem(n, f"{n}.png") for n in range(s, s + 2)) for s in (0, 2, 4))
POISON = 3


class FakeFuture:
    """A shard that has landed before anybody asks."""

    def __init__(self, key: str, outcome: ShardDone | BaseException) -> None:
        self.key = key
        self._outcome = outcome
        self.status = "error" if isinstance(outcome, BaseException) else "finished"
        self.released = False

    def result(self) -> ShardDone:
        assert isinstance(self._outcome, ShardDone)
        return self._outcome

    def exception(self) -> BaseException:
        assert isinstance(self._outcome, BaseException)
        return self._outcome

    def add_done_callback(self, told: Callable[[FakeFuture], None]) -> None:
        told(self)

    def release(self) -> None:
        self.released = True


class FakeClient:
    """Answers every shard as it is told to."""

    status = "running"

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.shards: list[Shard] = []
        self.cancelled: list[Any] = []

    def submit(self, work: Any, job: Any, shard: Shard, **options: Any) -> FakeFuture:
        self.shards.append(shard)
        return FakeFuture(options["key"], self._answer(shard))

    def cancel(self, futures: list[Any]) -> None:
        self.cancelled += futures


def killed() -> KilledWorker:
    return KilledWorker("key", SimpleNamespace(address="tcp://a"), 0)


def do(shard: Shard) -> ShardDone:
    return ShardDone(tuple(SweepRow(item) for item in shard.items), 1.0)


def die_of_poison(shard: Shard) -> ShardDone | BaseException:
    found = any(item.number == POISON for item in shard.items)
    return killed() if found else do(shard)


def dispatch_of(answer: Answer) -> tuple[Dispatch, FakeClient]:
    client = FakeClient(answer)
    job: Any = None
    return Dispatch(Cluster(client, "fake"), job), client


def run_all(dispatch: Dispatch, shard: Shard) -> list[SweepRow]:
    dispatch.send(Flight(shard, 0))
    rows: list[SweepRow] = []
    while dispatch.count or dispatch.has_suspects:
        if not dispatch.count:
            dispatch.send_suspect()
        for landed in dispatch.landed(0.0):
            rows += landed.rows
    return rows


def test_a_shard_gives_its_rows() -> None:
    dispatch, client = dispatch_of(do)
    rows = run_all(dispatch, Shard(BATCHES))
    assert [row.item.number for row in rows] == list(range(6))
    assert len(client.shards) == 1


def test_a_poisonous_picture_is_found_and_innocent_batches_stay_whole() -> None:
    dispatch, client = dispatch_of(die_of_poison)
    rows = run_all(dispatch, Shard(BATCHES))
    assert [row.item.number for row in rows] == list(range(6))
    assert [row.item.number for row in rows if row.error] == [POISON]
    assert "3.png" in rows[POISON].error
    sizes = [len(shard.items) for shard in client.shards]
    assert sizes == [6, 2, 2, 1, 1, 0, 2]


def test_who_only_died_with_others_is_not_blamed() -> None:
    deaths = iter([killed()])
    dispatch, client = dispatch_of(lambda shard: next(deaths, None) or do(shard))
    rows = run_all(dispatch, Shard(BATCHES[:1]))
    assert [row.error for row in rows] == ["", ""]
    assert [len(shard.items) for shard in client.shards] == [2, 2]


def test_workers_that_die_without_a_picture_too_are_no_fault_of_one() -> None:
    dispatch, _ = dispatch_of(lambda shard: killed())
    with pytest.raises(ClusterError, match="while they open the models"):
        run_all(dispatch, Shard(BATCHES))


@pytest.mark.parametrize("error", [OSError("a hiccup"), ReleaseMissingError("Not here.")])
def test_a_failure_is_tried_again(error: Exception) -> None:
    failures = iter([error] * (TRIES - 1))
    dispatch, client = dispatch_of(lambda shard: next(failures, None) or do(shard))
    assert len(run_all(dispatch, Shard(BATCHES))) == 6
    assert len(client.shards) == TRIES


def test_a_failure_that_stays_is_raised() -> None:
    dispatch, client = dispatch_of(lambda shard: ModuleNotFoundError("No module named 'inspector'"))
    with pytest.raises(EngineError, match="No module named 'inspector'"):
        run_all(dispatch, Shard(BATCHES))
    assert len(client.shards) == TRIES


@pytest.mark.parametrize("kind", [ClusterError, ReleaseError])
def test_what_would_fail_again_is_raised_at_once(kind: type[EngineError]) -> None:
    dispatch, client = dispatch_of(lambda shard: kind("Worker a is different."))
    with pytest.raises(kind, match="Worker a"):
        run_all(dispatch, Shard(BATCHES))
    assert len(client.shards) == 1


def test_a_scheduler_that_is_gone_is_an_error() -> None:
    dispatch, client = dispatch_of(do)
    client.status = "closed"
    with pytest.raises(ClusterError, match="connection to the scheduler fake was lost"):
        dispatch.send(Flight(Shard(BATCHES), 0))
    with pytest.raises(ClusterError, match="--resume"):
        list(dispatch.landed(0.0))


def test_nothing_is_under_way_after_a_cancel() -> None:
    dispatch, client = dispatch_of(do)
    dispatch.send(Flight(Shard(BATCHES), 0))
    dispatch.cancel()
    assert dispatch.count == 0
    assert len(client.cancelled) == 1
    assert list(dispatch.landed(0.0)) == []
