"""How fast a download goes: for whoever watches it, and to give up a server that drips."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from inspector.store.web import WebError

if TYPE_CHECKING:
    from inspector.store.download import Progress

LEAST_RATE = 1000.0
"""Bytes per second below which, over `SLOW_SECONDS`, a server is given up."""

SLOW_SECONDS = 30.0

_RATE_SECONDS = 3.0
_REPORT_SECONDS = 0.1


class Pace:
    """Gives up a server that sends next to nothing for long."""

    def __init__(self, start: int) -> None:
        self._since, self._before = time.monotonic(), start

    def require(self, received: int) -> None:
        """Hear how many bytes are here; raises WebError where they come too slowly."""
        now = time.monotonic()
        if now - self._since < SLOW_SECONDS:
            return
        rate = (received - self._before) / (now - self._since)
        if rate < LEAST_RATE:
            raise WebError(f"sends only {rate:.0f} bytes a second", stalled=True)
        self._since, self._before = now, received


class Meter:
    """Tells of progress, not too often, with the rate of the last seconds."""

    def __init__(self, progress: Progress, start: int, total: int | None) -> None:
        self._progress = progress
        self._total = total
        self._points = deque([(time.monotonic(), start)])
        self._last = float("-inf")

    def show(self, received: int, last: bool = False) -> None:
        """Hear how many bytes are here."""
        now = time.monotonic()
        if now - self._last < _REPORT_SECONDS and not last:
            return
        self._last = now
        self._points.append((now, received))
        while len(self._points) > 2 and now - self._points[0][0] > _RATE_SECONDS:
            self._points.popleft()
        then, before = self._points[0]
        rate = (received - before) / (now - then) if now > then else 0.0
        self._progress(received, self._total, rate)
