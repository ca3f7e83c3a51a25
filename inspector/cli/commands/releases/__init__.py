"""``releases``: listing, fetching, verifying, forgetting, trusting and publishing them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from inspector.cli.commands.releases import publishing, stored, trusting
from inspector.cli.commands.releases.rows import wanted_rows
from inspector.store.download import DEFAULT_TIMEOUT
from inspector.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.cli.console import Console
    from inspector.core.pairs import PairSide

NAME = "releases"
HELP = "list the releases of the known pairs; fetch, verify, forget, trust or publish them"

PUBLISH = "publish"

_ACTIONS: dict[str, Callable[[list[PairSide], Store, Console, bool], int]] = {
    "list": stored.tell_states,
    "fetch": stored.fetch,
    "verify": stored.verify,
    "forget": stored.forget,
}
"""Actions that take a pair."""

_TRUST: dict[str, Callable[[str | None, Console, bool], int]] = {
    "trust": trusting.trust,
    "distrust": trusting.distrust,
}
"""Actions that take a model's path or SHA-256 instead of a pair."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("action", choices=(*_ACTIONS, *_TRUST, PUBLISH), help="what to do")
    parser.add_argument(
        "id",
        metavar="ID|PATH",
        nargs="?",
        help="a pair, or one side of it: ID/left or ID/right; for trust and distrust the path of a "
        "model, or its SHA-256; for publish a Keras model",
    )
    parser.add_argument(
        "--pair", metavar="ID|FILE.toml", help="only this pair, or the pairs of a pair file"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        default=DEFAULT_TIMEOUT,
        help=f"give up a server that is silent this long (default {DEFAULT_TIMEOUT:g})",
    )
    publishing.add_arguments(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """List, fetch, verify or forget; give or take back trust; publish."""
    if arguments.action == PUBLISH:
        return publishing.publish(arguments, console)
    publishing.refuse_options(arguments)
    if arguments.action in _TRUST:
        return _TRUST[arguments.action](arguments.id, console, arguments.json)
    store = Store(timeout=arguments.timeout)
    return _ACTIONS[arguments.action](wanted_rows(arguments), store, console, arguments.json)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.05 <= value <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0.05 to 3600")
    return value
