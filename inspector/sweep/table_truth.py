"""True classes from a table that the user wrote."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from inspector.core.errors import InputError
from inspector.sweep import archive, tables
from inspector.sweep.class_lookup import ClassNames

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from inspector.core.labels import Labels


class TableTruth:
    """True classes by a table with a path and a label a row.

    A row means the file of that path, relative to the table or to what was listed; a bare file
    name means every picture of that name.
    """

    def __init__(self, origin: str, classes: dict[str, int], roots: Sequence[str]) -> None:
        self.origin = origin
        self._classes = classes
        self._bases = [f"{root.rstrip(os.sep)}{os.sep}" for root in roots]
        self._bases += [f"{root}{archive.MEMBER_MARK}" for root in roots]
        self._asked = self._found = 0

    def __len__(self) -> int:
        return len(self._classes)

    def truth_of(self, path: str) -> int | None:
        """Give the true class of a picture, None where the table does not have it; count both."""
        index = self.look_up(path)
        self._asked += 1
        self._found += index is not None
        return index

    @property
    def note(self) -> str:
        """Of how many of the pictures asked for so far it has the class; empty where of all."""
        if self._found == self._asked:
            return ""
        verb = "has" if self._found == 1 else "have"
        return f"{self._found} of {self._asked} pictures {verb} a true class in {self.origin}."

    def look_up(self, path: str) -> int | None:
        """Give the true class of a picture without counting it."""
        for name in self._names(path):
            index = self._classes.get(name)
            if index is not None:
                return index
        return None

    def _names(self, path: str) -> Iterable[str]:
        yield path
        for base in self._bases:
            if path.startswith(base):
                yield path[len(base) :].replace(os.sep, "/")
        yield path.replace(os.sep, "/").rpartition("/")[2]


def read_truth(path: str, labels: Labels, roots: Sequence[str]) -> TableTruth:
    """Read a table of true classes.

    Parameters
    ----------
    path
        A CSV or TSV file with the columns path and label; labels are WordNet ids, labels or
        indices from 0. Rows with an empty label are passed over.
    labels
        The shared classes.
    roots
        What the user named.

    Raises
    ------
    InputError
        Where it cannot be read, has no rows, names a class that the pair does not have, or two
        classes for one picture.
    """
    names = ClassNames(labels)
    table = os.path.abspath(os.path.expanduser(path))
    base = os.path.dirname(table)
    classes: dict[str, int] = {}
    for line, name, label in tables.read_table(table):
        if not name or not label:
            continue
        index = names.find(label)
        if index is None:
            several = names.is_ambiguous(label)
            raise InputError(
                f"Line {line} of {table} names {label!r}, which is "
                f"{'more than one' if several else 'no'} class of this pair.",
                names.hint(label),
            )
        for key in (name.replace(os.sep, "/").removeprefix("./"), tables.resolved(name, base)):
            if classes.setdefault(key, index) != index:
                raise InputError(
                    f"Line {line} of {table} gives {name!r} another class than a line before.",
                    "Leave one of the two out.",
                )
    if not classes:
        raise InputError(
            f"The table {table} names no true class.", "Give it the columns path and label."
        )
    return TableTruth(table, classes, roots)
