"""``compare``: one picture through both releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.cli.options import add_comparison, add_fail_on_difference, make_request
from inspector.cli.progress import ConsoleWatcher
from inspector.core.reports.feature_aware import any_json, any_text

if TYPE_CHECKING:
    import argparse

    from inspector.cli.console import Console
    from inspector.core.features.kinds import AnyResult

NAME = "compare"
HELP = "compare both releases on one picture"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_comparison(parser, runs=True)
    parser.add_argument("--json", action="store_true", help="print the whole comparison as JSON")
    add_fail_on_difference(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Compare, print, and give the exit code."""
    result = run_comparison(arguments, console)
    if arguments.json:
        console.json(any_json(result, arguments.top))
    else:
        console.result(any_text(result, arguments.top))
    return int(arguments.fail_on_difference and not result.verdict.agrees)


def run_comparison(arguments: argparse.Namespace, console: Console) -> AnyResult:
    """Run what :func:`inspector.cli.options.add_comparison` asked for."""
    from inspector.engine.engine import Engine

    request = make_request(arguments, console)
    with ConsoleWatcher(console) as watcher:
        return Engine().compare(request, watcher)
