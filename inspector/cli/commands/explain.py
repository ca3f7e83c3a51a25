"""``explain``: why the two differ on one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.cli.options import add_comparison, add_fail_on_difference, make_request
from inspector.cli.progress import ConsoleWatcher
from inspector.core.reports.feature_aware import any_explanation_json, any_explanation_text

if TYPE_CHECKING:
    import argparse

    from inspector.cli.console import Console

NAME = "explain"
HELP = "say why the two differ: findings, attribution, cross-feed, what would close the gap"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_comparison(parser, runs=True)
    parser.add_argument("--json", action="store_true", help="print the whole explanation as JSON")
    add_fail_on_difference(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Explain, print, and give the exit code."""
    from inspector.engine.engine import Engine

    request = make_request(arguments, console)
    with ConsoleWatcher(console) as watcher:
        explanation = Engine().explain(request, watcher)
    if arguments.json:
        console.json(any_explanation_json(explanation, arguments.top))
    else:
        console.result(any_explanation_text(explanation))
    return int(arguments.fail_on_difference and not explanation.verdict.agrees)
