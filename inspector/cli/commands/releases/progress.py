"""A download on a terminal."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.cli.console import Console

_LINE_SECONDS = 5.0
_TERMINAL_SECONDS = 0.2


class ProgressLine:
    """One download on standard error: a line that changes on a terminal, else one now and then."""

    def __init__(self, console: Console, name: str) -> None:
        self._console = console
        self._name = name
        self._terminal = console.err.isatty()
        self._last = time.monotonic() - (_TERMINAL_SECONDS if self._terminal else 0.0)
        self._drawn = False

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            self._console.message("")

    def tell(self, text: str) -> None:
        """Hear what the download waits for: a line of its own."""
        if self._drawn:
            self._console.message("")
            self._drawn = False
        self._console.message(f"{self._name}: {text}")

    def show(self, received: int, total: int | None, rate: float) -> None:
        """Hear how far it is."""
        now = time.monotonic()
        pause = _TERMINAL_SECONDS if self._terminal else _LINE_SECONDS
        if now - self._last < pause and received != total:
            return
        self._last = now
        of = "" if total is None else f" of {total / 1e6:.1f}"
        text = f"{self._name}: {received / 1e6:.1f}{of} MB, {rate / 1e6:.1f} MB/s"
        if not self._terminal:
            self._console.message(text)
            return
        self._drawn = True
        with contextlib.suppress(OSError):
            self._console.err.write(f"\r{text}\x1b[K")
            self._console.err.flush()
