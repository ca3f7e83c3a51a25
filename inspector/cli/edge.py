"""The command line's outer edge, where whatever went wrong becomes a sentence and an exit code."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING

from inspector.cli.console import Console, quiet_console
from inspector.core.errors import InspectorError, first_line

if TYPE_CHECKING:
    from collections.abc import Callable

INTERRUPTED = 130
"""Exit code after Ctrl+C, as shells count it (128 + SIGINT)."""


def run_quietly(work: Callable[[Console], int], debug: bool) -> int:
    """Do `work` with a console of its own; turn every error into a message and an exit code."""
    with quiet_console() as console:
        try:
            return work(console)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the outer edge
            return settle(error, console, debug)


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
        The exit code: that of an InspectorError, 130 after Ctrl+C, 0 where the reader of the
        results has gone (as ``head`` does), 5 for everything else.
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
