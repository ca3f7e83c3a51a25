"""Listing, fetching, verifying and forgetting the releases of pairs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from inspector.cli.commands.releases.progress import ProgressLine
from inspector.cli.commands.releases.rows import SCHEMA, names_of, show
from inspector.core.errors import InspectorError, ReleaseError, ReleaseMissingError
from inspector.store.caches import HUB_VARIABLE, is_cached_kind

if TYPE_CHECKING:
    from inspector.cli.console import Console
    from inspector.core.pairs import PairSide
    from inspector.store.state import ReleaseState, Verification
    from inspector.store.store import Store


def tell_states(rows: list[PairSide], store: Store, console: Console, as_json: bool) -> int:
    """List what is on this machine."""
    states = [(row, store.state(row.release)) for row in rows]
    show(states, console, as_json)
    return 0


def fetch(rows: list[PairSide], store: Store, console: Console, as_json: bool) -> int:
    """Fetch what is not here, and list it."""
    states: list[tuple[PairSide, ReleaseState]] = []
    errors: list[InspectorError] = []
    for row in rows:
        try:
            with ProgressLine(console, row.release.name) as progress:
                state = store.fetch(row.release, progress.show, tell=progress.tell)
                states.append((row, state))
        except ReleaseMissingError as error:
            errors.append(error)
    if states or not errors:
        show(states, console, as_json)
    if any(row.release.source.is_remote and _is_hub(row) for row, _ in states):
        _tell_of_hub_cache(states, console)
    _raise_last(errors, console)
    return 0


def verify(rows: list[PairSide], store: Store, console: Console, as_json: bool) -> int:
    """Hold what is here against its known SHA-256."""
    found: list[tuple[PairSide, Verification]] = []
    missing: list[InspectorError] = []
    for row in rows:
        try:
            found.append((row, store.verify(row.release)))
        except ReleaseMissingError as error:
            missing.append(error)
    if as_json:
        values = [
            {
                **names_of(row),
                "ok": result.ok,
                "path": str(result.path),
                "sha256": result.sha256,
                "expected": result.expected,
                "text": result.text,
            }
            for row, result in found
        ]
        console.json({"schema": SCHEMA, "releases": values})
    elif found:
        console.result("\n".join(f"{row.id}: {result.text}" for row, result in found))
    wrong = [row for row, result in found if not result.ok]
    if wrong:
        _tell_each(missing, console)
        raise ReleaseError(
            f"Not verified: {', '.join(row.id for row in wrong)}.",
            f"Run 'releases forget {wrong[0].id}', then 'releases fetch {wrong[0].id}'.",
        )
    _raise_last(missing, console)
    return 0


def forget(rows: list[PairSide], store: Store, console: Console, as_json: bool) -> int:
    """Remove what was fetched."""
    # A user's own file among them is refused before anything is removed.
    for row in rows:
        if not is_cached_kind(row.release.source):
            store.forget(row.release)
    found = [(row, *store.forget(row.release)) for row in rows]
    if as_json:
        values = [
            {**names_of(row), "removed": [str(path) for path in paths], "bytes": size}
            for row, paths, size in found
        ]
        console.json({"schema": SCHEMA, "releases": values})
        return 0
    for row, paths, size in found:
        what = f"removed, {size / 1e6:.1f} MB" if paths else "was not on this machine"
        console.result("\n".join([f"{row.id}: {what}", *(f"  {path}" for path in paths)]))
    return 0


def _is_hub(row: PairSide) -> bool:
    return str(row.release.source).startswith("hub:")


def _tell_of_hub_cache(states: list[tuple[PairSide, ReleaseState]], console: Console) -> None:
    """Say how the user's own scripts find the module, where no cache of Hub is chosen."""
    folder = next(state.path for row, state in states if _is_hub(row) and state.path is not None)
    if not os.environ.get(HUB_VARIABLE):
        console.message(
            f"Your own scripts find the Hub module where {HUB_VARIABLE}={folder.parent} is set."
        )


def _raise_last(errors: list[InspectorError], console: Console) -> None:
    """Tell of every error; the last one ends the command."""
    _tell_each(errors[:-1], console)
    if errors:
        raise errors[-1]


def _tell_each(errors: list[InspectorError], console: Console) -> None:
    for error in errors:
        console.message(f"Error: {error.message}\n       {error.mend}")
