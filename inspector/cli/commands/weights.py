"""``weights``: whether both releases hold the same checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.cli.options import add_fail_on_difference, add_pair, pair_of
from inspector.cli.progress import ConsoleWatcher
from inspector.core.weights.report import audit_json, audit_table

if TYPE_CHECKING:
    import argparse

    from inspector.cli.console import Console

NAME = "weights"
HELP = "prove or disprove, variable by variable, that both releases hold the same checkpoint"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_pair(parser)
    parser.add_argument("--all", action="store_true", help="list every variable")
    parser.add_argument("--json", action="store_true", help="print the whole audit as JSON")
    add_fail_on_difference(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Audit, print, and give the exit code."""
    from inspector.engine.loading import fetch_releases, open_release
    from inspector.engine.weights import audit_pair

    pair = pair_of(arguments.pair, console)
    with ConsoleWatcher(console) as watcher:
        fetch_releases((pair.left, pair.right), watcher)
        watcher.stage(f"Loading {pair.left.name}", 0.2)
        left = open_release(pair.left)
        watcher.stage(f"Loading {pair.right.name}", 0.5)
        right = open_release(pair.right)
        watcher.stage("Comparing weights", 0.9)
        audit = audit_pair(left, right)
    if arguments.json:
        console.json(audit_json(audit, pair))
    else:
        console.result(audit_table(audit, pair, everything=arguments.all))
    return int(arguments.fail_on_difference and not audit.same_checkpoint)
