"""The loop that a user would write: every photo through both releases, one by one.

``python tests/bench/sweep_plain.py KERAS HUB SIZE IMAGE …`` reads numbers of pictures, one a line,
and answers each with one line of JSON; a first line says that it is ready.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import tensorflow_hub as hub

from tests.bench.plain_script import hub_scores, keras_scores, load_keras

WARM_UP = 3


def main(keras_path: str, hub_path: str, size: int, paths: list[str]) -> None:
    """Load once, then measure whenever a number of pictures comes on standard input."""
    left, right = load_keras(keras_path, size), hub.load(hub_path)
    coming = itertools.cycle(paths)

    def compare(path: str) -> bool:
        a, b = keras_scores(left, path, size), hub_scores(right, path, size)
        return int(a.argmax()) == int(b[1:].argmax())

    for path in itertools.islice(coming, WARM_UP):
        compare(path)
    print("{}", flush=True)
    for line in sys.stdin:
        count = int(line)
        wall, cpu = time.perf_counter(), time.process_time()
        same = sum(compare(path) for path in itertools.islice(coming, count))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        figures = {"rate": count / wall, "wall_ms": 1e3 * wall / count, "cpu_ms": 1e3 * cpu / count}
        print(json.dumps({**figures, "same": same}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:])
