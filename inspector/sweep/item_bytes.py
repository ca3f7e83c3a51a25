"""Reading the bytes of a sweep's pictures, from files and from archives."""

from __future__ import annotations

import os
import stat
import threading
from typing import TYPE_CHECKING, Self

from inspector.core.errors import InputError, PictureError
from inspector.core.picture import MAX_BYTES
from inspector.sweep import archive

if TYPE_CHECKING:
    import zipfile
    from types import TracebackType

    from inspector.sweep.rows import SweepItem

_NO_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class ItemReader:
    """Reads pictures one after the other, and keeps the last archive open.

    It may be used by several threads; reads from one archive take turns. It is a context manager.

    Parameters
    ----------
    limit
        Files with more bytes are refused.
    """

    def __init__(self, limit: int = MAX_BYTES) -> None:
        self._limit = limit
        self._turn = threading.Lock()
        self._path: str | None = None
        self._archive: zipfile.ZipFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, path: str) -> bytes:
        """Give the encoded bytes of a picture.

        Raises
        ------
        PictureError
            Where it is gone, unreadable, too large, no plain file, or damaged inside its archive.
        """
        member = archive.split_member(path)
        if member is None:
            return _read_file(path, self._limit)
        with self._turn:
            return archive.read_member(self._open(member[0]), member[1], self._limit)

    def close(self) -> None:
        """Close the archive that is open."""
        if self._archive is not None:
            self._archive.close()
        self._archive = self._path = None

    def _open(self, path: str) -> zipfile.ZipFile:
        if self._archive is None or self._path != path:
            self.close()
            try:
                self._archive = archive.open_archive(path)
            except InputError as error:
                raise PictureError(error.message, error.mend) from error
            self._path = path
        return self._archive


def read_item_bytes(item: SweepItem) -> bytes:
    """Give the encoded bytes of one picture; for many of an archive use :class:`ItemReader`.

    Raises
    ------
    PictureError
        As :meth:`ItemReader.read`.
    """
    with ItemReader() as reader:
        return reader.read(item.path)


def _read_file(path: str, limit: int) -> bytes:
    try:
        # Without waiting: opening a named pipe would hang for ever.
        handle = os.open(path, os.O_RDONLY | _NO_WAITING)
        with os.fdopen(handle, "rb") as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise PictureError(f"{path} is not a plain file.", "Name picture files only.")
            if facts.st_size > limit:
                raise _too_large(path, limit)
            data = file.read(limit + 1)
    except FileNotFoundError as error:
        raise PictureError(
            f"There is no file {path}.", "It was moved or removed, or is a link to nothing."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PictureError(
            f"{path} could not be read: {reason}.", "Check its permissions and its disk."
        ) from error
    if len(data) > limit:
        raise _too_large(path, limit)
    return data


def _too_large(path: str, limit: int) -> PictureError:
    return PictureError(
        f"{path} is larger than {limit // (1024 * 1024)} MB.", "Leave it out, or make it smaller."
    )
