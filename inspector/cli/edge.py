"""The command line's outer edge, where whatever went wrong becomes a sentence and an exit code."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Self

from inspector.cli.console import Console, quiet_console
from inspector.core.errors import InspectorError, first_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType

INTERRUPTED = 130
"""Exit code after Ctrl+C, as shells count it (128 + SIGINT)."""


INTERRUPT_PATIENCE_SECONDS = 1.0


class InterruptGuard:
    """Sees to it that Ctrl+C ends the work, also where something swallows the KeyboardInterrupt.

    Libraries do while they are imported: some catch everything, others turn it into an ImportError.
    So the interrupt is remembered, and where the work still goes on a second later, the process is
    ended as it is. Use it in a ``with`` block; outside the main thread it does nothing.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._timers: list[threading.Timer] = []
        self._is_main = threading.current_thread() is threading.main_thread()

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl+C was pressed."""
        return bool(self._timers)

    def __enter__(self) -> Self:
        if self._is_main:
            self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for timer in self._timers:
            timer.cancel()
        if self._is_main:
            signal.signal(signal.SIGINT, self._before)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if _is_importing("tensorflow"):
            self._leave()  # its native code aborts where an exception comes through it
        timer = threading.Timer(INTERRUPT_PATIENCE_SECONDS, self._leave)
        timer.daemon = True
        timer.start()
        self._timers.append(timer)
        raise KeyboardInterrupt

    def _leave(self) -> None:
        settle(KeyboardInterrupt(), self._console)
        os._exit(INTERRUPTED)


def _is_importing(name: str) -> bool:
    """Tell whether a module's import has begun and not ended."""
    spec = getattr(sys.modules.get(name), "__spec__", None)
    return bool(getattr(spec, "_initializing", False))


def run_quietly(work: Callable[[Console], int], debug: bool) -> int:
    """Do `work` with a console of its own; turn every error into a message and an exit code."""
    with quiet_console() as console, InterruptGuard(console) as guard:
        try:
            code = work(console)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the outer edge
            return settle(KeyboardInterrupt() if guard.interrupted else error, console, debug)
        return settle(KeyboardInterrupt(), console) if guard.interrupted else code


def settle(error: BaseException, console: Console | None = None, debug: bool = False) -> int:
    """Tell the user of an error that is being handled.

    Parameters
    ----------
    error
        What went wrong.
    console
        Where to tell it; the standard streams where None.
    debug
        Whether to show the traceback first.

    Returns
    -------
    int
        The exit code: that of an InspectorError, 130 after Ctrl+C, 0 where the reader of a help
        text has gone (as ``head`` does), 5 for everything else.
    """
    console = console or Console(sys.stdout, sys.stderr)
    if isinstance(error, KeyboardInterrupt):
        console.message("Interrupted.")
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return 0
    if debug:
        console.message("".join(traceback.format_exception(error)).rstrip())
    told = error if isinstance(error, InspectorError) else _explain(error)
    console.message(f"Error: {told.message}")
    if told.mend:
        console.message(f"       {told.mend}")
    return told.exit_code


def _explain(error: BaseException) -> InspectorError:
    if isinstance(error, ImportError):
        return InspectorError(
            f"A library could not be loaded: {first_line(error)}",
            "Run 'twin-inspector doctor' to see what is missing.",
        )
    return InspectorError(
        f"Something unexpected failed: {type(error).__name__}: {first_line(error)}",
        "Run it again with --debug and report what it shows.",
    )
