"""How far a sweep is: one line on a terminal, plain lines in a log, or JSON for a program."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Self

from inspector.cli.console import Console
from inspector.cli.progress import ConsoleWatcher
from inspector.cli.sweep_summary import counted
from inspector.core.errors import Cancelled
from inspector.core.numbers import rate_text
from inspector.core.printable import printable
from inspector.engine.sweep.control import SweepWatcher
from inspector.sweep.rows import SweepProgress

if TYPE_CHECKING:
    from types import TracebackType

    from inspector.engine.watcher import Watcher

SCHEMA = "twin-inspector/sweep-progress/1"
TERMINAL_SECONDS = 0.2
LOG_SECONDS = 10.0
JSON_SECONDS = 1.0
PAUSED = "paused"


class MessageConsole(Console):
    """A console whose messages are lines of JSON, as a program reads them beside the progress."""

    def message(self, text: str) -> None:
        """Write each line of a message as ``{"message": …}``."""
        for line in text.splitlines():
            Console.message(self, json.dumps({"message": line}))


class RunWatcher(SweepWatcher):
    """Raises Cancelled between the stages of loading, and knows how long the run was paused."""

    def __init__(self) -> None:
        super().__init__()
        self._paused = 0.0
        self._since: float | None = None

    @property
    def paused_seconds(self) -> float:
        """How long the run was paused, up to the last pause's end."""
        return self._paused

    def go_on(self) -> None:
        """Do nothing, unless the order to stop was given.

        Raises
        ------
        Cancelled
            Where it was.
        """
        if self.is_unwanted():
            raise Cancelled

    def progress(self, progress: SweepProgress) -> None:
        """Count the time of pauses."""
        now = time.monotonic()
        if self._since is not None:
            self._paused += now - self._since
        self._since = now if progress.state == PAUSED else None


class _Stages(ConsoleWatcher):
    """Stages on a terminal that end where the run is no longer wanted."""

    def __init__(self, console: Console, watcher: RunWatcher) -> None:
        super().__init__(console)
        self._watcher = watcher

    def stage(self, text: str, fraction: float | None = None) -> None:
        """Hear that a stage begins; raises Cancelled where the run is no longer wanted."""
        self._watcher.go_on()
        super().stage(text, fraction)

    def is_unwanted(self) -> bool:
        """Tell whether the run is no longer wanted."""
        return self._watcher.is_unwanted()


class ConsoleSweepWatcher(RunWatcher):
    """Writes progress to standard error. It is a context manager."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._is_terminal = console.err.isatty()
        self._next = 0.0
        self._state = ""
        self._width = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.settle()

    def loading(self) -> contextlib.AbstractContextManager[Watcher]:
        """Give who is told what is done before the first picture."""
        return _Stages(self._console, self)

    def progress(self, progress: SweepProgress) -> None:
        """Write how far the run is, now and then, and whenever its state changes."""
        super().progress(progress)
        now = time.monotonic()
        state = f"{progress.state} {progress.text}"
        if now < self._next and state == self._state:
            return
        self._next = now + (TERMINAL_SECONDS if self._is_terminal else LOG_SECONDS)
        self._state = state
        if self._is_terminal:
            self._overwrite(progress_text(progress))
        else:
            self._console.message(progress_text(progress))

    def settle(self) -> None:
        """End the line that is being overwritten; nothing more is written."""
        if self._width:
            self._console.message("")
            self._width = 0

    def _overwrite(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self._console.err.write(f"\r{text:<{self._width}}")
            self._console.err.flush()
        self._width = len(text)


class JsonSweepWatcher(RunWatcher):
    """Writes one line of JSON a second to standard error. It is a context manager."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._turn = threading.Lock()
        self._latest = SweepProgress(0, 0, 0, None, None, "loading")
        self._ended = threading.Event()
        self._ticker = threading.Thread(target=self._tick, name="sweep-progress", daemon=True)

    def __enter__(self) -> Self:
        self._ticker.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._ticker.join()
        self._write()

    def loading(self) -> contextlib.AbstractContextManager[Watcher]:
        """Give who is told what is done before the first picture."""
        return contextlib.nullcontext(self)

    def stage(self, text: str, fraction: float | None = None) -> None:
        """Hear that something begins, before the first picture; may raise Cancelled."""
        self.go_on()
        self._set(SweepProgress(0, 0, 0, None, None, "loading", text))

    def progress(self, progress: SweepProgress) -> None:
        """Take over how far the run is; a new state is written at once."""
        super().progress(progress)
        self._set(progress)

    def settle(self) -> None:
        """Do nothing: every line is whole."""

    def _set(self, progress: SweepProgress) -> None:
        with self._turn:
            before, self._latest = self._latest, progress
        if (before.state, before.text) != (progress.state, progress.text):
            self._write()

    def _tick(self) -> None:
        while not self._ended.wait(JSON_SECONDS):
            self._write()

    def _write(self) -> None:
        with self._turn:
            self._console.message(json.dumps(progress_json(self._latest), allow_nan=False))


def progress_json(progress: SweepProgress) -> dict[str, Any]:
    """Give progress as plain values, in the form ``twin-inspector/sweep-progress/1``."""
    return {"schema": SCHEMA, **asdict(_without_pace(progress))}


def progress_text(progress: SweepProgress) -> str:
    """Write progress as a line."""
    progress = _without_pace(progress)
    parts = [f"{progress.done} of {counted(progress.total, 'picture')}"]
    if progress.rate:
        parts.append(f"{rate_text(progress.rate)} a second")
    if progress.seconds_left is not None:
        parts.append(f"{span_text(progress.seconds_left)} left")
    parts.append(counted(progress.errors, "error"))
    line = ", ".join(parts)
    if progress.state not in {"running", "finished"}:
        line = f"{progress.state.capitalize()}: {line}"
    return f"{line}. {printable(progress.text)}" if progress.text else line


def _without_pace(progress: SweepProgress) -> SweepProgress:
    """Take the rate away where the run is paused: it is of before."""
    if progress.state != PAUSED:
        return progress
    return replace(progress, rate=None, seconds_left=None)


def span_text(seconds: float) -> str:
    """Write a span of time with its two largest units."""
    whole = round(seconds)
    for large, small, unit, smaller in (
        (86400, 3600, "d", "h"),
        (3600, 60, "h", "min"),
        (60, 1, "min", "s"),
    ):
        if whole >= large:
            return f"{whole // large} {unit} {whole % large // small} {smaller}"
    return f"{whole} s"
