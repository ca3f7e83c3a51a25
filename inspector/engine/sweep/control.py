"""Who is told how far a sweep is, and may pause or stop it."""

from __future__ import annotations

import threading
from enum import StrEnum
from typing import TYPE_CHECKING

from inspector.engine.watcher import Watcher

if TYPE_CHECKING:
    from inspector.sweep.rows import SweepProgress


class Order(StrEnum):
    """What a sweep shall do next; it is asked for between batches."""

    GO = "go"
    PAUSE = "pause"
    STOP = "stop"


class SweepWatcher(Watcher):
    """Takes orders from any thread, and is told how far the run is.

    This one shows nothing; others override :meth:`progress` and :meth:`stage`.
    """

    def __init__(self) -> None:
        self._order = Order.GO
        self._changed = threading.Condition()

    @property
    def order(self) -> Order:
        """What is wanted now."""
        return self._order

    def give(self, order: Order) -> None:
        """Want something else from now on; after a stop nothing else is taken."""
        with self._changed:
            if self._order is not Order.STOP:
                self._order = order
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait until another order is given, at most some seconds."""
        with self._changed:
            before = self._order
            self._changed.wait_for(lambda: self._order is not before, seconds)

    def is_unwanted(self) -> bool:
        """Tell whether the work is no longer wanted."""
        return self._order is Order.STOP

    def progress(self, progress: SweepProgress) -> None:
        """Hear how far the run is, after every batch and while it is paused."""
