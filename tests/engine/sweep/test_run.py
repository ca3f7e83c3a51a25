from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import DiskFullError, EngineError
from inspector.core.picture import PictureSource
from inspector.core.result import Result
from inspector.engine.sweep import run as run_module
from inspector.engine.sweep.control import Order, SweepWatcher
from inspector.engine.sweep.run import Ending, sweep
from inspector.engine.sweep.runners import Form, Runner
from inspector.session import Session
from inspector.sweep.query import RunTable
from inspector.sweep.run_file import RunFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from inspector.engine.engine import Engine
    from inspector.engine.sweep.machine import Machine
    from inspector.sweep.rows import SweepProgress, SweepRow

    Begin = Callable[..., RunFile]


def rows_of(run: RunFile) -> list[SweepRow]:
    return list(RunTable(run).every())


def sweep_all(run: RunFile, machine: Machine, watcher: SweepWatcher | None = None) -> Ending:
    with run:
        return sweep(run, machine, watcher or SweepWatcher())


def done_rows(path: Path) -> list[SweepRow]:
    with RunFile.open(path) as run:
        return rows_of(run)


def assert_close(one: SweepRow, other: SweepRow, tolerance: float) -> None:
    """Compare the numbers of two rows of the same picture."""
    assert (one.item.path, one.sha256, one.error) == (other.item.path, other.sha256, other.error)
    if one.left is None or one.right is None or one.measures is None:
        assert other.measures is None
        return
    assert other.left is not None
    assert other.right is not None
    assert other.measures is not None
    for a, b in ((one.left, other.left), (one.right, other.right)):
        assert a.probabilities == pytest.approx(b.probabilities, abs=tolerance)
        assert a.truth_probability == pytest.approx(b.truth_probability, abs=tolerance)
    assert one.measures.max_abs_difference == pytest.approx(
        other.measures.max_abs_difference, abs=2 * tolerance
    )
    assert one.measures.js == pytest.approx(other.measures.js, abs=1e-6)


class Ordering(SweepWatcher):
    """Gives an order once some pictures are done, and the next where it sees a pause."""

    def __init__(self, order: Order, after: int = 4, then: Order = Order.GO) -> None:
        super().__init__()
        self.seen: list[SweepProgress] = []
        self._wanted = (order, after, then)
        self._given = False

    def progress(self, progress: SweepProgress) -> None:
        self.seen.append(progress)
        order, after, then = self._wanted
        if progress.done >= after and not self._given:
            self._given = True
            self.give(order)
        elif progress.state == "paused":
            self.give(then)


def test_every_picture_has_a_row_and_bad_ones_say_why(
    begin: Begin, gallery: list[Path], machine: Machine
) -> None:
    run = begin(gallery)
    assert sweep_all(run, machine) is Ending.FINISHED
    rows = done_rows(run.path)
    assert [row.item.path for row in rows] == [str(path) for path in gallery]
    assert [row.item.number for row in rows if row.error] == [3, 9]
    assert "cut.jpg" in rows[3].error
    assert rows[3].sha256
    assert all(row.measures is not None for row in rows if not row.error)
    with RunFile.open(run.path) as read:
        progress = read.progress()
    assert (progress.state, progress.done, progress.errors) == ("finished", 13, 2)


def test_rows_are_those_of_a_comparison_of_each_picture(
    begin: Begin, gallery: list[Path], machine: Machine, engine: Engine
) -> None:
    run = begin(gallery)
    sweep_all(run, machine)
    session = Session(machine.pair.spec)
    floor = machine.pair.check.noise_floor
    for row in done_rows(run.path):
        if row.left is None or row.right is None or row.measures is None:
            continue
        session.set_picture(PictureSource.from_path(row.item.path))
        request = session.request()
        assert request is not None
        result = engine.compare(request)
        assert isinstance(result, Result)
        comparison = result.comparison
        tolerance = max(2 * floor, 2e-6)
        assert row.left.probabilities == pytest.approx(
            comparison.left[list(row.left.top)].tolist(), abs=tolerance
        )
        assert row.right.probabilities == pytest.approx(
            comparison.right[list(row.right.top)].tolist(), abs=tolerance
        )
        assert row.measures.max_abs_difference == pytest.approx(
            comparison.max_abs_difference, abs=tolerance
        )
        assert row.measures.cosine == pytest.approx(comparison.cosine, abs=1e-6)
        assert row.item.truth is not None
        assert row.left.truth_rank == comparison.left_ranks[row.item.truth]


def test_published_models_give_the_numbers_of_a_comparison_to_the_bit(
    begin: Begin, gallery: list[Path], machine: Machine, engine: Engine
) -> None:
    published = [
        Runner(Form.PUBLISHED, 0.0, lambda batch, model=model: model.run(batch).raw)
        for model in (machine.pair.left, machine.pair.right)
    ]
    plain = replace(machine, left_runner=published[0], right_runner=published[1], batch=1)
    run = begin(gallery[:3])
    sweep_all(run, plain)
    session = Session(machine.pair.spec)
    for row in done_rows(run.path):
        session.set_picture(PictureSource.from_path(row.item.path))
        request = session.request()
        assert request is not None
        result = engine.compare(request)
        assert isinstance(result, Result)
        assert row.left is not None
        assert row.measures is not None
        assert row.left.probabilities == tuple(result.comparison.left[list(row.left.top)])
        assert row.measures.max_abs_difference == result.comparison.max_abs_difference
        assert row.measures.kl == result.comparison.kl
        assert row.measures.spearman == result.comparison.spearman


