"""``releases``: which releases are on this machine; fetching, verifying and forgetting them."""

from __future__ import annotations

import argparse
import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.catalogue import choose_pair, shipped_pairs
from inspector.core.errors import InspectorError, ReleaseError, ReleaseMissingError, UsageError
from inspector.core.pairs import Side, find_pair, read_pairs
from inspector.core.trust import TrustStore, content_sha256, parse_digest, trust_content
from inspector.store.caches import HUB_VARIABLE, is_cached_kind
from inspector.store.download import DEFAULT_TIMEOUT
from inspector.store.state import Presence
from inspector.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from inspector.cli.console import Console
    from inspector.core.pairs import PairSpec, ReleaseSpec
    from inspector.store.state import ReleaseState

NAME = "releases"
HELP = "list the releases of the known pairs; fetch, verify, forget or trust them"

_SCHEMA = "twin-inspector/releases/1"
_LINE_SECONDS = 5.0
_TERMINAL_SECONDS = 0.2

_STATES = {
    Presence.MISSING: "not on this machine",
    Presence.INCOMPLETE: "incomplete",
    Presence.USER_FILE: "here",
    Presence.HERE: "here",
    Presence.UNKNOWN: "kept by Keras itself",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One side of a pair."""

    pair: PairSpec
    side: Side

    @property
    def release(self) -> ReleaseSpec:
        return self.pair.release(self.side)

    @property
    def id(self) -> str:
        return f"{self.pair.id}/{self.side}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("action", choices=(*_ACTIONS, *_TRUST), help="what to do")
    parser.add_argument(
        "id",
        metavar="ID|PATH",
        nargs="?",
        help="a pair, or one side of it: ID/left or ID/right; for trust and distrust the path of a "
        "model, or its SHA-256",
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


def run(arguments: argparse.Namespace, console: Console) -> int:
    """List, fetch, verify or forget; give or take back trust."""
    if arguments.action in _TRUST:
        return _TRUST[arguments.action](arguments.id, console, arguments.json)
    rows = _wanted_rows(arguments)
    return _ACTIONS[arguments.action](
        rows, Store(timeout=arguments.timeout), console, arguments.json
    )


def _list(rows: list[_Row], store: Store, console: Console, as_json: bool) -> int:
    states = [(row, store.state(row.release)) for row in rows]
    _show(states, console, as_json)
    return 0


def _fetch(rows: list[_Row], store: Store, console: Console, as_json: bool) -> int:
    states: list[tuple[_Row, ReleaseState]] = []
    errors: list[InspectorError] = []
    for row in rows:
        try:
            with _ProgressLine(console, row.release.name) as progress:
                states.append((row, store.fetch(row.release, progress.show)))
        except ReleaseMissingError as error:
            errors.append(error)
    if states or not errors:
        _show(states, console, as_json)
    if any(row.release.source.is_remote and _is_hub(row) for row, _ in states):
        _tell_of_hub_cache(states, console)
    _raise_last(errors, console)
    return 0


def _verify(rows: list[_Row], store: Store, console: Console, as_json: bool) -> int:
    found = [(row, store.verify(row.release)) for row in rows]
    if as_json:
        values = [
            {
                **_names(row),
                "ok": result.ok,
                "path": str(result.path),
                "sha256": result.sha256,
                "expected": result.expected,
                "text": result.text,
            }
            for row, result in found
        ]
        console.json({"schema": _SCHEMA, "releases": values})
    else:
        console.result("\n".join(f"{row.id}: {result.text}" for row, result in found))
    wrong = [row for row, result in found if not result.ok]
    if wrong:
        raise ReleaseError(
            f"Not verified: {', '.join(row.id for row in wrong)}.",
            f"Run 'releases forget {wrong[0].id}', then 'releases fetch {wrong[0].id}'.",
        )
    return 0


def _forget(rows: list[_Row], store: Store, console: Console, as_json: bool) -> int:
    # A user's own file among them is refused before anything is removed.
    for row in rows:
        if not is_cached_kind(row.release.source):
            store.forget(row.release)
    found = [(row, *store.forget(row.release)) for row in rows]
    if as_json:
        values = [
            {**_names(row), "removed": [str(path) for path in paths], "bytes": size}
            for row, paths, size in found
        ]
        console.json({"schema": _SCHEMA, "releases": values})
        return 0
    for row, paths, size in found:
        what = f"removed, {size / 1e6:.1f} MB" if paths else "was not on this machine"
        console.result("\n".join([f"{row.id}: {what}", *(f"  {path}" for path in paths)]))
    return 0


_ACTIONS: dict[str, Callable[[list[_Row], Store, Console, bool], int]] = {
    "list": _list,
    "fetch": _fetch,
    "verify": _verify,
    "forget": _forget,
}


def _wanted_rows(arguments: argparse.Namespace) -> list[_Row]:
    """Give the sides that are asked for; without any, all for a list."""
    pairs = wanted_pairs(arguments.pair)
    if arguments.id is None:
        if arguments.pair is None and arguments.action != "list":
            raise UsageError(
                f"'releases {arguments.action}' needs to know which.",
                f"Write for example 'releases {arguments.action} {pairs[0].id}'.",
            )
        return [_Row(pair, side) for pair in pairs for side in Side]
    head, _, tail = arguments.id.rpartition("/")
    if head and tail in set(Side):
        return [_Row(find_pair(pairs, head), Side(tail))]
    pair = find_pair(pairs, arguments.id)
    return [_Row(pair, side) for side in Side]


def wanted_pairs(wanted: str | None) -> tuple[PairSpec, ...]:
    """Give the shipped pairs, all pairs of a file, or the one pair that is named."""
    if wanted is None:
        return shipped_pairs()
    if wanted.endswith(".toml"):
        return read_pairs(Path(os.path.expanduser(wanted)))
    return (choose_pair(wanted),)


def _names(row: _Row) -> dict[str, str]:
    return {
        "pair": row.pair.id,
        "side": str(row.side),
        "release": row.release.name,
        "source": str(row.release.source),
    }


def _show(states: Iterable[tuple[_Row, ReleaseState]], console: Console, as_json: bool) -> None:
    if not as_json:
        console.result("\n".join(_lines(states)))
        return
    values = [
        {
            **_names(row),
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
    console.json({"schema": _SCHEMA, "releases": values})


def _lines(states: Iterable[tuple[_Row, ReleaseState]]) -> list[str]:
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


def _is_hub(row: _Row) -> bool:
    return str(row.release.source).startswith("hub:")


def _tell_of_hub_cache(states: list[tuple[_Row, ReleaseState]], console: Console) -> None:
    """Say how the user's own scripts find the module, where no cache of Hub is chosen."""
    folder = next(state.path for row, state in states if _is_hub(row) and state.path is not None)
    if not os.environ.get(HUB_VARIABLE):
        console.message(
            f"Your own scripts find the Hub module where {HUB_VARIABLE}={folder.parent} is set."
        )


def _raise_last(errors: list[InspectorError], console: Console) -> None:
    """Tell of every error; the last one ends the command."""
    for error in errors[:-1]:
        console.message(f"Error: {error.message}\n       {error.mend}")
    if errors:
        raise errors[-1]


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.05 <= value <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0.05 to 3600")
    return value


class _ProgressLine:
    """One download on standard error: a line that changes on a terminal, else one now and then."""

    def __init__(self, console: Console, name: str) -> None:
        self._console = console
        self._name = name
        self._terminal = console.err.isatty()
        self._last = time.monotonic() - (_TERMINAL_SECONDS if self._terminal else 0.0)
        self._drawn = False

    def __enter__(self) -> _ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            self._console.message("")

    def show(self, received: int, total: int | None, rate: float) -> None:
        """Hear how far it is."""
        now = time.monotonic()
        pause = _TERMINAL_SECONDS if self._terminal else _LINE_SECONDS
        if now - self._last < pause and received != total:
            return
        self._last = now
        of = "" if total is None else f" of {total / 1e6:.1f}"
        text = f"{self._name}: {received / 1e6:.1f}{of} MB, {rate / 1e6:.1f} MB/s"
        if not self._terminal:
            self._console.message(text)
            return
        self._drawn = True
        with contextlib.suppress(OSError):
            self._console.err.write(f"\r{text}\x1b[K")
            self._console.err.flush()


def _trust(what: str | None, console: Console, as_json: bool) -> int:
    entry = trust_content(_named(what))
    if as_json:
        console.json({"schema": _SCHEMA, "trusted": {"sha256": entry.sha256, "path": entry.name}})
    else:
        console.result(f"Trusted from now on: {entry.sha256}  {entry.name}")
        console.message("A trusted model can do all that you can do when it is opened.")
    return 0


def _distrust(what: str | None, console: Console, as_json: bool) -> int:
    named = _named(what)
    path = Path(named).expanduser()
    digest = content_sha256(path.resolve()) if path.exists() else parse_digest(named)
    removed = TrustStore().remove(digest)
    if as_json:
        console.json({"schema": _SCHEMA, "distrusted": {"sha256": digest, "was_trusted": removed}})
    else:
        console.result(f"{'No longer trusted' if removed else 'It was not trusted'}: {digest}")
    return 0


def _named(what: str | None) -> str:
    if not what:
        raise UsageError("Neither a path nor a SHA-256 was named.", "Write releases trust PATH.")
    return what


_TRUST: dict[str, Callable[[str | None, Console, bool], int]] = {
    "trust": _trust,
    "distrust": _distrust,
}
"""Actions that take a model's path or SHA-256 instead of a pair."""
