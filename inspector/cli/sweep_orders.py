"""Orders to a sweep from outside: signals, and lines on standard input."""

from __future__ import annotations

import signal
import sys
import threading
from typing import IO, TYPE_CHECKING, Self

from inspector.engine.sweep.control import Order

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from inspector.engine.sweep.control import SweepWatcher

ORDERS = {"pause": Order.PAUSE, "resume": Order.GO, "cancel": Order.STOP}
"""Lines on standard input; others are passed over."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Signals:
    """Turns the first Ctrl+C or SIGTERM into the order to stop; a second one ends the process.

    Use it in a ``with`` block; outside the main thread it does nothing.

    Attributes
    ----------
    exit_code
        128 and the signal's number, as shells count it; 130 where none came.
    """

    def __init__(self, watcher: SweepWatcher) -> None:
        self._watcher = watcher
        self._is_main = threading.current_thread() is threading.main_thread()
        self.exit_code = 128 + signal.SIGINT

    def __enter__(self) -> Self:
        if self._is_main:
            self._before = {number: signal.signal(number, self._take) for number in _SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._is_main:
            self._put_back()

    def _put_back(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _take(self, number: int, frame: FrameType | None) -> None:
        self.exit_code = 128 + number
        self._put_back()
        self._watcher.give(Order.STOP)


def take_orders(watcher: SweepWatcher, lines: IO[str] | None = None) -> threading.Thread | None:
    """Take orders from lines, in a thread that ends with them or with the process.

    The end of the lines is no order: whoever gave them may have gone, and the run goes on.
    """
    stream = sys.stdin if lines is None else lines
    if stream is None:
        return None

    def read() -> None:
        for line in stream:
            order = ORDERS.get(line.strip())
            if order is not None:
                watcher.give(order)

    thread = threading.Thread(target=read, name="sweep-orders", daemon=True)
    thread.start()
    return thread
