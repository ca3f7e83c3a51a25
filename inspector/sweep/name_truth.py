"""True classes from the names of the pictures' files."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from inspector.core.errors import InputError
from inspector.sweep import archive
from inspector.sweep.class_lookup import ClassNames, Scheme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inspector.core.labels import Labels

FROM_NAMES = "names"
"""What :attr:`inspector.sweep.rows.RunInfo.truth` says of classes from file names."""

_LAST_ID = re.compile(r"_(n[0-9]{8})$")
_NUMBER = re.compile(r"[\s_-]*\(?[0-9]+\)?$")


class NameTruth:
    """True classes by the names of files.

    With WordNet ids a name begins with one, as in ``n01494475_hammerhead.JPEG``, or ends with one,
    as in ``ILSVRC2012_val_00000293_n01440764.JPEG``. With labels the name without its ending is
    one, as in ``tiger shark.jpg``; a number may stand behind it, as in ``tiger_shark_12.jpg``.

    Attributes
    ----------
    scheme
        How the names name classes: WordNet ids or labels.
    matched, total
        Pictures whose name names a class, and all that were gone through.
    unknown
        Some names that name none.
    """

    origin = FROM_NAMES

    def __init__(self, scheme: Scheme, names: ClassNames) -> None:
        self.scheme = scheme
        self.matched = self.total = 0
        self.unknown: list[str] = []
        self._names = names

    @property
    def note(self) -> str:
        """Of how many of the listed pictures the name says the class; empty where of all."""
        if self.matched == self.total:
            return ""
        others = ", ".join(repr(name) for name in self.unknown)
        return (
            f"{self.matched} of {self.total} pictures have a true class by their name; no class of "
            f"this pair is, for instance, in {others}."
        )

    def truth_of(self, path: str) -> int | None:
        """Give the true class of a picture, None where its name names none."""
        stem = os.path.splitext(file_name(path))[0]
        found = self._names.find_by(self.scheme, stem)
        if found is not None:
            return found
        if self.scheme is Scheme.WORDNET:
            last = _LAST_ID.search(stem)
            return self._names.find_by(self.scheme, last[1]) if last else None
        return self._names.find_by(self.scheme, _NUMBER.sub("", stem))

    def count(self, path: str) -> None:
        """Take a picture into `matched`, `total` and `unknown`."""
        self.total += 1
        if self.truth_of(path) is not None:
            self.matched += 1
        elif len(self.unknown) < 5:
            self.unknown.append(file_name(path))


def detect_names(paths: Iterable[str], labels: Labels, asked: bool = False) -> NameTruth | None:
    """Find out whether the names of a listing's files name classes.

    Parameters
    ----------
    paths
        All pictures' paths. They are read once; unasked no further than the first picture whose
        name has no WordNet id.
    labels
        The shared classes.
    asked
        Whether the user asked for the files' names. Unasked every name must have the WordNet id of
        a class: a label may be in a file's name by chance.

    Raises
    ------
    InputError
        Where the user asked for it and no name names a class.
    """
    names = ClassNames(labels)
    if not asked:
        return _sure(paths, NameTruth(Scheme.WORDNET, names)) if labels.wordnet_ids else None
    found = [NameTruth(scheme, names) for scheme in (Scheme.WORDNET, Scheme.LABELS)]
    for path in paths:
        for truth in found:
            truth.count(path)
    best = max(found, key=lambda truth: truth.matched)  # the first of equals
    if not best.matched:
        raise InputError(
            "No file's name says a class of this pair: neither by its WordNet id nor its label.",
            "Name the true classes in a table with the columns path and label.",
        )
    return best


def _sure(paths: Iterable[str], truth: NameTruth) -> NameTruth | None:
    for path in paths:
        truth.count(path)
        if truth.matched < truth.total:
            return None
    return truth if truth.total else None


def file_name(path: str) -> str:
    """Give the name of a picture's file; in an archive the last part of the member's name."""
    member = archive.split_member(path) if archive.MEMBER_MARK in path else None
    return os.path.basename(path) if member is None else member[1].rpartition("/")[2]
