"""Opening SQLite files, and SQLite's errors as the program's own.

Writers use the write-ahead log with ``synchronous = NORMAL``: a transaction that was committed
survives the end of the process however it comes (its frames are in the system's file cache), and
the file is never damaged. Only where the whole machine stops (a power cut) may the transactions
since the last checkpoint be missing; those pictures are simply done again on resuming.
"""

from __future__ import annotations

import contextlib
import sqlite3
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import (
    DiskFullError,
    ExportError,
    InputError,
    InspectorError,
    RunBusyError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_SECONDS = 10.0
"""How long a statement waits for another connection's lock."""

WAL_LIMIT = 64 * 1024 * 1024
"""Bytes to which the write-ahead log is cut back; readers can make it larger for a while."""

SIDE_FILES = ("-wal", "-shm")
"""Endings of the files that SQLite keeps beside a database."""

_NO_ROOM = frozenset(
    {
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)


def open_writer(path: Path) -> sqlite3.Connection:
    """Open an existing file for writing, in WAL mode where the file system can do it."""
    connection = _connect(path, "rw")
    try:
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        # Without a log only the full setting keeps the file whole at a power cut.
        connection.execute(f"PRAGMA synchronous = {'NORMAL' if mode == 'wal' else 'FULL'}")
        connection.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT}")
    except BaseException:
        connection.close()
        raise
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """Open a file for reading only, also while a writer is at work on it.

    A file in a folder that cannot be written is read as it stands where no log lies beside it.
    """
    try:
        connection = _connect(path, "ro")
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            connection.close()
            raise
    except sqlite3.OperationalError as error:
        cannot_open = primary_code(error) == sqlite3.SQLITE_CANTOPEN
        if not cannot_open or not path.is_file() or Path(f"{path}-wal").exists():
            raise
        connection = _connect(path, "ro&immutable=1")
    return connection


def open_builder(path: Path) -> sqlite3.Connection:
    """Open a file that nobody else knows yet and that is thrown away where its making fails."""
    connection = _connect(path, "rwc")
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Do everything inside, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite may have rolled back by itself
            connection.execute("ROLLBACK")
        raise


class DamagedValueError(Exception):
    """A value in a run file is none that a sweep writes."""


@contextlib.contextmanager
def understood() -> Iterator[None]:
    """Turn what goes wrong while values of a run file are read into DamagedValueError.

    SQLite itself keeps any kind of value in any column.
    """
    try:
        yield
    except (
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        ArithmeticError,
        struct.error,
    ) as error:
        raise DamagedValueError(str(error)) from error


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into the program's own, which name the file and the mend."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(path, error) from error
    except DamagedValueError as error:
        raise damaged(path) from error


def explain(path: Path, error: sqlite3.Error) -> InspectorError:
    """Give the program's own error for one of SQLite's about the file `path`."""
    code = primary_code(error)
    if code == sqlite3.SQLITE_FULL or extended_code(error) in _NO_ROOM:
        return DiskFullError(
            f"The disk has no more room for {path}.",
            "Free some space and go on: every finished picture is kept.",
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return RunBusyError(
            f"The run file {path} is locked by another program.",
            "Close what has it open, or wait until it is done.",
        )
    if code == sqlite3.SQLITE_NOTADB:
        return InputError(f"{path} is not a run file.", "Name a file that a sweep has made.")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_MISUSE):
        return damaged(path)
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return InputError(
            f"The run file {path} could not be opened.", "Check its path and permissions."
        )
    if code == sqlite3.SQLITE_READONLY:
        return ExportError(
            f"The run file {path} is read-only.", "Make it writable, or choose another file."
        )
    if code == sqlite3.SQLITE_ERROR:  # a missing table or column
        return damaged(path)
    return InputError(f"The run file {path} could not be used: {error}.", "Check its disk.")


def damaged(path: Path) -> InputError:
    """Give the error for a file that is no longer, or never was, a whole run file."""
    return InputError(
        f"The run file {path} is damaged or was not made by a sweep.",
        "Begin a new run, or restore the file from a copy.",
    )


def primary_code(error: sqlite3.Error) -> int:
    """Give SQLite's primary result code, 0 where the error is Python's own."""
    return extended_code(error) & 0xFF


def extended_code(error: sqlite3.Error) -> int:
    """Give SQLite's extended result code, 0 where the error is Python's own."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0)
