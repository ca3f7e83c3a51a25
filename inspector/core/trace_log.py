"""When the program reached what: a line per event, for benchmarks.

Nothing is written unless the environment variable ``TWIN_INSPECTOR_TRACE`` names a file.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

VARIABLE = "TWIN_INSPECTOR_TRACE"

FIRST_PAINT = "first_paint"
ENGINE_READY = "engine_ready"
FIRST_COMPARISON = "first_comparison"

_IMPORTED = time.perf_counter()


def mark(event: str) -> None:
    """Append ``{"event": …, "seconds": …}`` to the trace file, seconds since the process began.

    Without a trace file this does nothing. A line is one short write, so several processes may
    share a file.
    """
    if target := os.environ.get(VARIABLE):
        line = json.dumps({"event": event, "seconds": round(seconds_since_start(), 4)})
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def seconds_since_start() -> float:
    """Give the seconds since this process began, to 10 ms.

    Where the system does not tell (everywhere but on Linux), since this module was imported.
    """
    try:
        fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return time.perf_counter() - _IMPORTED
    ticks = int(fields[19])  # field 22 of proc(5), counted from 1 with two before the ")"
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
