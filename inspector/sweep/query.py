"""The table of a run: any page of any selection in any order, from the database.

An order is worked out once, into a temporary table of the reader's own that holds place and number
of each row (about 12 bytes a row, on disk where it is large); after that every page is a look-up by
place, equally fast at the beginning and in the middle of a million rows. Nothing is written into
the run file, so this works while the run goes on, and on a file that cannot be written. A page
shows the state in which its order was worked out, until :meth:`RunTable.refresh`.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from inspector.core.errors import Cancelled
from inspector.sweep import database, schema
from inspector.sweep.filters import (
    BY_NUMBER,
    EVERY_ROW,
    Limits,
    RowFilter,
    RowKind,
    RowOrder,
    worst_first,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.sweep.rows import SweepRow
    from inspector.sweep.run_file import RunFile

__all__ = ["Limits", "RowFilter", "RowKind", "RowOrder", "RunTable", "worst_first"]

MOST_ORDERS = 4
"""Orders that are kept; the one that was not used for longest goes first."""

_STEP = 5000


@dataclass(frozen=True, slots=True)
class _View:
    """A temporary table of places, from 1, and numbers."""

    name: str
    count: int


class RunTable:
    """The rows of a run, selected and sorted.

    One thread at a time may use it, and only :meth:`interrupt` may come from another.

    Parameters
    ----------
    run
        The run file; opened with :meth:`RunFile.open`, so that temporary tables are the reader's.
    """

    def __init__(self, run: RunFile) -> None:
        self._run = run
        self._connection = run.connection
        self._views: OrderedDict[tuple[RowFilter, RowOrder], _View] = OrderedDict()
        self._names = (f"temp.order_{id(self)}_{number}" for number in itertools.count())

    def rows(
        self,
        row_filter: RowFilter = EVERY_ROW,
        order: RowOrder = BY_NUMBER,
        offset: int = 0,
        limit: int = 100,
    ) -> list[SweepRow]:
        """Give a page.

        Parameters
        ----------
        row_filter, order
            Which rows, and how sorted.
        offset, limit
            Place of the first row, from 0, and how many.

        Raises
        ------
        Cancelled
            Where :meth:`interrupt` was called meanwhile.
        """
        view = self._view(row_filter, order)
        return self._read(
            f"{schema.SELECT_ROWS} FROM {view.name} AS view CROSS JOIN rows"
            " ON rows.number = view.number JOIN items ON items.number = view.number"
            " WHERE view.place > ? AND view.place <= ? ORDER BY view.place",
            [offset, offset + limit],
        )

    def count(self, row_filter: RowFilter = EVERY_ROW, order: RowOrder = BY_NUMBER) -> int:
        """Give the number of rows that fit; with the order of the page it costs nothing more."""
        for (known, _), view in self._views.items():
            if known == row_filter:
                return view.count
        return self._view(row_filter, order).count

    def place_of(self, number: int, row_filter: RowFilter, order: RowOrder) -> int | None:
        """Give the place, from 0, of a picture in a selection, None where it is not in it."""
        view = self._view(row_filter, order)
        with database.explained(self._run.path):
            found = self._connection.execute(
                f"SELECT place FROM {view.name} WHERE number = ?", (number,)
            ).fetchone()
        return None if found is None else int(found[0]) - 1

    def row(self, number: int) -> SweepRow | None:
        """Give one picture's row, None where it has none yet."""
        found = self._read(
            f"{schema.SELECT_ROWS} FROM rows JOIN items USING (number) WHERE rows.number = ?",
            [number],
        )
        return found[0] if found else None

    def worst(
        self, metric: str = "max_abs_difference", limit: int = 50, row_filter: RowFilter = EVERY_ROW
    ) -> list[SweepRow]:
        """Give the pictures with the largest disagreement by a measure, the worst first.

        Where a measure is a number for every comparison, rows without one (an output that is not
        finite) are the worst of all.

        Raises
        ------
        UsageError
            Where `metric` is no measure of disagreement.
        """
        order = worst_first(metric)
        if row_filter.kind is RowKind.ALL:
            row_filter = replace(row_filter, kind=RowKind.ANSWERED)
        condition, values = row_filter.sql()
        no_number_first = "" if metric not in schema.NEVER_NONE else f"rows.{metric} IS NOT NULL, "
        return self._read(
            f"{schema.SELECT_ROWS} FROM rows JOIN items USING (number) WHERE {condition}"
            f" ORDER BY {no_number_first}{order.sql()} LIMIT ?",
            [*values, limit],
        )

    def every(self, row_filter: RowFilter = EVERY_ROW) -> Iterator[SweepRow]:
        """Yield all rows that fit by number, a few thousand in memory at a time.

        Rows that are added meanwhile may be among them.
        """
        condition, values = row_filter.sql()
        last = -1
        while True:
            page = self._read(
                f"{schema.SELECT_ROWS} FROM rows JOIN items USING (number) WHERE rows.number > ?"
                f"{' AND ' if condition else ''}{condition} ORDER BY rows.number LIMIT ?",
                [last, *values, _STEP],
            )
            yield from page
            if len(page) < _STEP:
                return
            last = page[-1].item.number

    def refresh(self) -> None:
        """Forget the orders, so that the next page shows what has been added meanwhile."""
        while self._views:
            self._drop_oldest()

    def interrupt(self) -> None:
        """Stop what another thread is asking for; it gets :class:`Cancelled`."""
        self._connection.interrupt()

    def _view(self, row_filter: RowFilter, order: RowOrder) -> _View:
        key = row_filter, order
        if key not in self._views:
            while len(self._views) >= MOST_ORDERS:
                self._drop_oldest()
            self._views[key] = self._make_view(row_filter, order)
        self._views.move_to_end(key)
        return self._views[key]

    def _make_view(self, row_filter: RowFilter, order: RowOrder) -> _View:
        condition, values = row_filter.sql()
        joined = row_filter.needs_items or order.needs_items
        name = next(self._names)
        with database.explained(self._run.path):
            self._connection.execute(
                f"CREATE TABLE {name} (place INTEGER PRIMARY KEY, number INTEGER NOT NULL)"
            )
            try:
                made = self._connection.execute(
                    f"INSERT INTO {name} (number) SELECT rows.number FROM rows"
                    f"{' JOIN items USING (number)' if joined else ''}"
                    f"{' WHERE ' if condition else ''}{condition} ORDER BY {order.sql()}",
                    values,
                )
            except sqlite3.Error as error:
                self._connection.execute(f"DROP TABLE {name}")
                _raise_if_interrupted(error)
                raise
            return _View(name, int(made.rowcount))

    def _drop_oldest(self) -> None:
        _, view = self._views.popitem(last=False)
        with database.explained(self._run.path):
            self._connection.execute(f"DROP TABLE {view.name}")

    def _read(self, sql: str, values: list[object]) -> list[SweepRow]:
        with database.explained(self._run.path):
            try:
                found = self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                _raise_if_interrupted(error)
                raise
            with database.understood():
                return [schema.decode_row(row) for row in found]


def _raise_if_interrupted(error: sqlite3.Error) -> None:
    if database.primary_code(error) == sqlite3.SQLITE_INTERRUPT:
        raise Cancelled("the question was withdrawn") from error
