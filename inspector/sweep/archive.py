"""Pictures inside zip archives, named ``ARCHIVE.zip!/NAME``; nothing is ever unpacked to disk."""

from __future__ import annotations

import os
import zipfile
import zlib
from typing import TYPE_CHECKING

from inspector.core.errors import InputError, PictureError
from inspector.core.picture import MAX_BYTES
from inspector.sweep.natural import is_hidden_name, is_picture_name, natural_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MEMBER_MARK = "!/"
"""Stands between the path of an archive and the name inside it."""

ARCHIVE_SUFFIX = ".zip"

try:
    from lzma import LZMAError
except ImportError:  # zipfile does without it too, and then says so by a RuntimeError
    LZMAError = zlib.error  # type: ignore[misc, assignment]

_UNREADABLE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, LZMAError, NotImplementedError),
    *(RuntimeError, EOFError, ValueError, OSError),
)
"""What `zipfile` raises for damaged members, unknown methods and passwords."""


def split_member(path: str) -> tuple[str, str] | None:
    """Give archive and name of a picture in an archive, or None for a plain file."""
    folded = path.lower()
    mark = ARCHIVE_SUFFIX + MEMBER_MARK
    start = folded.find(mark)
    while start >= 0:
        archive = path[: start + len(ARCHIVE_SUFFIX)]
        # A folder may be called "x.zip!" too.
        if not os.path.isdir(archive + MEMBER_MARK[0]):
            return archive, path[start + len(mark) :]
        start = folded.find(mark, start + 1)
    return None


def open_archive(path: str) -> zipfile.ZipFile:
    """Open an archive.

    Raises
    ------
    InputError
        Where it cannot be read or is no zip file.
    """
    try:
        return zipfile.ZipFile(path)
    except OSError as error:
        raise InputError(
            f"The archive {path} could not be read: {error.strerror or error}.",
            "Check its path and permissions.",
        ) from error
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise InputError(
            f"{path} is not a zip archive, or a damaged one.", "Pack it again, or name a folder."
        ) from error


def list_members(path: str, note: Callable[[str], None] = lambda sentence: None) -> Iterator[str]:
    """Yield the pictures in an archive as ``ARCHIVE.zip!/NAME``, each name once, sorted naturally.

    Parameters
    ----------
    path
        The archive.
    note
        Called with a sentence for each archive inside it, as those are not opened.

    Raises
    ------
    InputError
        Where it cannot be read or is no zip file.
    """
    with open_archive(path) as archive:
        names = {info.filename for info in archive.infolist() if not info.is_dir()}
    for name in sorted(filter(_is_shown, names), key=_member_key):
        if is_picture_name(name):
            yield f"{path}{MEMBER_MARK}{name}"
        elif name.lower().endswith(ARCHIVE_SUFFIX):
            note(
                f"{path}{MEMBER_MARK}{name} was left out: archives inside archives are not opened."
            )


def read_member(archive: zipfile.ZipFile, name: str, limit: int = MAX_BYTES) -> bytes:
    """Read one member.

    What it unpacks to is counted while it is read, so a member that lies about its size is stopped
    at `limit` bytes too.

    Raises
    ------
    PictureError
        Where there is no such member, it is larger, damaged, or locked by a password.
    """
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise PictureError(
            f"The archive {archive.filename} has no file {name}.", "List the archive again."
        ) from None
    if info.flag_bits & 1:
        raise PictureError(
            f"{name} in {archive.filename} is locked by a password.", "Pack it without one."
        )
    if info.file_size > limit:
        raise _too_large(name, limit)
    try:
        with archive.open(info) as member:
            data = member.read(limit + 1)
    except _UNREADABLE as error:
        raise _damaged(archive, name) from error
    if len(data) > limit:
        raise _too_large(name, limit)
    return data


def _damaged(archive: zipfile.ZipFile, name: str) -> PictureError:
    return PictureError(
        f"{name} could not be read from {archive.filename}.",
        "The archive is damaged there; pack it again.",
    )


def _too_large(name: str, limit: int) -> PictureError:
    return PictureError(
        f"{name} is larger than {limit // (1024 * 1024)} MB.", "Leave it out, or make it smaller."
    )


def _is_shown(name: str) -> bool:
    """Tell whether no part of a member's name is hidden; ``.`` and ``..`` hide nothing."""
    return not any(is_hidden_name(part) for part in name.split("/") if part not in (".", ".."))


def _member_key(name: str) -> tuple[object, ...]:
    return tuple(natural_key(part) for part in name.split("/"))
