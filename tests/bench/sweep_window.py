"""A sweep begun in the window: does the window stay awake, and what does it cost the sweep.

``python tests/bench/sweep_window.py`` starts the real window on a virtual display, begins a sweep
of the development data's photos (else of the sample), repeated, through the published pair (else
the starter pair), and meanwhile scrolls the table and changes the plots as a user would. It prints
the gaps of the window's event loop, and the sweep's pace beside that of the same command alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from inspector.engine.client import engine_environment
from inspector.sweep.run_file import RunFile
from tests.bench.gallery import list_of_many
from tests.bench.hooks import TRACE_VARIABLE, mark, read_marks, watch_window
from tests.bench.machine import machine_facts, screen
from tests.bench.run import ask_python, material, percentile, written_bytecode
from tests.bench.sweep import photos

if TYPE_CHECKING:
    from inspector.gui.sweep.window import SweepWindow
    from inspector.gui.window import Window
    from inspector.gui.worker import EngineWorker

TICK_MS = 5
STEP_MS = 250
"""How often the user scrolls; every eighth time the next plot is looked at."""
STEPS_PER_PLOT = 8
LONG_GAP, SHORT_GAP = 50.0, 17.0
MOST_LOSS = 0.15


class Probe:
    """Begins a sweep once the window is at rest, uses its window, and traces the loop's gaps."""

    def __init__(self, window: Window, pictures: str, run: str, pair: str) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._window = window
        self._arguments = pictures, run, pair
        self._sweep: SweepWindow | None = None
        self._steps = 0
        self._ticks: list[tuple[float, float]] = []
        """The time, and the processor time of this thread, in seconds."""
        self._timer = QTimer(window, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._user = QTimer(window, interval=STEP_MS)
        self._user.timeout.connect(self._use)
        window.controller.failed.connect(lambda error: self._end(str(error)))

    def _tick(self) -> None:
        if self._sweep is not None:
            self._ticks.append((time.perf_counter(), time.thread_time()))
            return
        controller = self._window.controller
        causes = controller.explainer.causes
        if controller.result is not None and causes is not None and not causes.doing:
            self._begin()

    def _begin(self) -> None:
        from inspector.gui.sweep.runner import SweepWish

        pictures, run, pair = self._arguments
        desk = self._window.binder.deeds.beside.sweeps
        desk.begin(SweepWish(pictures, run, pair, labels="none"))
        self._sweep = desk.windows[-1]
        self._sweep.runner.failed.connect(lambda error: self._end(str(error)))
        self._sweep.runner.ended.connect(self._finish)
        self._user.start()

    def _use(self) -> None:
        view = self._sweep.view if self._sweep is not None else None
        if view is None:
            return
        self._steps += 1
        bar = view.table.verticalScrollBar()
        beyond = bar.value() + bar.pageStep() > bar.maximum()
        bar.setValue(0 if beyond else bar.value() + bar.pageStep())
        if self._steps % STEPS_PER_PLOT == 0:
            view.plots.setCurrentIndex((view.plots.currentIndex() + 1) % view.plots.count())

    def _finish(self, complete: bool) -> None:
        begun = self._ticks[0][0]
        gaps = [
            ((later - earlier) * 1e3, (worked_later - worked) * 1e3, earlier - begun)
            for (earlier, worked), (later, worked_later) in pairwise(self._ticks)
        ]
        mark(
            "sweep",
            complete=complete,
            steps=self._steps,
            gaps_ms=[round(gap, 2) for gap, _, _ in gaps],
            work_ms=[round(worked, 2) for _, worked, _ in gaps],
            longest=[
                {"ms": round(gap, 1), "worked": round(worked, 1), "at": round(at, 2)}
                for gap, worked, at in sorted(gaps, reverse=True)[:8]
            ],
        )
        self._end("")

    def _end(self, problem: str) -> None:
        if problem:
            mark("failed", text=problem)
        self._user.stop()
        self._timer.stop()
        self._window.frame.close()


def probe(pictures: str, run: str, pair: str) -> int:
    """Run the window in this process, probed."""
    kept: list[Probe] = []

    def created(window: Window, _: EngineWorker) -> None:
        kept.append(Probe(window, pictures, run, pair))

    watch_window(created)
    from inspector.app import main as start

    return start(["--pair", pair])


def sweep_alone(pictures: Path, run: Path, pair: str) -> float:
    """Give the pictures a second of the same command without a window."""
    words = ["sweep", str(pictures), "--run", str(run), "--pair", pair, "--labels", "none"]
    subprocess.run(
        [sys.executable, "-P", "-m", "inspector", *words],
        env=engine_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    return pace_of(run)


def sweep_in_window(pictures: Path, run: Path, pair: str, env: dict[str, str]) -> dict[str, Any]:
    """Give the marks of the probed window."""
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.jsonl"
        own = {"XDG_CONFIG_HOME": folder, TRACE_VARIABLE: str(trace)}
        words = ["--probe", str(pictures), str(run), pair]
        ask_python("sweep_window.py", *words, env={**env, **own})
        marks = read_marks(trace)
    if "sweep" not in marks or not marks["sweep"]["complete"]:
        raise SystemExit(f"the sweep did not get to its end: {json.dumps(marks)[:2000]}")
    return {**marks["sweep"], "pace": pace_of(run)}


def pace_of(path: Path) -> float:
    """Give the pictures a second of a run, from the moment when its models were ready."""
    with RunFile.open(path) as run:
        assert run.seconds
        return run.progress().done / run.seconds


def report(windows: list[dict[str, Any]], alone: list[float]) -> None:
    """Print figures, ratios and budgets."""
    gaps = sorted(gap for marks in windows for gap in marks["gaps_ms"])
    work = sorted(worked for marks in windows for worked in marks["work_ms"])
    short = sum(gap < SHORT_GAP for gap in gaps) / len(gaps)
    print(f"longest gap               {gaps[-1]:8.1f} ms   budget {LONG_GAP:g} ms")
    print(f"  gaps over {LONG_GAP:g} ms         {sum(gap > LONG_GAP for gap in gaps):8d}")
    print(f"99 % of gaps under        {percentile(gaps):8.1f} ms   budget {SHORT_GAP:g} ms")
    print(f"  gaps under {SHORT_GAP:g} ms        {100 * short:8.2f} %")
    print("work of the window's thread between two ticks, whatever else the machine does")
    print(f"  most                    {work[-1]:8.1f} ms")
    print(f"  99 % under              {percentile(work):8.1f} ms")
    places = (
        f"{gap['ms']:.0f} ({gap['worked']:.0f}) at {gap['at']:.2f}"
        for gap in windows[-1]["longest"]
    )
    print(f"  longest gaps, ms (work) at second: {', '.join(places)}")
    print(f"scrolled                  {windows[-1]['steps']:8d} times")
    paces = [marks["pace"] for marks in windows]
    print(f"sweep in the window       {sum(paces) / len(paces):8.1f} pictures/s")
    print(f"the same command alone    {sum(alone) / len(alone):8.1f} pictures/s")
    ratios = ", ".join(f"{a / b:.2f}" for a, b in zip(paces, alone, strict=True))
    print(f"  ratio of each turn      {ratios}   budget at least {1 - MOST_LOSS:g}")


def main() -> None:
    """Measure in turns and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=2000, help="pictures (default 2000)")
    parser.add_argument("--rounds", type=int, default=1, help="turns of each (default 1)")
    options = parser.parse_args()
    things = material()
    paths = photos(things)
    print(f"{machine_facts()}\npair {things.pair}, {options.count} pictures\n")
    windows, alone = [], []
    with written_bytecode(), screen() as display, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        listed = list_of_many(folder, paths, options.count)
        for turn in range(options.rounds):
            windows.append(
                sweep_in_window(listed, folder / f"window_{turn}.sqlite", things.pair, display)
            )
            alone.append(sweep_alone(listed, folder / f"alone_{turn}.sqlite", things.pair))
    report(windows, alone)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--probe"]:
        raise SystemExit(probe(*sys.argv[2:]))
    main()
