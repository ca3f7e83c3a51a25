"""``sweep``: a folder through both releases, into a run file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.cli.sweep_changes import report_changes
from inspector.cli.sweep_options import COMPARE, add_arguments, check_arguments
from inspector.cli.sweep_progress import MessageConsole
from inspector.cli.sweep_report import report_run
from inspector.cli.sweep_run import run_pictures

if TYPE_CHECKING:
    import argparse

    from inspector.cli.console import Console

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "sweep"
HELP = "compare both releases on a whole folder, and say what a run comes to"


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Run pictures, report on a run, or compare two; give the exit code."""
    if arguments.pictures[:1] == [COMPARE]:
        return report_changes(arguments, console)
    check_arguments(arguments)
    if arguments.progress == "json":
        console = MessageConsole(console.out, console.err)
    if not arguments.report_only:
        code = run_pictures(arguments, console)
        if code != 0:
            return code
    return report_run(arguments, console)
