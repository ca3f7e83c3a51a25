"""Runs the real window in this process and traces when it reached what, and its loop's gaps.

``python tests/bench/window_probe.py --pair PAIR IMAGE [IMAGE …]`` with ``TWIN_INSPECTOR_TRACE``
set: compares the images one after the other and closes.
"""

from __future__ import annotations

import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.hooks import mark, seconds_since_start, watch_window

if TYPE_CHECKING:
    from inspector.gui.window import Window
    from inspector.gui.worker import EngineWorker

TICK_MS = 5


class Probe:
    """A timer in the window's event loop, and the steps of one run."""

    def __init__(self, window: Window, worker: EngineWorker, pictures: list[str]) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._window = window
        self._worker = worker
        self._waiting = pictures[1:]
        self._ticks: list[tuple[float, float]] = []
        """The time, and the processor time of this thread, in seconds."""
        self._painted_at = 0.0
        self._due = self._compared_once = False
        self._timer = QTimer(window)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        window.first_painted.connect(self._painted)
        worker.ready.connect(lambda _: mark("engine_ready"))
        window.controller.result_changed.connect(self._compared)
        window.controller.failed.connect(self._failed)

    def _tick(self) -> None:
        self._ticks.append((time.perf_counter(), time.thread_time()))
        if self._due and self._is_on_screen():
            self._due = False
            self._shown()

    def _is_on_screen(self) -> bool:
        window = self._window
        return window.controller.handing_over.is_done and window.frame.plots.is_revealed

    def _painted(self) -> None:
        self._painted_at = time.perf_counter()
        heavy = [name for name in ("tensorflow", "keras", "tensorflow_hub") if name in sys.modules]
        mark("first_paint", heavy_modules=heavy)

    def _compared(self, result: object) -> None:
        self._due = result is not None

    def _shown(self) -> None:
        """Go on once every view was given the result; paint events come before timers."""
        from inspector.core.picture import PictureSource

        mark("comparison" if self._compared_once else "first_comparison")
        self._compared_once = True
        if self._waiting:
            self._window.open([PictureSource.from_path(self._waiting.pop(0))])
        else:
            self._finish()

    def _failed(self, error: object) -> None:
        mark("failed", text=str(error))
        self._window.frame.close()

    def _finish(self) -> None:
        began = time.perf_counter() - seconds_since_start()
        gaps = [
            (earlier, (later - earlier) * 1e3, (worked_later - worked) * 1e3)
            for (earlier, worked), (later, worked_later) in pairwise(self._ticks)
        ]
        mark(
            "loop",
            gaps_ms=[round(gap, 2) for _, gap, _ in gaps],
            after_paint_ms=[round(gap, 2) for at, gap, _ in gaps if at > self._painted_at],
            work_ms=[round(worked, 2) for _, _, worked in gaps],
            longest=[
                {"ms": round(gap, 1), "worked": round(worked, 1), "at": round(at - began, 2)}
                for at, gap, worked in sorted(gaps, key=lambda entry: -entry[1])[:8]
            ],
            window_mb=_resident_mb("self"),
            engine_mb=_resident_mb(str(self._worker.engine_pid)),
        )
        self._window.frame.close()


def _resident_mb(pid: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) / 1e3, 1)
    raise LookupError(pid)


def main(arguments: list[str]) -> int:
    """Run the window with the given arguments, probed."""
    pictures = [word for word in arguments if Path(word).suffix.lower() in {".jpg", ".jpeg"}]
    options = [word for word in arguments if word not in pictures]
    kept: list[Probe] = []
    watch_window(lambda window, worker: kept.append(Probe(window, worker, pictures)))
    from inspector.app import main as start

    return start([*options, pictures[0]])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
