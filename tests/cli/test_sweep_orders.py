from __future__ import annotations

import io
import json
import signal
from typing import TYPE_CHECKING

import pytest

from inspector.cli.console import Console
from inspector.cli.sweep_orders import Signals, take_orders
from inspector.cli.sweep_progress import (
    ConsoleSweepWatcher,
    JsonSweepWatcher,
    MessageConsole,
    progress_json,
    progress_text,
    span_text,
)
from inspector.core.errors import Cancelled
from inspector.engine.sweep.control import Order, SweepWatcher
from inspector.sweep.rows import SweepProgress

if TYPE_CHECKING:
    from collections.abc import Callable

RUNNING = SweepProgress(31, 100, 1, 12.34, 75.0, "running")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_stops_the_run_and_the_second_is_as_before(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    taken = []

    def taker(number: int, frame: object) -> None:
        taken.append(number)

    signal.signal(number, taker)
    try:
        watcher = SweepWatcher()
        with Signals(watcher) as signals:
            signal.raise_signal(number)
            assert watcher.order is Order.STOP
            assert taken == []
            signal.raise_signal(number)
            assert taken == [number]
        assert signals.exit_code == 128 + number
        assert signal.getsignal(number) is taker
    finally:
        signal.signal(number, before)


@pytest.mark.parametrize(
    ("lines", "order"),
    [
        ("pause\n", Order.PAUSE),
        ("pause\nresume\n", Order.GO),
        ("cancel\nresume\n", Order.STOP),
        ("what\n\n", Order.GO),
        ("", Order.GO),
    ],
)
def test_orders_come_as_lines(lines: str, order: Order) -> None:
    watcher = SweepWatcher()
    thread = take_orders(watcher, io.StringIO(lines))
    assert thread is not None
    thread.join(10)
    assert watcher.order is order


def test_waiting_ends_with_a_new_order() -> None:
    watcher = SweepWatcher()
    thread = take_orders(watcher, io.StringIO("pause\n"))
    assert thread is not None
    thread.join(10)
    second = take_orders(watcher, io.StringIO("cancel\n"))
    watcher.wait(60)
    assert second is not None
    second.join(10)
    watcher.wait(0.01)
    assert watcher.is_unwanted()


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (RUNNING, "31 of 100 pictures, 12 a second, 1 min 15 s left, 1 error"),
        (
            SweepProgress(4, 9, 0, 3.0, 2.0, "paused", "The disk is full."),
            "Paused: 4 of 9 pictures, 0 errors. The disk is full.",
        ),
        (
            SweepProgress(9, 9, 2, 3.0, 0.0, "finished"),
            "9 of 9 pictures, 3 a second, 0 s left, 2 errors",
        ),
        (
            SweepProgress(1, 1, 0, None, None, "running", "a\nb\x1b[31m"),
            r"1 of 1 picture, 0 errors. a\nb\x1b[31m",
        ),
    ],
)
def test_progress_is_one_line(progress: SweepProgress, text: str) -> None:
    assert progress_text(progress) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min 0 s"), (3725, "1 h 2 min"), (90000, "1 d 1 h")],
)
def test_spans_have_their_two_largest_units(seconds: float, text: str) -> None:
    assert span_text(seconds) == text


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Give what sets the clock that progress looks at."""
    now = [0.0]
    monkeypatch.setattr("inspector.cli.sweep_progress.time.monotonic", lambda: now[0])

    def put(seconds: float) -> None:
        now[0] = seconds

    return put


def test_a_log_gets_a_line_now_and_then(clock: Callable[[float], None]) -> None:
    stream = io.StringIO()
    with ConsoleSweepWatcher(Console(io.StringIO(), stream)) as watcher:
        for second in range(25):
            clock(1.0 + second)
            watcher.progress(RUNNING)
    assert len(stream.getvalue().splitlines()) == 3


def test_a_terminal_has_one_line_that_is_overwritten(clock: Callable[[float], None]) -> None:
    stream = Terminal()
    with ConsoleSweepWatcher(Console(io.StringIO(), stream)) as watcher:
        for second in (1.0, 2.0, 3.0):
            clock(second)
            watcher.progress(RUNNING)
    assert stream.getvalue().count("\r") == 3
    assert stream.getvalue().endswith("\n")
    assert stream.getvalue().count("\n") == 1


def test_a_new_state_is_written_at_once(clock: Callable[[float], None]) -> None:
    stream = io.StringIO()
    clock(1.0)
    with ConsoleSweepWatcher(Console(io.StringIO(), stream)) as watcher:
        watcher.progress(RUNNING)
        watcher.progress(RUNNING)
        watcher.progress(SweepProgress(31, 100, 1, None, None, "paused"))
    assert len(stream.getvalue().splitlines()) == 2


def test_json_has_every_number_and_ends_with_the_last_state() -> None:
    stream = io.StringIO()
    with JsonSweepWatcher(Console(io.StringIO(), stream)) as watcher:
        watcher.stage("Loading")
        watcher.progress(RUNNING)
        watcher.progress(SweepProgress(100, 100, 1, None, None, "finished"))
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["state"] for line in lines] == ["loading", "running", "finished", "finished"]
    assert lines[1] == {
        "schema": "twin-inspector/sweep-progress/1",
        "done": 31,
        "total": 100,
        "errors": 1,
        "rate": 12.34,
        "seconds_left": 75.0,
        "state": "running",
        "text": "",
    }


def test_a_pause_has_no_rate() -> None:
    table = progress_json(SweepProgress(4, 9, 0, 3.0, 2.0, "paused"))
    assert (table["rate"], table["seconds_left"], table["done"]) == (None, None, 4)


def test_messages_between_the_progress_are_json_too() -> None:
    stream = io.StringIO()
    MessageConsole(io.StringIO(), stream).message("one\n  two \u2026")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert lines == [{"message": "one"}, {"message": "  two \u2026"}]


@pytest.mark.parametrize("kind", [ConsoleSweepWatcher, JsonSweepWatcher])
def test_pauses_are_counted(
    kind: type[ConsoleSweepWatcher | JsonSweepWatcher], clock: Callable[[float], None]
) -> None:
    watcher = kind(Console(io.StringIO(), io.StringIO()))
    states = ["running", "paused", "paused", "running", "running", "paused", "running"]
    for second, state in enumerate(states):
        clock(1.0 + second)
        watcher.progress(SweepProgress(4, 9, 0, None, None, state))
    assert watcher.paused_seconds == 3.0


@pytest.mark.parametrize("kind", [ConsoleSweepWatcher, JsonSweepWatcher])
def test_a_stop_ends_loading_before_the_next_stage(
    kind: type[ConsoleSweepWatcher | JsonSweepWatcher],
) -> None:
    watcher = kind(Console(io.StringIO(), io.StringIO()))
    with watcher.loading() as stages:
        stages.stage("The first")
        assert not stages.is_unwanted()
        watcher.give(Order.STOP)
        with pytest.raises(Cancelled):
            stages.stage("The second")
