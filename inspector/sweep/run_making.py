"""Making a run file, and the checks before one is written or gone on with."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.core.errors import ExportError, InputError
from inspector.core.files import atomic_path
from inspector.sweep import database, run_info, schema

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from inspector.sweep.rows import RunInfo, SweepItem


def make(target: Path, info: RunInfo, items: Iterable[SweepItem]) -> None:
    """Write a new run under its name, in place of the old one where there is any.

    The caller holds the lock.
    """
    with atomic_path(target) as temporary:
        _build(temporary, target, info, items)
        _remove_old(target)


def _build(temporary: Path, target: Path, info: RunInfo, items: Iterable[SweepItem]) -> None:
    """Write a whole new database: tables, facts and list."""
    with (
        database.explained(target),
        contextlib.closing(database.open_builder(temporary)) as connection,
    ):
        connection.executescript(schema.TABLES)
        connection.execute("BEGIN")
        total = connection.executemany(
            "INSERT INTO items (number, path, truth) VALUES (?, ?, ?)",
            (schema.encode_item(item) for item in items),
        ).rowcount
        if total <= 0:
            raise InputError(
                f"{info.listed or 'The list'} has no pictures in it.",
                "Name a folder, list, archive or pattern with JPEG, PNG or other picture files.",
            )
        facts = {"info": run_info.to_json(info), "total": total, "done": 0, "errors": 0}
        facts |= {"state": "running", "text": "", "beat": time.time()}
        connection.executemany("INSERT INTO facts VALUES (?, ?)", list(facts.items()))
        connection.execute("COMMIT")


def check_resume(target: Path, stored: RunInfo, asked: RunInfo) -> tuple[str, ...]:
    """Refuse to go on with other settings; give a sentence for each other version."""
    unequal = run_info.differences(stored, asked)
    if unequal:
        shown = "; ".join(unequal[:4]) + ("; and more" if len(unequal) > 4 else "")
        raise InputError(
            f"The run {target} was begun with other settings ({shown}).",
            "Resume it with its own settings, or begin a new run file.",
        )
    return run_info.version_changes(stored, asked)


def read_info(path: Path, connection: sqlite3.Connection) -> RunInfo:
    """Read what a run is about, after checking that the file is one."""
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if mark != schema.APPLICATION_ID:
        raise InputError(f"{path} is not a run file.", "Name a file that a sweep has made.")
    if version != schema.SCHEMA_VERSION:
        raise InputError(
            f"The run file {path} has format {version}, and this program reads "
            f"{schema.SCHEMA_VERSION}.",
            "Use the version of Twin Inspector that made it.",
        )
    try:
        return run_info.from_json(str(read_fact(connection, "info")))
    except (ValueError, TypeError) as error:
        raise database.damaged(path) from error


def read_fact(connection: sqlite3.Connection, key: str) -> Any:
    """Give one of the run's facts, None where there is none of that name."""
    found = connection.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
    return None if found is None else found[0]


def refuse_missing(target: Path) -> None:
    """Refuse where there is no file."""
    _refuse_folder(target)
    if not target.is_file():
        raise InputError(f"There is no run file {target}.", "Check its path.")


def refuse_existing(target: Path, force: bool) -> None:
    """Refuse to overwrite; with `force` only what is no run file."""
    _refuse_folder(target)
    if not target.exists() or (target.is_file() and target.stat().st_size == 0):
        return
    if not force:
        raise InputError(
            f"There is already a file {target}.",
            "Use --resume to go on with that run, or --force to replace it.",
        )
    with database.explained(target), contextlib.closing(database.open_reader(target)) as reader:
        read_info(target, reader)


def _refuse_folder(target: Path) -> None:
    if target.is_dir():
        raise InputError(
            f"{target} is a folder, and a run is kept in one file.",
            f"Name a file, such as {target / 'run.sqlite'}.",
        )


def _remove_old(target: Path) -> None:
    """Remove a run and its log: a log of the old file beside the new one would damage it."""
    try:
        for name in (str(target), *(f"{target}{ending}" for ending in database.SIDE_FILES)):
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(
            f"{target} could not be replaced: {error.strerror or error}.",
            "Close what has it open, or choose another file.",
        ) from error
