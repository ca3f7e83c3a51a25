"""``describe``: what a model file or release offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.cli.progress import ConsoleWatcher
from inspector.core.description import DescribeTask, release_to_describe
from inspector.core.reports.description_report import description_json, description_text

if TYPE_CHECKING:
    import argparse

    from inspector.cli.console import Console

NAME = "describe"
HELP = "show what a model offers: signatures, tags, layers, endpoints, operations, files"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="a file or folder, a handle https://…, a source line such as hub:PATH?tags=train, or "
        "a side of a pair: ID/left, FILE.toml#ID/right",
    )
    parser.add_argument(
        "--trust",
        metavar="SHA256",
        action="append",
        default=[],
        help="open a model of this content although it may run code or touch files",
    )
    parser.add_argument("--all", action="store_true", help="list everything, not the first few")
    parser.add_argument("--json", action="store_true", help="print the whole description as JSON")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Describe and print."""
    release = release_to_describe(arguments.model)
    from inspector.engine.engine import Engine
    from inspector.engine.tasks import do_task

    with ConsoleWatcher(console) as watcher:
        description = do_task(Engine(), DescribeTask(release), watcher)
    if arguments.json:
        console.json(description_json(description))
    else:
        console.result(description_text(description, everything=arguments.all))
    return 0
