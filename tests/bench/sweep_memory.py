"""Resident memory of a sweep from 1,000 to 20,000 pictures.

``python tests/bench/sweep_memory.py [COUNT]`` runs small pictures of several sizes, repeated,
through an untrained pair of 32 px, so that the pipeline turns over fast, and prints the memory at
each thousand. What grows with the pictures would show here as in any other sweep.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from inspector.engine.sweep.control import SweepWatcher
from inspector.starter.tiny import tiny_pair
from tests.bench.machine import machine_facts
from tests.bench.sweep_probe import load, run
from tests.support import pictures

if TYPE_CHECKING:
    from inspector.sweep.rows import SweepProgress

SIZES = ((91, 70), (320, 240), (64, 200), (500, 375))
STEP = 1000


class MemoryWatcher(SweepWatcher):
    """Prints the resident memory whenever another thousand pictures are done."""

    def __init__(self) -> None:
        super().__init__()
        self.megabytes: dict[int, float] = {}

    def progress(self, progress: SweepProgress) -> None:
        """Look at the memory at each thousand."""
        thousand = progress.done // STEP * STEP
        if thousand and thousand not in self.megabytes:
            self.megabytes[thousand] = resident_megabytes()
            print(f"{thousand:7d} pictures  {self.megabytes[thousand]:7.1f} MB", flush=True)


def resident_megabytes() -> float:
    """Give this process's resident memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


def main(count: int) -> None:
    """Run and print."""
    print(machine_facts())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [
            str(pictures.write(folder, f"{width}.jpg", pictures.jpeg(width, height)))
            for width, height in SIZES
        ]
        machine = load(str(tiny_pair(folder, seed=5, classes=101)))
        watcher = MemoryWatcher()
        wall, _ = run(machine, paths, count, watcher)
    found = watcher.megabytes
    least, most = min(found.values()), max(found.values())
    print(f"{count / wall:.0f} pictures/s; least {least:.1f} MB, most {most:.1f} MB")
    first = found[STEP]
    last = found[max(found)]
    print(f"growth from {STEP} to {max(found)} pictures: {last - first:+.1f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
