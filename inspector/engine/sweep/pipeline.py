"""The threads of a sweep: decoding ahead of the models, a bounded number of batches under way."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Self

import numpy as np

from inspector.engine.sweep.scoring import error_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType

    from inspector.engine.sweep.prepare import Prepared, Preparer
    from inspector.engine.sweep.runners import Runner
    from inspector.engine.sweep.scoring import Scorer
    from inspector.engine.sweep.shares import Shares
    from inspector.sweep.rows import SweepItem, SweepRow

AHEAD = 2
"""Batches under way beyond those that the models work on: decoded, or being decoded."""

ASK_SECONDS = 0.2
"""How often orders are looked at while a batch is waited for."""

_Batch = Future["list[SweepRow] | None"]


class Pipeline:
    """Runs batches of pictures through both models. It is a context manager.

    Parameters
    ----------
    preparer, scorer
        What is done before and after the models.
    left, right
        The models.
    shares
        Is told where the time goes.
    workers, lanes
        Threads that prepare pictures, and threads that run batches through the models.
    """

    def __init__(
        self,
        preparer: Preparer,
        scorer: Scorer,
        left: Runner,
        right: Runner,
        shares: Shares,
        workers: int,
        lanes: int,
    ) -> None:
        self._preparer = preparer
        self._scorer = scorer
        self._left = left
        self._right = right
        self._shares = shares
        self._under_way = lanes + AHEAD
        self._stopping = threading.Event()
        self._workers = ThreadPoolExecutor(workers, "sweep-prepare")
        self._lanes = ThreadPoolExecutor(lanes, "sweep-models")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._lanes.shutdown(cancel_futures=True)
        self._workers.shutdown(cancel_futures=True)

    def run(
        self,
        batches: Iterable[Sequence[SweepItem]],
        goes_on: Callable[[], bool],
        stops: Callable[[], bool],
    ) -> Iterator[list[SweepRow]]:
        """Yield the rows of each batch, in the order of the batches.

        Parameters
        ----------
        batches
            Pictures; every batch is run through the models as one, less those with an error. It is
            read no further than a few batches ahead.
        goes_on
            Whether further batches shall be begun; looked at often. Where not, those under way are
            finished.
        stops
            Whether even those under way shall be left, unless they are all but done.
        """
        waiting: deque[_Batch] = deque()
        coming = iter(batches)
        more = True
        while more or waiting:
            while more and goes_on() and len(waiting) < self._under_way:
                batch = next(coming, None)
                more = batch is not None
                if batch is not None:
                    waiting.append(self._begin(batch))
            if not waiting:
                return
            rows = self._wait_for(waiting.popleft(), stops)
            if rows:
                yield rows
            more = more and goes_on()

    def _begin(self, batch: Sequence[SweepItem]) -> _Batch:
        prepared = [self._workers.submit(self._prepare, item) for item in batch]
        return self._lanes.submit(self._run_batch, prepared)

    def _wait_for(self, batch: _Batch, stops: Callable[[], bool]) -> list[SweepRow] | None:
        """Give the rows of a batch, None where it was left."""
        while not batch.done():
            if stops():
                self._stopping.set()
            wait([batch], ASK_SECONDS)
        return batch.result()

    def _prepare(self, item: SweepItem) -> Prepared | None:
        return None if self._stopping.is_set() else self._preparer.prepare(item)

    def _run_batch(self, futures: list[Future[Prepared | None]]) -> list[SweepRow] | None:
        found = [future.result() for future in futures]
        batch = [prepared for prepared in found if prepared is not None]
        if len(batch) < len(found):
            return None
        good = [prepared for prepared in batch if not prepared.error]
        rows = [error_row(prepared) for prepared in batch if prepared.error]
        if good:
            rows += self._run_models(good)
        return sorted(rows, key=lambda row: row.item.number)

    def _run_models(self, good: list[Prepared]) -> list[SweepRow]:
        with self._shares.of("left"):
            left = self._left.run(_stack([prepared.left for prepared in good]))
        with self._shares.of("right"):
            right = self._right.run(_stack([prepared.right for prepared in good]))
        with self._shares.of("compare"):
            return [
                self._scorer.row(prepared, a, b)
                for prepared, a, b in zip(good, left, right, strict=True)
            ]


def _stack(inputs: list[np.ndarray | None]) -> np.ndarray:
    return np.stack([numbers for numbers in inputs if numbers is not None])
