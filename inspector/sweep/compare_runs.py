"""What changed between two runs, such as before and after an upgrade, the worst first.

Pictures are matched by the SHA-256 of their files, so that a moved folder does not matter; of
copies with the same bytes the first stands for all. Where a run has no hash of a picture (it could
not be read) the path matches it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Self

from inspector.core.comparison import noise_tolerance
from inspector.core.errors import Cancelled, InputError
from inspector.sweep import database, run_info, schema
from inspector.sweep.run_file import RunFile
from inspector.sweep.statistics import Agreement, agreement_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

    from inspector.sweep.rows import SweepRow


class ChangeKind(StrEnum):
    """What became of a picture from one run to the other, from the worst to the best."""

    NEW_ERROR = "new_error"
    BROKEN = "broken"
    OTHER_CLASS = "other_class"
    LARGER = "larger"
    SAME = "same"
    SMALLER = "smaller"
    MENDED = "mended"
    ERROR_GONE = "error_gone"


CHANGED: tuple[ChangeKind, ...] = tuple(kind for kind in ChangeKind if kind is not ChangeKind.SAME)
"""Every kind of change but none."""

CHANGE_TITLES: dict[ChangeKind, str] = {
    ChangeKind.NEW_ERROR: "an error that was not there before",
    ChangeKind.BROKEN: "the two sides agreed before and disagree now",
    ChangeKind.OTHER_CLASS: "a side names another class than before",
    ChangeKind.LARGER: "the same classes, further apart than before",
    ChangeKind.SAME: "the same but for float noise",
    ChangeKind.SMALLER: "the same classes, closer than before",
    ChangeKind.MENDED: "the two sides disagreed before and agree now",
    ChangeKind.ERROR_GONE: "an error before, none now",
}

SHORT_TITLES: dict[ChangeKind, str] = {
    ChangeKind.NEW_ERROR: "New error",
    ChangeKind.BROKEN: "Now differ",
    ChangeKind.OTHER_CLASS: "Other class",
    ChangeKind.LARGER: "Further apart",
    ChangeKind.SAME: "Same",
    ChangeKind.SMALLER: "Closer",
    ChangeKind.MENDED: "Now agree",
    ChangeKind.ERROR_GONE: "Error gone",
}
"""The same in a word or two, for tables."""


@dataclass(frozen=True, slots=True)
class Change:
    """One picture in both runs.

    Attributes
    ----------
    kind
        What became of it.
    growth
        By how much its largest |Δp| grew; None where one of the two has no number.
    before, after
        Its rows.
    """

    kind: ChangeKind
    growth: float | None
    before: SweepRow
    after: SweepRow


@dataclass(frozen=True, slots=True)
class RunDifference:
    """Two runs in figures.

    Attributes
    ----------
    matched
        Pictures in both.
    only_before, only_after
        Rows of one run without a match in the other, copies of the same bytes left out.
    counts
        Matched pictures by what became of them.
    before, after
        Agreement of left and right on the matched pictures that have an answer in both runs.
    settings, versions
        What the runs were made with that is not the same, as sentences.
    facts
        The same as facts: settings, then versions.
    """

    matched: int
    only_before: int
    only_after: int
    counts: dict[ChangeKind, int]
    before: Agreement
    after: Agreement
    settings: tuple[str, ...]
    versions: tuple[str, ...]
    facts: tuple[run_info.OtherFact, ...] = ()


_AGREES = "({run}.top1_same = 1 OR {run}.near_tie = 1)"
_KIND = f"""
CASE
 WHEN b.error = '' AND a.error <> '' THEN 0
 WHEN b.error <> '' AND a.error = '' THEN 7
 WHEN b.error <> '' THEN 4
 WHEN {_AGREES.format(run="b")} AND NOT {_AGREES.format(run="a")} THEN 1
 WHEN NOT {_AGREES.format(run="b")} AND {_AGREES.format(run="a")} THEN 6
 WHEN b.left_class <> a.left_class OR b.right_class <> a.right_class THEN 2
 WHEN a.max_abs_difference IS NULL AND b.max_abs_difference IS NOT NULL THEN 3
 WHEN b.max_abs_difference IS NULL AND a.max_abs_difference IS NOT NULL THEN 5
 WHEN a.max_abs_difference - b.max_abs_difference > :tolerance THEN 3
 WHEN b.max_abs_difference - a.max_abs_difference > :tolerance THEN 5
 ELSE 4
