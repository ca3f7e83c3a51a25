"""Where the true classes of a run's pictures come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from inspector.sweep.folder_truth import detect_folders
from inspector.sweep.table_truth import read_truth

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
        The pictures; they are gone through once for the folders' names.
    labels
        The shared classes.

    Raises
    ------
    InputError
        Where what was asked for is not there, or names unknown classes.
    """
    if asked == NONE:
        return None
    if asked == AUTO and listing.labelled_list:
        return read_truth(listing.labelled_list, labels, listing.roots)
    if asked in (AUTO, FOLDERS):
        return detect_folders(listing.paths(), listing.roots, labels, asked == FOLDERS)
    return read_truth(asked, labels, listing.roots)
