"""Walking a list of pictures: a folder's, or the files that were dropped together."""

from __future__ import annotations

import itertools
import os
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import PictureError
from inspector.core.picture import PICTURE_SUFFIXES
from inspector.sweep import folders
from inspector.sweep.natural import natural_key

if TYPE_CHECKING:
    from collections.abc import Sequence


MOST_BELOW = 10_000
"""Pictures that are taken from the folders below one that has none itself."""


@dataclass(frozen=True, slots=True)
class Walk:
    """The pictures that the arrow keys go through.

    Attributes
    ----------
    paths
        Absolute paths in walking order.
    position
        Index of the present one.
    more
        Whether a folder has more pictures than were taken.
    """

    paths: tuple[str, ...] = ()
    position: int = 0
    more: bool = False

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def current(self) -> str | None:
        """The present path, or None in an empty walk."""
        return self.paths[self.position] if self.paths else None

    def moved(self, step: int) -> Walk:
        """Give the walk `step` places further; it goes round at both ends."""
        if not self.paths:
            return self
        return replace(self, position=(self.position + step) % len(self.paths))

    def at(self, path: str) -> Walk:
        """Give the walk standing at `path`; unchanged where it is not in it."""
        return replace(self, position=self.paths.index(path)) if path in self.paths else self


def is_picture(path: str | Path) -> bool:
    """Tell by the name's ending whether a file is taken for a picture."""
    return Path(path).suffix.lower() in PICTURE_SUFFIXES


def list_pictures(folder: str | Path) -> tuple[str, ...]:
    """Give the pictures directly in a folder, in natural order.

    Raises
    ------
    PictureError
        Where the folder cannot be read.
    """
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if is_picture(entry.name) and entry.is_file()]
    except OSError as error:
        raise PictureError(
            f"The folder {folder} could not be read: {error.strerror or error}.",
            "Check its path and permissions.",
        ) from error
    base = Path(folder).expanduser().absolute()
    return tuple(str(base / name) for name in sorted(names, key=natural_key))


def walk_of(paths: Sequence[str], unwanted: threading.Event | None = None) -> Walk:
    """Make a walk of what was dropped or chosen together.

    Parameters
    ----------
    paths
        Files and folders. One file alone walks its own folder, several files walk one another,
        a folder stands for the pictures in it, or below it where it has none itself.
    unwanted
        Ends the walk below a folder soon after it is set; the walk is empty then.

    Raises
    ------
    PictureError
        Where nothing of it is a picture, or a folder cannot be read.
    """
    absolute = [str(Path(path).expanduser().absolute()) for path in paths]
    if len(absolute) == 1 and not os.path.isdir(absolute[0]):
        return _walk_around(absolute[0])
    unwanted = unwanted or threading.Event()
    found: list[str] = []
    cut = False
    for path in absolute:
        taken, more = _pictures_of(path, unwanted) if os.path.isdir(path) else ((path,), False)
        found.extend(taken)
        cut = cut or more
    if unwanted.is_set():
        return Walk()
    if not found:
        where = f"The folder {absolute[0]} has" if len(absolute) == 1 else "These folders have"
        raise PictureError(
            f"{where} no pictures in it or below it.",
            "Drop a folder with JPEG, PNG or other picture files.",
        )
    return Walk(tuple(dict.fromkeys(found)), more=cut)


def _pictures_of(folder: str, unwanted: threading.Event) -> tuple[tuple[str, ...], bool]:
    """Give a folder's own pictures, or else the first ones below it; and whether it has more."""
    own = list_pictures(folder)
    if own:
        return own, False
    below = itertools.takewhile(
        lambda _: not unwanted.is_set(), folders.walk(folder, lambda _: None, unwanted)
    )
    first = tuple(itertools.islice(below, MOST_BELOW + 1))
    return first[:MOST_BELOW], len(first) > MOST_BELOW


def _walk_around(path: str) -> Walk:
    try:
        siblings = list_pictures(Path(path).parent)
    except PictureError:
        siblings = ()  # the file itself may be readable where its folder is not
    return Walk(siblings).at(path) if path in siblings else Walk((path,))
