"""``trace``: where inside the two networks they part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.cli.options import add_comparison, add_fail_on_difference, make_request
from inspector.cli.progress import ConsoleWatcher
from inspector.core.reports.trace_report import trace_json, trace_text
from inspector.core.trace import TraceCode, TraceTask

if TYPE_CHECKING:
    import argparse

    from inspector.cli.console import Console

NAME = "trace"
HELP = "compare the activations inside both networks by depth, and say where they part"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_comparison(parser)
    parser.add_argument(
        "--all", action="store_true", help="list endpoints without a counterpart too"
    )
    parser.add_argument("--json", action="store_true", help="print the whole trace as JSON")
    add_fail_on_difference(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Trace, print, and give the exit code."""
    from inspector.engine.engine import Engine
    from inspector.engine.tasks import do_task

    request = make_request(arguments, console)
    task = TraceTask(request.picture, request.pair, request.left, request.right)
    with ConsoleWatcher(console) as watcher:
        trace = do_task(Engine(), task, watcher)
    if arguments.json:
        console.json(trace_json(trace, arguments.top))
    else:
        console.result(trace_text(trace, everything=arguments.all))
    return int(arguments.fail_on_difference and trace.path.code is not TraceCode.AGREE)