END
"""
"""Places in `ChangeKind`, of run `b` (before) and `a` (after)."""

_MATCH = """
CREATE TABLE temp.old_keys (sha BLOB PRIMARY KEY, number INTEGER) WITHOUT ROWID;
CREATE TABLE temp.new_keys (sha BLOB PRIMARY KEY, number INTEGER) WITHOUT ROWID;
INSERT OR IGNORE INTO old_keys
  SELECT sha256, number FROM main.rows WHERE sha256 IS NOT NULL ORDER BY number;
INSERT OR IGNORE INTO new_keys
  SELECT sha256, number FROM after.rows WHERE sha256 IS NOT NULL ORDER BY number;
CREATE TABLE temp.matches (old INTEGER PRIMARY KEY, new INTEGER NOT NULL UNIQUE);
INSERT INTO matches SELECT o.number, n.number FROM old_keys o JOIN new_keys n ON o.sha = n.sha;
CREATE TABLE temp.new_paths (path PRIMARY KEY, number INTEGER, hashed INTEGER) WITHOUT ROWID;
INSERT OR IGNORE INTO new_paths
  SELECT i.path, r.number, r.sha256 IS NOT NULL
  FROM after.rows r JOIN after.items i ON i.number = r.number
  WHERE r.number NOT IN (SELECT new FROM matches);
INSERT OR IGNORE INTO matches
  SELECT r.number, p.number
  FROM main.rows r JOIN main.items i ON i.number = r.number JOIN new_paths p ON p.path = i.path
  WHERE (r.sha256 IS NULL OR NOT p.hashed) AND r.number NOT IN (SELECT old FROM matches)
  ORDER BY r.number;
CREATE TABLE temp.changes
  (place INTEGER PRIMARY KEY, old INTEGER, new INTEGER, kind INTEGER, growth REAL);
"""

_SORT = f"""
INSERT INTO changes (old, new, kind, growth)
SELECT m.old, m.new, {_KIND} AS kind, a.max_abs_difference - b.max_abs_difference AS growth
FROM matches m CROSS JOIN main.rows b ON b.number = m.old JOIN after.rows a ON a.number = m.new
ORDER BY kind, growth DESC NULLS FIRST, m.old
"""

_KINDS = tuple(ChangeKind)
_WITHDRAWN = "the comparison of two runs"

LOOK_STEPS = 20_000
"""After how many steps of SQLite's machine, a few milliseconds, to ask whether to stop."""


