"""Progress of the engine on a terminal."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from inspector.engine.watcher import Watcher

if TYPE_CHECKING:
    from types import TracebackType

    from inspector.cli.console import Console

PATIENCE_SECONDS = 0.5
"""A stage that ends within this shows no progress."""


class ConsoleWatcher(Watcher):
    """Writes each stage that takes longer than half a second to standard error.

    Use it in a ``with`` block: at the block's end nothing more is written.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def stage(self, text: str, fraction: float | None = None) -> None:
        """Hear that a stage begins."""
        self._stop()
        self._timer = threading.Timer(PATIENCE_SECONDS, self._console.message, [f"{text} …"])
        self._timer.daemon = True
        self._timer.start()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
            self._timer = None
