"""From what the user names to the pictures of a run: folders, lists, archives, patterns, files."""

from __future__ import annotations

import glob
import itertools
import os
from typing import TYPE_CHECKING

from inspector.core.errors import InputError, UsageError
from inspector.sweep import archive, folders, tables
from inspector.sweep.item_bytes import ItemReader, read_item_bytes
from inspector.sweep.natural import is_hidden_name, is_picture_name, natural_key
from inspector.sweep.rows import SweepItem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.sweep.truth import Truth

__all__ = ["ItemReader", "Listing", "read_item_bytes"]

MOST_REMEMBERED = 1_000_000
"""Pictures of one long list that are kept in mind, to list each once."""

MOST_NOTES = 1000
"""Notes beyond these are only counted."""


class Listing:
    """The pictures behind one or more names, found while they are asked for.

    Folders are walked with all below them, archives (``.zip``) and patterns (``*``, ``?``, ``[…]``,
    ``**``) stand for the pictures in them, list files (``.txt``, ``.lst``, ``.csv``, ``.tsv``) for
    what they name; any other file is a picture. By file ending, hidden ones passed over; what a
    list or the user names outright is taken as it is. A picture that is named more than once is
    listed once (of a list alone, the first million are looked for).

    Parameters
    ----------
    named
        Paths and patterns.

    Attributes
    ----------
    notes
        Sentences on what was left out, complete once :meth:`paths` has ended.

    Raises
    ------
    UsageError
        Where nothing is named.
    InputError
        Where a name is neither there nor a pattern.
    """

    def __init__(self, *named: str | os.PathLike[str]) -> None:
        if not named:
            raise UsageError("No pictures were named.", "Name a folder, list, archive or pattern.")
        if not all(os.fspath(name).strip() for name in named):
            raise UsageError(
                "One of the names is empty.", "Check the variable or the quotes that it comes from."
            )
        self._named = [_absolute(os.fspath(name)) for name in named]
        self.notes: list[str] = []
        self._unsaid = 0
        for name in self._named:
            if not os.path.exists(name) and not glob.has_magic(name):
                raise InputError(f"There is no file or folder {name}.", "Check its path.")

    @property
    def described(self) -> str:
        """What was named, for :attr:`inspector.sweep.rows.RunInfo.listed`."""
        return ", ".join(self._named)

    @property
    def roots(self) -> tuple[str, ...]:
        """The folders and archives under which class folders are looked for."""
        return tuple(dict.fromkeys(root_of(name) for name in self._named))

    @property
    def labelled_list(self) -> str | None:
        """The list file, where one alone was named and has a column of labels."""
        if len(self._named) == 1 and _is_list(self._named[0]) and tables.has_labels(self._named[0]):
            return self._named[0]
        return None

    def paths(self) -> Iterator[str]:
        """Yield every picture's path, in an order that is the same on every run.

        Raises
        ------
        InputError
            Where a folder, list or archive that was named cannot be read.
        """
        self.notes.clear()
        self._unsaid = 0
        found = itertools.chain.from_iterable(map(self._paths_of, self._named))
        if len(self._named) > 1:
            yield from self._each_once(found)
        elif _is_list(self._named[0]):
            yield from self._each_once(found, MOST_REMEMBERED)
        else:
            yield from found
        if self._unsaid:
            self.notes.append(f"{self._unsaid} more were left out.")

    def items(self, truth: Truth | None = None, limit: int | None = None) -> Iterator[SweepItem]:
        """Yield the pictures with their numbers and true classes, the first `limit` of them."""
        for number, path in enumerate(itertools.islice(self.paths(), limit)):
            yield SweepItem(number, path, truth.truth_of(path) if truth else None)

    def _each_once(self, paths: Iterator[str], most: int | None = None) -> Iterator[str]:
        """Yield each path once; all are absolute and normalised, and `most` kept in memory."""
        seen: set[str] = set()
        again: set[str] = set()
        for path in paths:
            key = os.path.normcase(path)
            if key in seen:
                again.add(key)
                continue
            if len(seen) != most:
                seen.add(key)
            yield path
        if len(seen) == most:
            self._note(f"Only the first {most:,} pictures were looked for further down the list.")
        if again:
            pictures = "1 picture was" if len(again) == 1 else f"{len(again)} pictures were"
            self._note(f"{pictures} named more than once and listed once.")

    def _paths_of(self, name: str) -> Iterator[str]:
        if os.path.isdir(name):
            yield from folders.walk(name, self._note)
        elif not os.path.exists(name):
            yield from _matches(name)
        elif name.lower().endswith(archive.ARCHIVE_SUFFIX):
            yield from archive.list_members(name, self._note)
        elif _is_list(name):
            yield from tables.read_list(name)
        else:
            yield name

    def _note(self, sentence: str) -> None:
        if len(self.notes) < MOST_NOTES:
            self.notes.append(sentence)
        else:
            self._unsaid += 1


def _absolute(name: str) -> str:
    return os.path.abspath(os.path.expanduser(name))


def _is_list(name: str) -> bool:
    return name.lower().endswith(tables.LIST_SUFFIXES)


def _matches(pattern: str) -> Iterator[str]:
    """Yield the pictures that a pattern matches, sorted naturally."""
    found = (
        path
        for path in glob.iglob(pattern, recursive=True)
        if is_picture_name(path) and not is_hidden_name(os.path.basename(path))
    )
    for path in sorted(set(found), key=lambda path: [natural_key(p) for p in path.split(os.sep)]):
        if not os.path.isdir(path):
            yield path


def root_of(name: str) -> str:
    """Give the folder or archive below which a name's pictures lie."""
    if os.path.isdir(name) or name.lower().endswith(archive.ARCHIVE_SUFFIX):
        return name
    while glob.has_magic(name) and not os.path.isdir(name):
        name = os.path.dirname(name)
    return name if os.path.isdir(name) else os.path.dirname(name)
