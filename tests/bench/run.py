"""Measures the program against the plain script that a user would write, in one run.

``python tests/bench/run.py`` prints each figure, its ratio and its budget. It measures with the
published weights of the development data where they are, else with the starter pair.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from tests.bench.hooks import TRACE_VARIABLE, read_marks
from tests.bench.machine import machine_facts, screen

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Material:
    """A pair, as the program and as the plain script name it, and pictures."""

    pair: str
    keras: Path
    hub: Path
    size: int
    pictures: tuple[str, ...]

    @property
    def plain(self) -> list[str]:
        """Give the plain script's arguments, less the picture."""
        return [str(self.keras), str(self.hub), str(self.size)]


def material() -> Material:
    """Give the development data's pair and photos, else the starter pair and the sample."""
    data = Path(os.environ.get("TWIN_INSPECTOR_DATA", ROOT.parent / "shared" / "data"))
    folder = data / "imagenet_pair"
    if folder.is_dir():
        photos = sorted((data / "photos").glob("*.jpg")) + sorted(
            (data / "photos" / "imagenet").glob("*.JPEG")
        )
        return Material(
            str(folder / "pair.toml"),
            folder / "keras.keras",
            folder / "hub",
            224,
            tuple(map(str, photos[:12])),
        )
    starter = ROOT / "resources" / "starter"
    sample = str(ROOT / "resources" / "samples" / "golf_ball.jpg")
    weights = starter / "mobilenet_v2_0.35_96.weights.h5"
    return Material("starter", weights, starter / "hub", 96, (sample,) * 12)


def run_plain(things: Material) -> float:
    """Give the seconds of the whole plain script."""
    begun = time.perf_counter()
    ask_python("plain_script.py", *things.plain, things.pictures[0])
    return time.perf_counter() - begun


def run_window(things: Material, display: dict[str, str]) -> dict[str, Any]:
    """Run the probed window; give its marks."""
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.jsonl"
        own = {"XDG_CONFIG_HOME": folder, TRACE_VARIABLE: str(trace)}
        ask_python(
            "window_probe.py", "--pair", things.pair, *things.pictures, env={**display, **own}
        )
        marks = read_marks(trace)
    if "loop" not in marks:
        raise SystemExit(f"the window did not get to its end: {marks}")
    return marks


def run_warm(things: Material) -> dict[str, float]:
    """Measure one picture, warm."""
    done = ask_python("warm.py", *things.plain, things.pair, *things.pictures)
    return json.loads(done.stdout.splitlines()[-1])


@contextlib.contextmanager
def written_bytecode() -> Iterator[None]:
    """Let the programs keep their compiled modules, as an installed program has them."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ.setdefault("PYTHONPYCACHEPREFIX", folder)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def ask_python(
    script: str, *arguments: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a script of this folder to its end; one that fails ends this program."""
    done = subprocess.run(
        [sys.executable, str(HERE / script), *arguments],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{script} failed with {done.returncode}:\n{done.stderr[-3000:]}")
    return done


def report(windows: list[dict[str, Any]], plains: list[float], warm: dict[str, float]) -> None:
    """Print figures, ratios and budgets."""
    plain = statistics.median(plains)

    def reached(event: str) -> float:
        return statistics.median(marks[event]["seconds"] for marks in windows)

    paint, ready, first = map(reached, ("first_paint", "engine_ready", "first_comparison"))
    print(f"plain script, whole process            {plain:7.2f} s")
    print(f"first paint                            {paint:7.2f} s    budget 0.60 s")
    print(f"  share of the plain script            {paint / plain:7.2f}")
    heavy = {name for marks in windows for name in marks["first_paint"]["heavy_modules"]}
    print(f"  imported in that process by then     {', '.join(heavy) or 'no TensorFlow, no Keras'}")
    print(f"engine ready                           {ready:7.2f} s")
    print(f"first comparison on screen             {first:7.2f} s")
    print(f"  share of the plain script            {first / plain:7.2f}      budget < 1")
    for key, what in (
        ("gaps_ms", "from the loop's start"),
        ("after_paint_ms", "after first paint"),
    ):
        gaps = sorted(gap for marks in windows for gap in marks["loop"][key])
        print(f"event loop, {what}")
        print(f"  longest gap                          {gaps[-1]:7.1f} ms   budget 50 ms")
        print(f"  99 % of gaps under                   {percentile(gaps):7.1f} ms   budget 17 ms")
        print(f"  gaps over 50 ms                      {sum(gap > 50 for gap in gaps):5d}")
    work = sorted(work for marks in windows for work in marks["loop"]["work_ms"])
    print("  work of the window's thread between two ticks, whatever else the machine does")
    print(f"    most                               {work[-1]:7.1f} ms")
    print(f"    99 % under                         {percentile(work):7.1f} ms")
    print("  longest gaps of the last start, ms (work) at second: " + _places(windows[-1]))
    memory = windows[-1]["loop"]
    print(f"memory of the window                   {memory['window_mb']:7.0f} MB   budget 250 MB")
    print(f"memory of the engine                   {memory['engine_mb']:7.0f} MB   budget 1200 MB")
    print(f"one picture, warm, plain calls         {warm['plain_ms']:7.1f} ms")
    print(f"one picture, warm, the engine          {warm['ours_ms']:7.1f} ms")
    ratio = warm["ours_ms"] / warm["plain_ms"]
    print(f"  share of the plain calls             {ratio:7.2f}      budget 0.60")
    print(f"why they differ, warm, all stages      {warm['explain_ms']:7.1f} ms   budget 1000 ms")
    print(f"  the slowest picture                  {warm['explain_worst_ms']:7.1f} ms")
    ratio = warm["explain_ms"] / warm["plain_ms"]
    print(f"  share of the plain calls             {ratio:7.2f}")


def _places(marks: dict[str, Any]) -> str:
    return ", ".join(
        f"{gap['ms']:.0f} ({gap['worked']:.0f}) at {gap['at']:.2f}"
        for gap in marks["loop"]["longest"]
    )


def percentile(ordered: list[float], share: float = 0.99) -> float:
    """Give the value that this share of the ordered values is under."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def main() -> None:
    """Measure everything, the plain script and the window in turns."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3, help="starts of each program (default 3)")
    options = parser.parse_args()
    things = material()
    windows, plains = [], []
    with written_bytecode(), screen() as display:
        platform = display.get("QT_QPA_PLATFORM", "the present display")
        print(f"{machine_facts()}\npair {things.pair}, {platform}, {options.repeat} starts each\n")
        run_plain(things)  # fills the system's file cache for both
        run_window(things, display)  # compiles the modules
        for _ in range(options.repeat):
            windows.append(run_window(things, display))
            plains.append(run_plain(things))
    report(windows, plains, run_warm(things))


if __name__ == "__main__":
    main()
