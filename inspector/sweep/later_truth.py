"""True classes for a run that was begun without any.

A row keeps the first five classes of both sides, so the rank of a true class is known where it is
among those, and otherwise only that it comes later. That is enough for accuracy, the share among
the first five, McNemar's test and calibration.
"""

from __future__ import annotations

import glob
import os
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from inspector.core.errors import InputError
from inspector.core.labels import Labels
from inspector.sweep import database, run_info, schema
from inspector.sweep.listing import root_of
from inspector.sweep.run_file import RunFile
from inspector.sweep.truth import choose_truth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from inspector.sweep.rows import RunInfo
    from inspector.sweep.truth import Truth

GIVEN_LATER = "truth_given_later"
"""The option of a run whose true classes were given after it was begun."""

_STEP = 5000
_SELECT = (
    "SELECT items.number, items.path, rows.left_top, rows.left_probabilities, rows.right_top,"
    " rows.right_probabilities FROM items LEFT JOIN rows ON rows.number = items.number"
    " WHERE items.number > ? ORDER BY items.number LIMIT ?"
)
_UPDATE_ROW = (
    "UPDATE rows SET truth = ?, left_truth_probability = ?, left_truth_rank = ?,"
    " right_truth_probability = ?, right_truth_rank = ? WHERE number = ?"
)


@dataclass(frozen=True, slots=True)
class GivenTruth:
    """What came of it.

    Attributes
    ----------
    matched, total
        Pictures that have a true class now, and all of the run.
    note
        A sentence where only part of the pictures have one, else empty.
    """

    matched: int
    total: int
    note: str


@dataclass(frozen=True, slots=True)
class _Listed:
    """The pictures of a run file, as what was listed once; none of them need be there any more."""

    run: RunFile
    labelled_list: str | None = None

    @property
    def described(self) -> str:
        return self.run.info.listed

    @property
    def roots(self) -> tuple[str, ...]:
        listed = self.run.info.listed
        if os.path.exists(listed) or glob.has_magic(listed):
            return (root_of(listed),)
        return tuple(root for name in listed.split(", ") if (root := root_of(name)))

    def paths(self) -> Iterator[str]:
        for _, path, *_ in _pages(self.run):
            yield schema.decode_path(path)


def can_take_truth(info: RunInfo) -> bool:
    """Tell whether a run may be given true classes: one that knows them by itself keeps its own."""
    return not info.truth or bool(info.options.get(GIVEN_LATER))


def give_truth(path: Path, asked: str) -> GivenTruth:
    """Write true classes into a run file, in one transaction.

    Parameters
    ----------
    path
        The run file.
    asked
        ``folders``, ``names``, or the path of a table; see
        :func:`inspector.sweep.truth.choose_truth`.

    Raises
    ------
    InputError
        Where what was asked for names no class, or the run has true classes of its own.
    RunBusyError
        Where the run is being written.
    """
    with RunFile.open(path) as reader:
        stored = reader.info
    if not can_take_truth(stored):
        raise InputError(
            f"The run {path} has true classes already ({stored.truth}).",
            "Begin a new run to use others.",
        )
    with RunFile.resume(path, stored) as run:
        truth = choose_truth(asked, _Listed(run), Labels(stored.labels, stored.wordnet_ids))
        if truth is None:
            raise InputError("No true classes were named.", "Name a table, or folders or names.")
        options = {**stored.options, GIVEN_LATER: True}
        info = replace(stored, truth=truth.origin, options=options)
        with database.explained(run.path), database.transaction(run.connection):
            matched = _write(run, truth)
            run.connection.execute(
                "UPDATE facts SET value = ? WHERE key = 'info'", (run_info.to_json(info),)
            )
        return GivenTruth(matched, run.count(), truth.note)


def _write(run: RunFile, truth: Truth) -> int:
    """Write the class of every picture; give how many have one."""
    items: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    matched = 0

    def put() -> None:
        run.connection.executemany("UPDATE items SET truth = ? WHERE number = ?", items)
        run.connection.executemany(_UPDATE_ROW, rows)
        items.clear()
        rows.clear()

    for number, path, *sides in _pages(run):
        with database.understood():
            index = truth.truth_of(schema.decode_path(path))
            places = *_place(sides[:2], index), *_place(sides[2:], index)
        matched += index is not None
        items.append((index, number))
        rows.append((index, *places, number))
        if len(items) >= _STEP:
            put()
    put()
    return matched


def _place(side: list[Any], index: int | None) -> tuple[float | None, int | None]:
    """Give probability and rank of a class, where a side has it among its first five."""
    top, probabilities = side
    if top is None or probabilities is None or index is None:
        return None, None
    classes = struct.unpack(f"<{len(top) // 4}I", top)
    if index not in classes:
        return None, None
    place = classes.index(index)
    return struct.unpack_from("<d", probabilities, 8 * place)[0], place + 1


def _pages(run: RunFile) -> Iterator[tuple[Any, ...]]:
    """Yield number, path and the first classes of every picture, a few thousand in memory."""
    last = -1
    while True:
        with database.explained(run.path):
            page = run.connection.execute(_SELECT, (last, _STEP)).fetchall()
        yield from page
        if len(page) < _STEP:
            return
        last = page[-1][0]
