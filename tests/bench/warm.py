"""One picture, warm: file → numbers of both models, and why they differ, against plain calls.

``python tests/bench/warm.py KERAS HUB SIZE PAIR IMAGE …`` prints one line of JSON. The two take
turns on every picture, in the same process; no picture comes twice in a row, so nothing that the
engine keeps of the last one helps it.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.engine.messages import CompareRequest

WARM_UP = 3
ROUNDS = 3


def main(keras_path: str, hub_path: str, size: int, pair_name: str, paths: list[str]) -> None:
    """Measure and print."""
    import tensorflow_hub as hub

    from inspector.core.catalogue import choose_pair
    from inspector.core.picture import PictureSource
    from inspector.engine.engine import Engine
    from inspector.session import Session
    from tests.bench import plain_script

    keras_model = plain_script.load_keras(keras_path, size)
    hub_model = hub.load(hub_path)
    engine, session = Engine(), Session(choose_pair(pair_name))

    def plain(path: str) -> None:
        plain_script.keras_scores(keras_model, path, size)
        plain_script.hub_scores(hub_model, path, size)

    def asked(path: str) -> CompareRequest:
        session.set_picture(PictureSource.from_path(path))
        request = session.request()
        assert request is not None
        return request

    def ours(path: str) -> None:
        engine.compare(asked(path))

    def why(path: str) -> None:
        engine.explain(asked(path))

    for path in paths[:WARM_UP]:
        plain(path)
        ours(path)
    plain_ms, our_ms = [], []
    for _ in range(ROUNDS):
        for path in paths:
            plain_ms.append(timed(plain, path))
            our_ms.append(timed(ours, path))
    why_ms = [timed(why, path) for path in (paths[0], *paths)][1:]  # the first studies the pair
    print(
        json.dumps(
            {
                "plain_ms": statistics.median(plain_ms),
                "ours_ms": statistics.median(our_ms),
                "explain_ms": statistics.median(why_ms),
                "explain_worst_ms": max(why_ms),
                "count": len(our_ms),
            }
        )
    )


def timed(work: Callable[[str], None], path: str) -> float:
    """Give the milliseconds of one call."""
    begun = time.perf_counter()
    work(path)
    return (time.perf_counter() - begun) * 1e3


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5:])
