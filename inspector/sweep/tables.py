"""Small tables that users write: lists of pictures, and their true classes."""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING

from inspector.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PATH_HEADERS = frozenset({"path", "file", "filename", "file_name", "image", "picture", "name"})
LABEL_HEADERS = frozenset({"label", "class", "truth", "true", "target", "wordnet_id", "index"})
TABLE_SUFFIXES = (".csv", ".tsv")
LIST_SUFFIXES = (".txt", ".lst", *TABLE_SUFFIXES)


def read_list(path: str) -> Iterator[str]:
    """Yield the paths of a list file, made absolute from its folder.

    A ``.csv`` or ``.tsv`` has them in the column ``path`` (or ``file``, ``image``, …), else in its
    first one; any other file has one a line. Empty lines and lines that begin with ``#`` are
    passed over, and ``~`` is the user's own folder.

    Raises
    ------
    InputError
        Where the file cannot be read or is no UTF-8 text.
    """
    base = os.path.dirname(os.path.abspath(path))
    if path.lower().endswith(TABLE_SUFFIXES):
        names = (name for _, name, _ in read_table(path))
    else:
        names = (line.strip() for line in _lines(path))
    for name in names:
        if name and not name.startswith("#"):
            yield resolved(name, base)


def resolved(name: str, base: str) -> str:
    """Give the absolute path that a list in the folder `base` means by a name."""
    return os.path.normpath(os.path.join(base, os.path.expanduser(name)))


def has_labels(path: str) -> bool:
    """Tell whether a list file is a table with a column of labels, by its head row."""
    if not path.lower().endswith(TABLE_SUFFIXES):
        return False
    head = next(_records(path), (0, ()))[1]
    return _columns(head)[1] is not None


def read_table(path: str) -> Iterator[tuple[int, str, str]]:
    """Yield line number, path and label of a table; the label is empty where it has no such column.

    Columns are found by their titles, else the first is the path and the second the label. Commas,
    semicolons and tabs may stand between them.

    Raises
    ------
    InputError
        Where the file cannot be read or is no UTF-8 text.
    """
    columns: tuple[int, int | None] | None = None
    for number, cells in _records(path):
        if columns is None:
            found, label = _columns(cells)
            columns = (found or 0, label) if found is not None else (0, 1)
            if found is not None:
                continue
        name, label = columns
        yield number, _cell(cells, name), _cell(cells, label)


def _columns(head: Sequence[str]) -> tuple[int | None, int | None]:
    """Give the columns of path and label by their titles, None where there is none."""
    titles = [cell.strip().casefold() for cell in head]
    path = next((place for place, title in enumerate(titles) if title in PATH_HEADERS), None)
    label = next((place for place, title in enumerate(titles) if title in LABEL_HEADERS), None)
    return path, label if path is not None else None


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _records(path: str) -> Iterator[tuple[int, Sequence[str]]]:
    lines = _lines(path)
    first = next(lines, "")
    reader = csv.reader(_again(first, lines), delimiter=_delimiter(path, first))
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise InputError(
            f"Line {reader.line_num} of {path} is not a row of a table: {error}.",
            "Correct that line.",
        ) from error


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(path: str, head: str) -> str:
    if path.lower().endswith(".tsv"):
        return "\t"
    return max(",;\t", key=head.count)


def _lines(path: str) -> Iterator[str]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            yield from file
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InputError(
            f"The list {path} could not be read: {reason}.", "Check its path and permissions."
        ) from error
