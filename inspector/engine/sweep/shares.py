"""Where the time of a sweep goes."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STAGES = ("read", "decode", "preprocess", "left", "right", "compare", "write")
"""What a picture goes through: its bytes and header, decoding, both model inputs, both models,
the comparison, and its row in the run file."""


class Shares:
    """Seconds spent in each stage, over all threads."""

    def __init__(self) -> None:
        self._seconds = dict.fromkeys(STAGES, 0.0)
        self._turn = threading.Lock()

    @contextlib.contextmanager
    def of(self, stage: str) -> Iterator[None]:
        """Count what is done inside to a stage of `STAGES`."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            passed = time.perf_counter() - begun
            with self._turn:
                self._seconds[stage] += passed

    def add(self, seconds: Mapping[str, float]) -> None:
        """Count what was done elsewhere, by stage."""
        with self._turn:
            for stage, spent in seconds.items():
                self._seconds[stage] += spent

    def seconds(self) -> dict[str, float]:
        """Give the seconds of each stage so far."""
        with self._turn:
            return dict(self._seconds)
