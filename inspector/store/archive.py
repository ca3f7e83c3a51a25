"""Unpacking an archive that nobody vouches for."""

from __future__ import annotations

import contextlib
import gzip
import os
import stat
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING

from inspector.core.errors import Cancelled, ReleaseError
from inspector.store.content import GZIP_MAGIC, ZIP_MAGIC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_BLOCK = 1024 * 1024
_LONGEST_READ = 16 * _BLOCK
_LONGEST_PATH = 400
_LONGEST_NAME = 200
_SMALL = 10 * _BLOCK
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (
    *(tarfile.TarError, zipfile.BadZipFile, gzip.BadGzipFile, zlib.error),
    *(EOFError, ValueError, struct.error),
)
_MEND = "Nothing of it was kept; get the release from a source that you trust."


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may become.

    Attributes
    ----------
    size
        Bytes of all files together.
    files
        Files and folders.
    ratio
        Bytes out per byte in, of a file of a zip and of a tar.gz as a whole; the first 10 MB are
        free.
    """

    size: int = 4_000_000_000
    files: int = 5_000
    ratio: float = 200.0


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    is_folder: bool
    open: Callable[[], IO[bytes]]


def unpack(
    archive: Path,
    into: Path,
    limits: Limits | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Unpack a .tar.gz or .zip into a folder that is made for it.

    Refused are absolute paths, ``..``, links, devices, names that some system cannot have or that
    are the same but for their case, and whatever grows beyond the limits. Owners and permissions
    in the archive are ignored.

    Returns
    -------
    int
        Bytes of all files.

    Raises
    ------
    ReleaseError
        Where it is damaged or refused; `into` may then hold some of it.
    Cancelled
        Where `cancelled` said so between two blocks.
    """
    limits = limits or Limits()
    writer = _Writer(into, limits, cancelled)
    into.mkdir(parents=True)
    try:
        for member in _members(archive, limits):
            writer.write(member)
    except _DAMAGE as error:
        raise ReleaseError("The archive is damaged.", _MEND) from error
    writer.sync()
    return writer.total


class _Writer:
    """Writes members below one folder, counting."""

    def __init__(self, into: Path, limits: Limits, cancelled: Callable[[], bool]) -> None:
        self._into = into
        self._limits = limits
        self._cancelled = cancelled
        self._files: set[tuple[str, ...]] = set()
        self._folders: set[tuple[str, ...]] = set()
        self._written: list[Path] = []
        self.total = 0

    def write(self, member: _Member) -> None:
        parts = _safe_parts(member.name)
        key = tuple(unicodedata.normalize("NFC", part).casefold() for part in parts)
        self._claim(key, member)
        if len(self._files) + len(self._folders) > self._limits.files:
            raise _refusal(f"has more than {self._limits.files:,} files")
        path = self._into.joinpath(*parts)
        if member.is_folder:
            path.mkdir(parents=True, exist_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file, member.open() as source:
            self._copy(source, file)
        self._written.append(path)

    def _claim(self, key: tuple[str, ...], member: _Member) -> None:
        parents = {key[:length] for length in range(1, len(key))}
        twice = key in self._files or (key in self._folders and not member.is_folder)
        if twice or parents & self._files or (not key and not member.is_folder):
            raise _refusal(f"has {member.name!r} twice")
        self._folders |= parents
        (self._folders if member.is_folder else self._files).add(key)

    def _copy(self, source: IO[bytes], file: IO[bytes]) -> None:
        while block := source.read(_BLOCK):
            self.total += len(block)
            if self.total > self._limits.size:
                raise _refusal(f"is larger than {self._limits.size / 1e6:,.0f} MB")
            if self._cancelled():
                raise Cancelled("unpacking")
            file.write(block)

    def sync(self) -> None:
        """Make all files durable; done last, since it is slow and an archive may be refused."""
        for path in self._written:
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def _safe_parts(name: str) -> tuple[str, ...]:
    """Split a member's name; empty for the archive's own root (``./``)."""
    if len(name) > _LONGEST_PATH:
        raise _refusal(f"has a path of {len(name)} letters")
    parts = tuple(part for part in name.split("/") if part not in {"", "."})
    odd = any(letter in '\\:<>"|?*' or not letter.isprintable() for letter in name)
    if name.startswith("/") or ".." in parts or odd:
        raise _refusal(f"has the path {name!r}")
    for part in parts:
        if len(part.encode("utf-8", "surrogatepass")) > _LONGEST_NAME or part[-1] in ". ":
            raise _refusal(f"has a file named {part!r}")
    return parts


def _members(archive: Path, limits: Limits) -> Iterator[_Member]:
    with archive.open("rb") as file:
        magic = file.read(4)
    if magic.startswith(GZIP_MAGIC):
        return _tar_members(archive, limits)
    if magic == ZIP_MAGIC:
        return _zip_members(archive, limits)
    raise _refusal("is neither a .tar.gz nor a .zip")


class _Bounded(gzip.GzipFile):
    """A gzip file that grows only so far, and is never read in huge pieces.

    A tar's headers may claim any length, and are read at once.
    """

    most = 0

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= _LONGEST_READ:
            raise _refusal("has a header of many megabytes")
        data = super().read(size)
        if self.tell() > self.most:
            raise _refusal("unpacks to far more than it is")
        return data


def _tar_members(archive: Path, limits: Limits) -> Iterator[_Member]:
    with _Bounded(archive, "rb") as stream:
        packed = archive.stat().st_size
        most = min(limits.size + limits.files * 2048, int(packed * limits.ratio))
        stream.most = max(most, _SMALL)
        with tarfile.open(fileobj=stream, mode="r:", errorlevel=2) as tar:
            for info in tar:
                if not (info.isdir() or info.isreg()) or info.issparse():
                    raise _refusal(f"has {info.name!r}, which is neither a file nor a folder")
                yield _Member(info.name, info.isdir(), partial(_tar_file, tar, info))
        while stream.read(_BLOCK):  # the checksum stands behind all the rest
            pass


def _tar_file(tar: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(info)
    assert file is not None
    return file


def _zip_members(archive: Path, limits: Limits) -> Iterator[_Member]:
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(zipfile.ZipFile(archive))
        for info in file.infolist():
            _check_zip_member(info, limits)
            yield _Member(info.filename, info.is_dir(), partial(file.open, info))


def _check_zip_member(info: zipfile.ZipInfo, limits: Limits) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise _refusal(f"has {info.filename!r}, which is neither a file nor a folder")
    if info.flag_bits & 0x1 or info.compress_type not in _METHODS:
        raise _refusal(f"has {info.filename!r} packed in a way that is not known here")
    if info.file_size > max(_SMALL, info.compress_size * limits.ratio):
        raise _refusal("unpacks to far more than it is")


def _refusal(what: str) -> ReleaseError:
    return ReleaseError(f"The archive {what}.", _MEND)