def test_the_batch_size_changes_nothing_beyond_the_noise_floor(
    begin: Begin, gallery: list[Path], machine: Machine
) -> None:
    found: list[list[SweepRow]] = []
    for batch in (1, 8):
        run = begin(gallery, f"{batch}.sqlite")
        sweep_all(run, replace(machine, batch=batch))
        found.append(done_rows(run.path))
    tolerance = max(machine.pair.check.noise_floor, 1e-6)
    for one, other in zip(*found, strict=True):
        assert_close(one, other, tolerance)


def test_a_stopped_run_goes_on_where_it_was_and_gives_the_same_rows(
    begin: Begin, gallery: list[Path], machine: Machine
) -> None:
    many = gallery * 4
    whole = begin(many, "whole.sqlite")
    sweep_all(whole, machine)
    run = begin(many, "stopped.sqlite")
    assert sweep_all(run, machine, Ordering(Order.STOP, after=8)) is Ending.CANCELLED
    with RunFile.open(run.path) as read:
        progress = read.progress()
    assert progress.state == "cancelled"
    assert 8 <= progress.done < len(many)
    assert sweep_all(RunFile.resume(run.path, run.info), machine) is Ending.FINISHED
    assert done_rows(run.path) == done_rows(whole.path)


def test_a_paused_run_says_so_and_goes_on(
    begin: Begin, gallery: list[Path], machine: Machine
) -> None:
    watcher = Ordering(Order.PAUSE, after=4)
    run = begin(gallery * 4)
    assert sweep_all(run, machine, watcher) is Ending.FINISHED
    states = [progress.state for progress in watcher.seen]
    assert "paused" in states
    assert states[-1] == "finished"
    paused = next(progress for progress in watcher.seen if progress.state == "paused")
    assert paused.done < paused.total


def test_a_paused_run_can_be_stopped(begin: Begin, gallery: list[Path], machine: Machine) -> None:
    run = begin(gallery * 4)
    assert sweep_all(run, machine, Ordering(Order.PAUSE, then=Order.STOP)) is Ending.CANCELLED


class FullDisk:
    """Lets a run file's writes fail some times."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, failures: int) -> None:
        self.left = failures
        original = RunFile.add

        def add(run: RunFile, rows: Sequence[SweepRow]) -> int:
            if self.left and run.progress().done >= 4:
                self.left -= 1
                raise DiskFullError("The disk has no more room.", "Free some space.")
            return original(run, rows)

        monkeypatch.setattr(RunFile, "add", add)
        monkeypatch.setattr(run_module, "RETRY_SECONDS", 0.01)


def test_a_full_disk_pauses_the_run_until_there_is_room(
    begin: Begin, gallery: list[Path], machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    FullDisk(monkeypatch, failures=3)
    watcher = Ordering(Order.GO, after=10**6)
    run = begin(gallery)
    with run:
        assert sweep(run, machine, watcher, disk_patience=None) is Ending.FINISHED
    paused = [progress for progress in watcher.seen if progress.state == "paused"]
    assert len(paused) == 3
    assert "no more room" in paused[0].text
    assert len(done_rows(run.path)) == len(gallery)


def test_a_disk_that_stays_full_ends_the_run_with_nothing_lost(
    begin: Begin, gallery: list[Path], machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    FullDisk(monkeypatch, failures=-1)
    run = begin(gallery)
    with run, pytest.raises(DiskFullError):
        sweep(run, machine, SweepWatcher(), disk_patience=0.03)
    monkeypatch.undo()
    assert len(done_rows(run.path)) == 4
    sweep_all(RunFile.resume(run.path, run.info), machine)
    assert len(done_rows(run.path)) == len(gallery)


def test_a_model_that_fails_stops_the_run_and_keeps_what_is_done(
    begin: Begin, gallery: list[Path], machine: Machine
) -> None:
    calls = 0

    def breaks(batch: object) -> object:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise EngineError("The model broke.", "")
        return machine.left_runner.run(batch)  # type: ignore[arg-type]

    broken = replace(machine, left_runner=Runner(Form.FROZEN, 0.0, breaks), lanes=1)  # type: ignore[arg-type]
    run = begin(gallery)
    with run, pytest.raises(EngineError):
        sweep(run, broken, SweepWatcher())
    with RunFile.open(run.path) as read:
        progress = read.progress()
    assert (progress.state, progress.done) == ("stopped", 4)
    assert "The model broke." in progress.text


def test_what_ended_a_run_is_told_also_where_the_disk_is_full(
    begin: Begin, gallery: list[Path], machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise EngineError("The model failed.", "Try again.")

    run = begin(gallery)
    set_state = run.set_state

    def full_at_last(state: str, *text: str) -> None:
        if state == "stopped":
            raise DiskFullError("There is no room.", "Make some.")
        set_state(state, *text)

    monkeypatch.setattr(run, "set_state", full_at_last)
    monkeypatch.setattr(run, "add", fail)
    with run, pytest.raises(EngineError, match="The model failed"):
        sweep(run, machine, SweepWatcher())


def test_a_picture_that_vanishes_is_an_error_and_the_rest_is_done(
    begin: Begin, gallery: list[Path], machine: Machine, tmp_path: Path
) -> None:
    gone = tmp_path / "gone.jpg"
    gone.write_bytes(gallery[0].read_bytes())
    run = begin([gallery[0], gone, gallery[1]])
    gone.unlink()
    sweep_all(run, machine)
    rows = done_rows(run.path)
    assert [bool(row.error) for row in rows] == [False, True, False]


def test_the_time_of_every_stage_is_known(
    begin: Begin, gallery: list[Path], machine: Machine
) -> None:
    sweep_all(begin(gallery), machine)
    assert all(seconds > 0 for seconds in machine.shares.seconds().values())
