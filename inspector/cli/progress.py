"""Progress of the engine on a terminal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from inspector.engine.watcher import Watcher

if TYPE_CHECKING:
    from inspector.cli.console import Console

QUIET_SECONDS = 0.5
"""Work shorter than this shows no progress."""


class ConsoleWatcher(Watcher):
    """Writes the stages that begin after the first half second to standard error."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.monotonic()

    def stage(self, text: str, fraction: float | None = None) -> None:
        """Hear that a stage begins."""
        if time.monotonic() - self._started >= QUIET_SECONDS:
            self._console.message(f"{text} …")
