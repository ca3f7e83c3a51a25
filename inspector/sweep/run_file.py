"""The run file of a sweep: what is to be done, what is done, and how far it is.

A run file is an SQLite database in WAL mode. Each batch of rows is one transaction, so a process
that is killed at any moment loses no finished row; a resumed run asks for what has no row yet, so
nothing is done twice. :mod:`inspector.sweep.database` says what a power cut may lose.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Self

from inspector.sweep import database, run_lock, run_making, run_notes, schema
from inspector.sweep.rows import SweepProgress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from inspector.sweep.rows import RunInfo, SweepItem, SweepRow

RATE_SECONDS = 30.0
LEAST_RATE_SECONDS = 1.0
"""Longest and shortest span over which the rate is taken."""

LIVE_STATES = ("running", "paused")
"""States that only hold while somebody writes the file; without a writer they mean ``stopped``."""


class RunFile:
    """One run, open for writing (:meth:`create`, :meth:`resume`) or reading (:meth:`open`).

    It may be handed from thread to thread, but is used by one at a time. It is a context manager.

    Attributes
    ----------
    path
        The file itself, also where a link to it was named.
    info
        What the run is about.
    warnings
        Sentences on what is not as it was when the run began; only after :meth:`resume`.
    connection
        The database, for the modules of this package that read it.
    """

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        lock: run_lock.RunLock | None = None,
        warnings: tuple[str, ...] = (),
    ) -> None:
        self.path = path
        self.connection = connection
        self.warnings = warnings
        self._lock = lock
        self._marks: deque[tuple[float, int]] = deque()
        self._opened = time.monotonic()
        self.info: RunInfo = run_making.read_info(path, connection)
        self._seconds_before = self.seconds or 0.0

    @classmethod
    def create(
        cls,
        path: str | os.PathLike[str],
        info: RunInfo,
        items: Iterable[SweepItem],
        force: bool = False,
    ) -> Self:
        """Begin a run.

        The file appears under its name only when the whole list is in it.

        Parameters
        ----------
        path
            The file to make; where it is a link, the file behind it.
        info
            What the run is about.
        items
            The pictures; read once, none kept in memory.
        force
            Whether a run file that is there already is replaced.

        Raises
        ------
        InputError
            Where there is a file already (with `force`: one that is no run file), or no picture.
        RunBusyError
            Where another process writes the file that is there.
        ExportError
            Where it cannot be written.
        """
        target = run_lock.real_path(path)
        lock = run_lock.RunLock(target)
        lock.acquire()
        try:
            run_making.refuse_existing(target, force)
            run_making.make(target, info, items)
            return cls._open_writer(target, lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def resume(cls, path: str | os.PathLike[str], info: RunInfo) -> Self:
        """Go on with a run.

        Raises
        ------
        InputError
            Where there is no such run, or it has another pair, other modes, stages, hashes or
            labels; the message names them.
        RunBusyError
            Where another process writes it.
        """
        target = run_lock.real_path(path)
        run_making.refuse_missing(target)
        lock = run_lock.RunLock(target)
        lock.acquire()
        try:
            return cls._open_writer(target, lock, info)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Self:
        """Open a run for reading, also while it is being written.

        Raises
        ------
        InputError
            Where there is no such file, or it is no run file or damaged.
        """
        target = run_lock.real_path(path)
        run_making.refuse_missing(target)
        with database.explained(target):
            connection = database.open_reader(target)
            try:
                return cls(target, connection)
            except BaseException:
                connection.close()
                raise

    @classmethod
    def _open_writer(
        cls, target: Path, lock: run_lock.RunLock, asked: RunInfo | None = None
    ) -> Self:
        with database.explained(target):
            # A file that is no run is recognised before anything of it is changed.
            with contextlib.closing(database.open_reader(target)) as reader:
                stored = run_making.read_info(target, reader)
            warnings = run_making.check_resume(target, stored, asked) if asked else ()
            connection = database.open_writer(target)
            try:
                return cls(target, connection, lock, warnings)
            except BaseException:
                connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def writable(self) -> bool:
        """Tell whether this is the run's writer."""
        return self._lock is not None

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what the run does not have, such as folders that could not be read."""
        return run_notes.sentences(self.path, self._fact(run_notes.KEY))

    def add_notes(self, sentences: Sequence[str]) -> None:
        """Keep sentences on what was left out; those beyond `run_notes.MOST` are only counted."""
        if not sentences:
            return
        with database.explained(self.path), database.transaction(self.connection):
            kept = run_making.read_fact(self.connection, run_notes.KEY)
            self._set(**{run_notes.KEY: run_notes.joined(self.path, kept, sentences)})

    @property
    def seconds(self) -> float | None:
        """For how long the run was open for writing until its last sign of life, if known."""
        seconds = self._fact("seconds")
        return None if seconds is None else float(seconds)

    def count(self) -> int:
        """Give the number of pictures in the run's list."""
        return int(self._fact("total") or 0)

    def progress(self) -> SweepProgress:
        """Tell how far the run is.

        A run whose writer is gone without a word is ``stopped``, whatever its file says.
        """
        with database.explained(self.path), database.understood():
            facts = self._facts()
            total, done = int(facts["total"]), int(facts["done"])
            state = str(facts["state"])
            if state in LIVE_STATES and not self.writable and not run_lock.is_held(self.path):
                state = "stopped"
            rate = float(facts.get("rate") or 0.0)
            return SweepProgress(
                done=done,
                total=total,
                errors=int(facts["errors"]),
                rate=rate or None,
                seconds_left=(total - done) / rate if rate and state == "running" else None,
                state=state,
                text=str(facts.get("text") or ""),
            )

    def pending(self, after: int = -1, limit: int = 1000) -> list[SweepItem]:
        """Give the next pictures that have no row yet.

        Parameters
        ----------
        after
            Only numbers above this one; -1 from the beginning.
        limit
            At most so many.
        """
        with database.explained(self.path):
            found = self.connection.execute(
                "SELECT number, path, truth FROM items WHERE number > ? AND NOT EXISTS"
                " (SELECT 1 FROM rows WHERE rows.number = items.number) ORDER BY number LIMIT ?",
                (after, limit),
            ).fetchall()
        return [schema.decode_item(values) for values in found]

    def add(self, rows: Sequence[SweepRow]) -> int:
        """Keep finished rows, in one transaction; a number that has a row already is left alone.

        Returns
        -------
        int
            How many rows are new.

        Raises
        ------
        DiskFullError
            Where there is no more room. Nothing of the batch is kept then, everything before it
            is; free some space and call again with the same rows.
        """
        latest = {row.item.number: row for row in rows}
        with database.explained(self.path):
            with database.transaction(self.connection):
                fresh = [latest[number] for number in self._without_row(list(latest))]
                self.connection.executemany(
                    schema.INSERT_ROW, [schema.encode_row(row) for row in fresh]
                )
                self._count_up(len(fresh), sum(bool(row.error) for row in fresh))
            self._marks.append((time.monotonic(), len(fresh)))
            self._keep_log_small()
        return len(fresh)

    def forget_errors(self) -> int:
        """Take away the rows with an error, so that those pictures are tried again; count them."""
        with database.explained(self.path), database.transaction(self.connection):
            taken = self.connection.execute("DELETE FROM rows WHERE error <> ''").rowcount
            self._count_up(-taken, -taken)
        return int(taken)

    def set_state(self, state: str, text: str = "") -> None:
        """Say what the run is doing; see :class:`inspector.sweep.rows.SweepProgress`.

        Raises
        ------
        DiskFullError
            Where there is no more room even for this.
        """
        with database.explained(self.path), database.transaction(self.connection):
            values: dict[str, Any] = {"state": state, "text": text, "beat": time.time()}
            if state == "running":
                self._marks.clear()
                self._marks.append((time.monotonic(), 0))
                values["rate"] = None  # that of an earlier session, or of before a pause
            self._set(**values)

    def heartbeat(self, text: str | None = None) -> None:
        """Say that the writer lives, and what it does where `text` is given."""
        values: dict[str, Any] = {"beat": time.time(), "rate": self._rate()}
        if text is not None:
            values["text"] = text
        with database.explained(self.path), database.transaction(self.connection):
            self._set(**values)

    def last_beat(self) -> float:
        """Give when the writer last wrote, in seconds since 1970."""
        return float(self._fact("beat") or 0.0)

    def close(self) -> None:
        """Close the file; a writer folds the log into it and lets go of the lock."""
        try:
            if self._lock is not None:
                self._fold_log()
            self.connection.close()
        finally:
            if self._lock is not None:
                self._lock.release()

    def _without_row(self, numbers: list[int]) -> Iterator[int]:
        """Give those of the numbers that are in the list and have no row."""
        for number in sorted(numbers):
            listed, done = self.connection.execute(
                "SELECT EXISTS (SELECT 1 FROM items WHERE number = ?1),"
                " EXISTS (SELECT 1 FROM rows WHERE number = ?1)",
                (number,),
            ).fetchone()
            if not listed:
                raise ValueError(f"picture {number} is not in the run's list")
            if not done:
                yield number

    def _count_up(self, done: int, errors: int) -> None:
        self.connection.executemany(
            "UPDATE facts SET value = value + ? WHERE key = ?",
            [(done, "done"), (errors, "errors")],
        )
        self._set(beat=time.time(), rate=self._rate(done))

    def _rate(self, more: int = 0) -> float | None:
        """Give the pictures per second of the last `RATE_SECONDS`, `more` of them at this moment.

        None in the first `LEAST_RATE_SECONDS`. The clock starts when the run does, or else with the
        first batch: nobody knows how long that took.
        """
        now = time.monotonic()
        while len(self._marks) > 1 and self._marks[0][0] < now - RATE_SECONDS:
            self._marks.popleft()
        if not self._marks or now - self._marks[0][0] < LEAST_RATE_SECONDS:
            return None
        counted = sum(count for _, count in self._marks) - self._marks[0][1] + more
        return counted / (now - self._marks[0][0]) if counted > 0 else None

    def _keep_log_small(self) -> None:
        """Empty the log where readers have kept SQLite from doing so for long."""
        try:
            size = os.stat(f"{self.path}-wal").st_size
        except OSError:
            return
        if size > database.WAL_LIMIT:
            with contextlib.suppress(
                sqlite3.Error
            ):  # the rows are kept; the next batch tries again
                self.connection.execute("PRAGMA busy_timeout = 200")
                self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self.connection.execute(f"PRAGMA busy_timeout = {int(1000 * database.BUSY_SECONDS)}")

    def _fold_log(self) -> None:
        """Make one plain file of it, where no reader has it open at this moment.

        Such a file can be read from a place that cannot be written, and nothing lies beside it.
        """
        with contextlib.suppress(sqlite3.Error):  # what is in the log alone is safe too
            self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            self.connection.execute("PRAGMA busy_timeout = 200")
            self.connection.execute("PRAGMA journal_mode = DELETE").fetchone()

    def _set(self, **values: Any) -> None:
        if "beat" in values:
            values["seconds"] = self._seconds_before + time.monotonic() - self._opened
        self.connection.executemany(
            "INSERT OR REPLACE INTO facts (key, value) VALUES (?, ?)", list(values.items())
        )

    def _facts(self) -> dict[str, Any]:
        with database.explained(self.path):
            found = self.connection.execute("SELECT key, value FROM facts WHERE key <> 'info'")
            return dict(found.fetchall())

    def _fact(self, key: str) -> Any:
        with database.explained(self.path):
            return run_making.read_fact(self.connection, key)
