"""Which sides of which pairs are meant, and how they are told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.catalogue import choose_pair, shipped_pairs
from inspector.core.errors import UsageError
from inspector.core.pairs import PairSide, Side, find_pair, read_pairs
from inspector.store.state import Presence

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from inspector.cli.console import Console
    from inspector.core.pairs import PairSpec
    from inspector.store.state import ReleaseState

SCHEMA = "twin-inspector/releases/1"

_STATES = {
    Presence.MISSING: "not on this machine",
    Presence.INCOMPLETE: "incomplete",
    Presence.USER_FILE: "here",
    Presence.HERE: "here",
    Presence.UNKNOWN: "kept by Keras itself",
}


def wanted_rows(arguments: argparse.Namespace) -> list[PairSide]:
    """Give the sides that are asked for; without any, all for a list."""
    pairs = wanted_pairs(arguments.pair)
    if arguments.id is None:
        if arguments.pair is None and arguments.action != "list":
            raise UsageError(
                f"'releases {arguments.action}' needs to know which.",
                f"Write for example 'releases {arguments.action} {pairs[0].id}'.",
            )
        return [PairSide(pair, side) for pair in pairs for side in Side]
    head, _, tail = arguments.id.rpartition("/")
    if head and tail in set(Side):
        return [PairSide(find_pair(pairs, head), Side(tail))]
    pair = find_pair(pairs, arguments.id)
    return [PairSide(pair, side) for side in Side]


def wanted_pairs(wanted: str | None) -> tuple[PairSpec, ...]:
    """Give the shipped pairs, all pairs of a file, or the one pair that is named."""
    if wanted is None:
        return shipped_pairs()
    if wanted.endswith(".toml"):
        return read_pairs(Path(os.path.expanduser(wanted)))
    return (choose_pair(wanted),)


def names_of(row: PairSide) -> dict[str, str]:
    """Give what names a row in JSON."""
    return {
        "pair": row.pair.id,
        "side": str(row.side),
        "release": row.release.name,
        "source": str(row.release.source),
    }


def show(states: Iterable[tuple[PairSide, ReleaseState]], console: Console, as_json: bool) -> None:
    """Print which releases are here."""
    if not as_json:
        console.result("\n".join(_lines(states)))
        return
    values = [
        {
            **names_of(row),
            "here": state.is_usable,
            "state": str(state.presence),
            "path": None if state.path is None else str(state.path),
            "bytes": state.bytes if state.is_usable else None,
            "sha256": state.sha256,
            "url": state.url or None,
            "time": state.time or None,
            "note": state.note or None,
        }
        for row, state in states
    ]
    console.json({"schema": SCHEMA, "releases": values})


def _lines(states: Iterable[tuple[PairSide, ReleaseState]]) -> list[str]:
    lines: list[str] = []
    last: PairSpec | None = None
    for row, state in states:
        if row.pair is not last:
            lines.append(f"{row.pair.id}   {row.pair.title}")
            last = row.pair
        size = f"{state.bytes / 1e6:.1f} MB" if state.bytes is not None else ""
        words = ", ".join(word for word in (_STATES[state.presence], size, state.note) if word)
        lines += [f"  {row.side:5}  {row.release.name}  ({words})"]
        lines += [f"         {row.release.source}"]
        if state.path is not None:
            lines.append(f"         {state.path}")
    return lines