class RunPair:
    """Two runs side by side; a context manager.

    The work is done in the reader's own temporary tables: neither file is written.

    Parameters
    ----------
    before, after
        The run files.
    cancelled
        Asked now and then whether to stop.

    Raises
    ------
    InputError
        Where one is no run file, or they are of different classes.
    Cancelled
        Where `cancelled` said so; every method can raise it.
    """

    def __init__(
        self,
        before: str | os.PathLike[str],
        after: str | os.PathLike[str],
        *,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._cancelled = cancelled
        with RunFile.open(after) as later:
            self._after_info, self._after_path = later.info, later.path
        self._run = RunFile.open(before)
        self._run.connection.set_progress_handler(lambda: int(cancelled()), LOOK_STEPS)
        try:
            self._match()
        except BaseException:
            self._run.close()
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

    def close(self) -> None:
        """Close both files."""
        self._run.close()

    def summary(self) -> RunDifference:
        """Give the two runs in figures."""
        counts = dict.fromkeys(_KINDS, 0)
        with self._asking(self._run.path):
            ask = self._run.connection.execute
            for place, count in ask("SELECT kind, count(*) FROM changes GROUP BY kind"):
                counts[_KINDS[place]] = count
            alone = [
                ask(
                    f"SELECT count(*) FROM {run}.rows WHERE number NOT IN"
                    f" (SELECT {key} FROM matches) AND (sha256 IS NULL OR number IN"
                    f" (SELECT number FROM {key}_keys))"
                ).fetchone()[0]
                for run, key in (("main", "old"), ("after", "new"))
            ]
        before = self._run.info
        return RunDifference(
            matched=sum(counts.values()),
            only_before=int(alone[0]),
            only_after=int(alone[1]),
            counts=counts,
            before=self._agreement("b"),
            after=self._agreement("a"),
            settings=run_info.differences(before, self._after_info),
            versions=run_info.version_changes(before, self._after_info),
            facts=(
                *run_info.other_settings(before, self._after_info),
                *run_info.other_versions(before, self._after_info),
            ),
        )

    def changes(
        self,
        kinds: Iterable[ChangeKind] = CHANGED,
        offset: int = 0,
        limit: int = 50,
    ) -> list[Change]:
        """Give a page of what changed, the worst first: by kind, then by growth."""
        places = [str(_KINDS.index(kind)) for kind in kinds]
        with self._asking(self._run.path):
            found = self._run.connection.execute(
                f"SELECT old, new, kind, growth FROM changes WHERE kind IN ({', '.join(places)})"
                " ORDER BY place LIMIT ? OFFSET ?",
                (limit, offset),
            ).fetchall()
            return [
                Change(_KINDS[kind], growth, self._row("main", old), self._row("after", new))
                for old, new, kind, growth in found
            ]

    def _match(self) -> None:
        before, after = self._run.info, self._after_info
        if before.labels != after.labels:
            raise InputError(
                f"{self._run.path} and {self._after_path} are runs of different classes "
                f"({len(before.labels)} and {len(after.labels)}).",
                "Compare two runs of pairs with the same labels.",
            )
        tolerance = noise_tolerance(max(before.noise_floor, after.noise_floor))
        connection = self._run.connection
        with self._asking(self._after_path):
            uri = f"{Path(self._after_path).as_uri()}?mode=ro"
            connection.execute("ATTACH ? AS after", (uri,))
            connection.executescript(_MATCH)
            connection.execute(_SORT, {"tolerance": tolerance})

    @contextlib.contextmanager
    def _asking(self, path: Path) -> Iterator[None]:
        """Explain what goes wrong with the file `path`, and stop where that is asked for."""
        if self._cancelled():
            raise Cancelled(_WITHDRAWN)
        with database.explained(path):
            try:
                yield
            except sqlite3.Error as error:
                if database.primary_code(error) == sqlite3.SQLITE_INTERRUPT:
                    raise Cancelled(_WITHDRAWN) from error
                raise

    def _agreement(self, run: str) -> Agreement:
        with self._asking(self._run.path):
            total, same, near = self._run.connection.execute(
                f"SELECT count(*), total({run}.top1_same), total({run}.near_tie) FROM matches m"
                " CROSS JOIN main.rows b ON b.number = m.old JOIN after.rows a ON a.number = m.new"
                " WHERE b.error = '' AND a.error = ''"
            ).fetchone()
        return agreement_of(int(same), int(near), int(total))

    def _row(self, run: str, number: int) -> SweepRow:
        found = self._run.connection.execute(
            f"{schema.SELECT_ROWS} FROM {run}.rows JOIN {run}.items AS items USING (number)"
            " WHERE rows.number = ?",
            (number,),
        ).fetchone()
        with database.understood():
            return schema.decode_row(found)
