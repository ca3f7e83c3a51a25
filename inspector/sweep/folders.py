"""Walking a folder with everything below it, in a fixed order and to an end."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from inspector.core.errors import InputError
from inspector.sweep.natural import is_hidden_name, is_picture_name, natural_key

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

_HIDDEN = getattr(stat, "FILE_ATTRIBUTE_HIDDEN", 2)


def walk(
    folder: str, note: Callable[[str], None], unwanted: threading.Event | None = None
) -> Iterator[str]:
    """Yield the pictures of a folder: its own first, then those of the folders in it.

    One folder's names are in memory at a time. Links are followed, but every real folder is walked
    once, so that loops of links end. Links to nothing are yielded, so that they become rows with
    an error.

    Parameters
    ----------
    folder
        Absolute path.
    note
        Called with a sentence for each folder that is left out and each link to nothing.
    unwanted
        Ends the walk at the next folder once it is set, however few pictures there are.

    Raises
    ------
    InputError
        Where `folder` itself cannot be read; folders below it are noted instead.
    """
    try:
        first = os.scandir(folder)
    except OSError as error:
        raise InputError(
            f"The folder {folder} could not be read: {error.strerror or error}.",
            "Check its path and permissions.",
        ) from error
    first.close()
    seen: set[tuple[int, int]] = set()
    # Folders that are still to be walked, the next one last: deep trees need no deep recursion.
    waiting = [folder]
    while waiting and not (unwanted is not None and unwanted.is_set()):
        current = waiting.pop()
        if not _is_new(current, seen, note):
            continue
        files, folders = _entries(current, note)
        yield from files
        waiting.extend(reversed(folders))


def _is_new(folder: str, seen: set[tuple[int, int]], note: Callable[[str], None]) -> bool:
    try:
        facts = os.stat(folder)
    except OSError as error:
        note(f"The folder {folder} was left out: {error.strerror or error}.")
        return False
    real = (facts.st_dev, facts.st_ino)
    if real in seen:
        note(f"The folder {folder} was left out: it leads to a folder that is listed already.")
        return False
    seen.add(real)
    return True


def _entries(folder: str, note: Callable[[str], None]) -> tuple[list[str], list[str]]:
    """Give the pictures and the folders of a folder, each as sorted paths."""
    files: list[str] = []
    folders: list[str] = []
    for entry in _scan(folder, note):
        try:
            if is_hidden_name(entry.name) or _is_marked_hidden(entry):
                continue
            is_folder = entry.is_dir()
        except OSError as error:
            # What is named like a picture becomes a row with an error, which says why.
            if is_picture_name(entry.name):
                files.append(entry.name)
            else:
                note(f"{entry.path} was left out: {error.strerror or error}.")
            continue
        if is_folder:
            folders.append(entry.name)
        elif is_picture_name(entry.name):
            files.append(entry.name)
            if entry.is_symlink() and not os.path.exists(entry.path):
                note(f"{entry.path} is a link to nothing.")
    return _sorted_paths(folder, files), _sorted_paths(folder, folders)


def _scan(folder: str, note: Callable[[str], None]) -> Iterator[os.DirEntry[str]]:
    """Yield what is in a folder, as far as it can be read."""
    found = False
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                found = True
                yield entry
    except OSError as error:
        left_out = "The rest of the folder" if found else "The folder"
        note(f"{left_out} {folder} was left out: {error.strerror or error}.")


def _sorted_paths(folder: str, names: list[str]) -> list[str]:
    return [os.path.join(folder, name) for name in sorted(names, key=natural_key)]


def _is_marked_hidden(entry: os.DirEntry[str]) -> bool:
    """Tell whether Windows marks a file or folder as hidden."""
    if os.name != "nt":
        return False
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & _HIDDEN)
