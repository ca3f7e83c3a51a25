"""Where the true classes of a run's pictures come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from inspector.core.errors import InputError
from inspector.sweep.folder_truth import FROM_FOLDERS, detect_folders
from inspector.sweep.name_truth import FROM_NAMES, detect_names
from inspector.sweep.table_truth import TableTruth, read_truth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.labels import Labels

AUTO, FOLDERS, NAMES, NONE = "auto", FROM_FOLDERS, FROM_NAMES, "none"
WORDS = frozenset({AUTO, FOLDERS, NAMES, NONE})
"""Words that :func:`choose_truth` knows; anything else is the path of a table."""


class Truth(Protocol):
    """Where the true classes come from."""

    @property
    def origin(self) -> str:
        """What :attr:`inspector.sweep.rows.RunInfo.truth` says of it."""

    @property
    def note(self) -> str:
        """A sentence where only part of the pictures have one, else empty.

        A table counts the pictures as they are asked for, so its sentence is complete when the
        listing's :meth:`~inspector.sweep.listing.Listing.items` have been gone through.
        """

    def truth_of(self, path: str) -> int | None:
        """Give the true class of a picture, None where it is not known."""


class Pictures(Protocol):
    """What the classes are for: a :class:`inspector.sweep.listing.Listing`, or a run's own list."""

    @property
    def described(self) -> str:
        """What was named."""

    @property
    def roots(self) -> tuple[str, ...]:
        """The folders and archives under which class folders are looked for."""

    @property
    def labelled_list(self) -> str | None:
        """The list file that has a column of labels, None where there is none."""

    def paths(self) -> Iterator[str]:
        """Yield every picture's path."""


def choose_truth(asked: str, listing: Pictures, labels: Labels) -> Truth | None:
    """Find the true classes that the user asked for.

    Parameters
    ----------
    asked
        ``auto``: the listing's own column of labels, else its folders' names where they are surely
        classes, else the files' names where each has a class's WordNet id, else nothing.
        ``folders``: the folders' names. ``names``: the files' names. ``none``: nothing. Else the
        path of a table.
    listing
        The pictures; they are gone through once for the folders' names, as far as the first without
        a class for the files' names, and for a table as far as the first one in it.
    labels
        The shared classes.

    Raises
    ------
    InputError
        Where what was asked for is not there, names unknown classes, or is a table that has none
        of the pictures.
    """
    if asked == NONE:
        return None
    if asked == AUTO and listing.labelled_list:
        return _from_table(listing.labelled_list, listing, labels)
    if asked == NAMES:
        return detect_names(listing.paths(), labels, asked=True)
    if asked in (AUTO, FOLDERS):
        found = detect_folders(listing.paths(), listing.roots, labels, asked == FOLDERS)
        return found or detect_names(listing.paths(), labels)
    return _from_table(asked, listing, labels)


def _from_table(table: str, listing: Pictures, labels: Labels) -> TableTruth:
    """Read a table that has at least one of the pictures."""
    truth = read_truth(table, labels, listing.roots)
    if all(truth.look_up(path) is None for path in listing.paths()):
        raise InputError(
            f"The table {truth.origin} has none of the pictures of {listing.described}.",
            "Write their paths as they are below what was named or beside the table, or their "
            "file names alone.",
        )
    return truth
