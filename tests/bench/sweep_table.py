"""The table of a large sweep: how long a page takes, and what a new order costs.

``python tests/bench/sweep_table.py [ROWS]`` makes a run of a million rows (or as many as are asked
for) in a temporary folder, and prints times and, as ratios, what they are against one plain read of
all rows in the same run.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from inspector.sweep.columns import COLUMNS
from inspector.sweep.filters import RowFilter, RowKind, RowOrder
from inspector.sweep.query import RunTable
from inspector.sweep.run_file import RunFile
from inspector.sweep.statistics import measure_run
from tests.bench.machine import machine_facts
from tests.sweep.made_up import make_info, make_large_run, make_rows

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = 100
BATCH = 32
BUDGET_MS = 50.0


def main(rows: int) -> None:
    """Measure and print."""
    print(machine_facts())
    with tempfile.TemporaryDirectory() as folder:
        print(f"writing: {batches_per_second(Path(folder)):.0f} rows/s in batches of {BATCH}")
        path = make_large_run(Path(folder) / "run.sqlite", rows)
        print(f"{rows} rows, {path.stat().st_size / 1e6:.0f} MB")
        with RunFile.open(path) as run:
            plain = timed(lambda: run.connection.execute("SELECT sum(js) FROM rows").fetchone())
            print(f"plain read of one column: {plain:.0f} ms")
            measure_pages(run, rows, plain)
            measure_filters(run, plain)
            whole = timed(lambda: measure_run(run))
            print(f"statistics: {whole:.0f} ms, {whole / plain:.1f} × the plain read")


def measure_pages(run: RunFile, rows: int, plain: float) -> None:
    """Sort by every column, then read pages at five places."""
    table = RunTable(run)
    builds, pages = [], []
    for column in COLUMNS:
        order = RowOrder(column.id, descending=True)
        builds.append(timed(lambda order=order: table.rows(order=order, limit=PAGE)))
        for part in (0.0, 0.25, 0.5, 0.75, 1.0):
            offset = int(part * (rows - PAGE))
            pages.append(
                timed(lambda order=order, at=offset: table.rows(order=order, offset=at, limit=PAGE))
            )
    print(
        f"new order: median {statistics.median(builds):.0f} ms, worst {max(builds):.0f} ms, "
        f"{statistics.median(builds) / plain:.1f} × the plain read"
    )
    late = sum(page > BUDGET_MS for page in pages)
    print(
        f"page of {PAGE}: median {statistics.median(pages):.1f} ms, worst {max(pages):.1f} ms, "
        f"{late} of {len(pages)} over {BUDGET_MS:.0f} ms"
    )


def measure_filters(run: RunFile, plain: float) -> None:
    """Choose rows in several ways."""
    for name, row_filter in (
        ("real disagreements", RowFilter(kind=RowKind.REAL)),
        ("text in path", RowFilter(text="777")),
        ("one cell", RowFilter(left_class=5, right_class=6)),
    ):
        table = RunTable(run)
        took = timed(lambda table=table, chosen=row_filter: table.rows(chosen))
        print(f"filter, {name}: {took:.0f} ms, {took / plain:.1f} × the plain read")
    took = timed(lambda: RunTable(run).worst())
    print(f"worst 50: {took:.0f} ms, {took / plain:.1f} × the plain read")


def batches_per_second(folder: Path) -> float:
    """Give how many rows a second are committed in small batches."""
    rows = list(make_rows(200 * BATCH))
    with RunFile.create(folder / "write.sqlite", make_info(), (row.item for row in rows)) as run:
        begun = time.perf_counter()
        for start in range(0, len(rows), BATCH):
            run.add(rows[start : start + BATCH])
        return len(rows) / (time.perf_counter() - begun)


def timed(work: Callable[[], object]) -> float:
    """Give the milliseconds of one call."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000.0


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
