"""Looks into the real program while it starts, without changing what it does or in which order."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.gui.window import Window
    from inspector.gui.worker import EngineWorker

TRACE_VARIABLE = "TWIN_INSPECTOR_TRACE"
"""Names the file that events are appended to."""


def seconds_since_start() -> float:
    """Give the seconds since this process began, to 10 ms (Linux)."""
    fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ticks = int(fields[19])  # starttime, field 22 of proc(5); two stand before the ")"
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def mark(event: str, **facts: object) -> None:
    """Append an event to the trace file as a line of JSON, with the seconds since the start."""
    line = {"event": event, "seconds": round(seconds_since_start(), 4), **facts}
    with Path(os.environ[TRACE_VARIABLE]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def read_marks(file: Path) -> dict[str, dict[str, object]]:
    """Read a trace file: each event's name and its line."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {line["event"]: line for line in lines}


def watch_window(created: Callable[[Window, EngineWorker], None]) -> None:
    """Have `created` called with the window as soon as the starting program has made it.

    The window's module is imported where the program imports it: after the engine was started.
    """
    from inspector.gui.worker import EngineWorker

    original = EngineWorker.start

    def start(worker: EngineWorker) -> None:
        EngineWorker.start = original  # type: ignore[method-assign]
        original(worker)
        _wrap_window(worker, created)

    EngineWorker.start = start  # type: ignore[method-assign]


def _wrap_window(worker: EngineWorker, created: Callable[[Window, EngineWorker], None]) -> None:
    from inspector.gui.window import Window

    make = Window.__init__

    def make_and_tell(window: Window, *arguments: object) -> None:
        make(window, *arguments)  # type: ignore[arg-type]
        created(window, worker)

    Window.__init__ = make_and_tell  # type: ignore[method-assign, assignment]
