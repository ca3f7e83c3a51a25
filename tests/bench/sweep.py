"""Measures a sweep against the loop that a user would write, and says where its time goes.

``python tests/bench/sweep.py`` runs the photos of the development data (else the sample), repeated,
through the published pair of that data (else the starter pair): the plain loop and the sweep take
short turns, each in a process of its own that stays loaded, since each sets TensorFlow's threads as
it likes. A machine with other work gives ratios that scatter: the median is what counts. It prints
pictures a second, their ratio and its budget, the share of each stage, and how far the sweep is
from the floor: both models in the sweep's own form alone, with the pictures ready.
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
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from tests.bench.machine import machine_facts
from tests.bench.run import Material, material

if TYPE_CHECKING:
    from collections.abc import Iterator

BUDGET = 3.0


def photos(things: Material) -> list[str]:
    """Give every photo of the development data, else the pictures of the material."""
    folder = Path(os.environ.get("TWIN_INSPECTOR_DATA", ROOT.parent / "shared" / "data")) / "photos"
    found = sorted(folder.glob("*.jpg")) + sorted(folder.glob("imagenet/*.JPEG"))
    return [str(path) for path in found] or list(things.pictures)


def main() -> None:
    """Measure in turns and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="turns of each (default 7)")
    parser.add_argument("--plain-count", type=int, default=64, help="pictures of a turn")
    parser.add_argument("--count", type=int, default=256, help="pictures of a sweep's turn")
    options = parser.parse_args()
    things = material()
    paths = photos(things)
    print(f"{machine_facts()}\npair {things.pair}, {len(paths)} photos repeated\n")
    plain, ours = [], []
    with (
        _child("sweep_plain.py", *things.plain, *paths) as loop,
        _child("sweep_probe.py", things.pair, *paths) as sweep,
    ):
        for _ in range(options.rounds):
            plain.append(_ask(loop, options.plain_count))
            ours.append(_ask(sweep, options.count))
    report(plain, ours)


def report(plain: list[dict[str, Any]], ours: list[dict[str, Any]]) -> None:
    """Print figures, ratios, shares and the distance to the floor."""
    loop = statistics.median(one["rate"] for one in plain)
    rate = statistics.median(one["rate"] for one in ours)
    floor = statistics.median(one["floor_rate"] for one in ours)
    ratios = [b["rate"] / a["rate"] for a, b in zip(plain, ours, strict=True)]
    print(f"plain loop                  {loop:8.1f} pictures/s")
    print(f"sweep                       {rate:8.1f} pictures/s")
    print(
        f"  ratio                     {statistics.median(ratios):8.2f}      budget {BUDGET:g}; "
        f"each turn {', '.join(f'{ratio:.2f}' for ratio in ratios)}"
    )
    for key, what in (("cpu_ms", "processor time"), ("wall_ms", "wall time")):
        values = [statistics.median(one[key] for one in all_of) for all_of in (plain, ours)]
        print(
            f"{what:<20} plain {values[0]:6.1f} ms, sweep {values[1]:6.1f} ms a picture, "
            f"ratio {values[0] / values[1]:.2f}"
        )
    last = ours[-1]
    print(f"models                      {last['options']}")
    total = sum(last["shares"].values())
    for stage, seconds in last["shares"].items():
        print(
            f"  {stage:<12} {100 * seconds / total:5.1f} %  {1e3 * seconds / last['count']:6.2f} ms"
        )
    print(f"floor (models alone)        {floor:8.1f} pictures/s")
    reached = statistics.median(one["rate"] / one["floor_rate"] for one in ours)
    print(f"  the sweep reaches         {100 * reached:8.0f} % of it")


@contextlib.contextmanager
def _child(script: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Start a child and wait until it has loaded; it ends with its standard input."""
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(
            [sys.executable, str(HERE / script), *map(str, arguments)],
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        if not process.stdout or not process.stdout.readline():
            log.seek(0)
            raise SystemExit(f"{script} did not start:\n{log.read()[-3000:]}")
        yield process


def _ask(process: subprocess.Popen[str], count: int) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{count}\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


if __name__ == "__main__":
    main()
