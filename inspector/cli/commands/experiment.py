"""``experiment``: known cases that should come out the same everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inspector.cli.options import add_pair, pair_of, whole_number
from inspector.cli.progress import ConsoleWatcher

if TYPE_CHECKING:
    import argparse

    import numpy as np
    from numpy.typing import NDArray

    from inspector.cli.console import Console
    from inspector.core.pairs import PairSpec
    from inspector.engine.random_batch import RandomBatch

NAME = "experiment"
HELP = "run a known case: random-batch"
SCHEMA = "twin-inspector/random-batch/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "experiment",
        choices=("random-batch",),
        help="the same random numbers, unchanged, to both models",
    )
    add_pair(parser)
    parser.add_argument(
        "--seed",
        type=lambda text: whole_number(text, 0, 2**32 - 1),
        default=42,
        help="of np.random.seed (default 42)",
    )
    parser.add_argument(
        "--count",
        type=lambda text: whole_number(text, 1, 1024),
        default=32,
        help="pictures in the batch (default 32)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run the experiment and print it."""
    from inspector.engine.engine import Engine
    from inspector.engine.random_batch import run_random_batch

    pair = pair_of(arguments.pair, console)
    with ConsoleWatcher(console) as watcher:
        loaded = Engine().load(pair, watcher)
        watcher.stage(f"Running {arguments.count} pictures")
        batch = run_random_batch(loaded, arguments.seed, arguments.count)
    if arguments.json:
        console.json(random_batch_json(pair, batch))
    else:
        console.result(random_batch_text(pair, batch))
    return 0


def random_batch_json(pair: PairSpec, batch: RandomBatch) -> dict[str, Any]:
    """Give the result as JSON."""
    return {
        "schema": SCHEMA,
        "pair": pair.id,
        "seed": batch.seed,
        "count": batch.count,
        "array_equal": batch.array_equal,
        "left": _side_json(pair.left.name, batch.left),
        "right": _side_json(pair.right.name, batch.right),
    }


def random_batch_text(pair: PairSpec, batch: RandomBatch) -> str:
    """Give the result for a terminal."""
    lines = [f"np.random.seed({batch.seed}); np.random.rand({batch.count}, …) unchanged to both"]
    for name, release, rows in (
        ("left", pair.left.name, batch.left),
        ("right", pair.right.name, batch.right),
    ):
        lines.append(
            f"  {name:5}  shape {tuple(rows.shape)!s:11}  sum of the first row "
            f"{rows[0].sum():.7g}  {release}"
        )
    lines.append(f"np.array_equal: {batch.array_equal}")
    return "\n".join(lines)


def _side_json(release: str, rows: NDArray[np.float32]) -> dict[str, Any]:
    sums = [float(total) for total in rows.sum(axis=1)]
    return {
        "release": release,
        "shape": list(rows.shape),
        "sum": sums[0],
        "row_sums": sums,
        "min": float(rows.min()),
        "max": float(rows.max()),
    }
