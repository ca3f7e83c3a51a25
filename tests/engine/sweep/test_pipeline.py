from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from inspector.engine.sweep.pipeline import AHEAD, Pipeline
from inspector.engine.sweep.prepare import Prepared
from inspector.engine.sweep.runners import Form, Runner
from inspector.engine.sweep.shares import Shares
from inspector.sweep.rows import SweepItem, SweepRow

if TYPE_CHECKING:
    from collections.abc import Iterator

LANES = 2


class Numbers:
    """Prepares pictures whose one pixel is their number; odd tens are errors."""

    def __init__(self) -> None:
        self.calls: list[int] = []
        self.gate = threading.Event()
        self.gate.set()

    def prepare(self, item: SweepItem) -> Prepared:
        assert self.gate.wait(30)
        self.calls.append(item.number)
        if item.number % 10 == 7:
            return Prepared(item, error="It is a seven.", mend="Take another.")
        pixel = np.full((1, 1, 3), item.number, np.float32)
        return Prepared(item, left=pixel, right=pixel + 1)


class Told:
    """Turns the models' rows into rows whose hash tells them."""

    def row(self, prepared: Prepared, left: np.ndarray, right: np.ndarray) -> SweepRow:
        return SweepRow(prepared.item, sha256=f"{left[0]:g} {right[0]:g}")


def runner(sizes: list[int] | None = None, error: Exception | None = None) -> Runner:
    def run(batch: np.ndarray) -> np.ndarray:
        if error is not None:
            raise error
        if sizes is not None:
            sizes.append(len(batch))
        return batch.reshape(len(batch), -1)

    return Runner(Form.FROZEN, 0.0, run)


def make(preparer: Numbers, left: Runner | None = None, workers: int = 3) -> Pipeline:
    made: Any = preparer
    told: Any = Told()
    return Pipeline(made, told, left or runner(), runner(), Shares(), workers, LANES)


def batches(count: int, size: int = 4) -> Iterator[list[SweepItem]]:
    for start in range(0, count, size):
        yield [SweepItem(n, f"{n}.jpg") for n in range(start, min(start + size, count))]


def always() -> bool:
    return True


def never() -> bool:
    return False


def test_every_picture_comes_once_and_in_order() -> None:
    sizes: list[int] = []
    with make(Numbers(), runner(sizes)) as pipeline:
        rows = [row for batch in pipeline.run(batches(42), always, never) for row in batch]
    assert [row.item.number for row in rows] == list(range(42))
    for row in rows:
        if row.item.number % 10 == 7:
            assert row.error == "It is a seven."
        else:
            assert row.sha256 == f"{row.item.number} {row.item.number + 1}"
    assert sum(sizes) == 42 - 4


def test_a_batch_of_errors_alone_runs_no_model() -> None:
    sizes: list[int] = []
    with make(Numbers(), runner(sizes)) as pipeline:
        rows = list(pipeline.run([[SweepItem(7, "a"), SweepItem(17, "b")]], always, never))
    assert [row.error for row in rows[0]] == ["It is a seven."] * 2
    assert sizes == []


def test_no_more_than_a_few_batches_are_under_way() -> None:
    taken = 0

    def counted() -> Iterator[list[SweepItem]]:
        nonlocal taken
        for batch in batches(400):
            taken += 1
            yield batch

    with make(Numbers()) as pipeline:
        for done, _ in enumerate(pipeline.run(counted(), always, never), start=1):
            assert taken <= done + LANES + AHEAD
    assert taken == 100


def test_where_nothing_more_is_wanted_what_is_under_way_is_finished() -> None:
    rows: list[SweepRow] = []

    def none_yet() -> bool:
        return not rows

    with make(Numbers()) as pipeline:
        for batch in pipeline.run(batches(400), none_yet, never):
            rows += batch
    assert [row.item.number for row in rows] == list(range(len(rows)))
    assert 4 <= len(rows) <= 4 * (LANES + AHEAD)


def test_after_a_stop_what_is_not_prepared_is_left() -> None:
    preparer = Numbers()
    preparer.gate.clear()
    asked = 0

    def stops() -> bool:
        nonlocal asked
        asked += 1
        preparer.gate.set()
        return True

    with make(preparer, workers=1) as pipeline:
        found = list(pipeline.run(batches(40), lambda: asked == 0, stops))
    assert found == []
    assert len(preparer.calls) <= 1


def test_an_error_of_a_model_ends_the_run() -> None:
    with (
        pytest.raises(RuntimeError, match="it broke"),
        make(Numbers(), runner(error=RuntimeError("it broke"))) as pipeline,
    ):
        list(pipeline.run(batches(400), always, never))


def test_no_thread_is_left() -> None:
    before = threading.active_count()
    with make(Numbers()) as pipeline:
        list(pipeline.run(batches(20), always, never))
    assert threading.active_count() == before
