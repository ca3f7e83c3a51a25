"""Where the true classes of a run's pictures come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from inspector.core.errors import InputError
from inspector.sweep.folder_truth import detect_folders
from inspector.sweep.table_truth import TableTruth, read_truth

if TYPE_CHECKING:
    from inspector.core.labels import Labels
    from inspector.sweep.listing import Listing

AUTO, FOLDERS, NONE = "auto", "folders", "none"
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


def choose_truth(asked: str, listing: Listing, labels: Labels) -> Truth | None:
    """Find the true classes that the user asked for.

    Parameters
    ----------
    asked
        ``auto``: the listing's own column of labels, else its folders' names where they are surely
        classes, else nothing. ``folders``: the folders' names. ``none``: nothing. Else the path of
        a table.
    listing
        The pictures; they are gone through once for the folders' names, and for a table as far as
        the first one in it.
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
    if asked in (AUTO, FOLDERS):
        return detect_folders(listing.paths(), listing.roots, labels, asked == FOLDERS)
    return _from_table(asked, listing, labels)


def _from_table(table: str, listing: Listing, labels: Labels) -> TableTruth:
    """Read a table that has at least one of the pictures."""
    truth = read_truth(table, labels, listing.roots)
    if all(truth.look_up(path) is None for path in listing.paths()):
        raise InputError(
            f"The table {truth.origin} has none of the pictures of {listing.described}.",
            "Write their paths as they are below what was named or beside the table, or their "
            "file names alone.",
        )
    return truth
