"""Files that are packed into a TFLite model beside its graph: labels, mostly.

TFLite's metadata appends a zip archive to the model (https://ai.google.dev/edge/litert/models/
metadata); the flatbuffer in front of it is not touched, and any zip reader finds the archive.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from inspector.core.errors import ReleaseError

if TYPE_CHECKING:
    from pathlib import Path

FILE_LIMIT = 100
"""Files in a model."""
SIZE_LIMIT = 16 << 20
"""Bytes of one file when it is unpacked."""

_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class AssociatedFile:
    """A file in a model: its name, and its bytes when it is unpacked."""

    name: str
    size: int


def associated_files(path: Path) -> tuple[AssociatedFile, ...]:
    """List what is packed into a model; empty where nothing is.

    Raises
    ------
    ReleaseError
        Where the archive is broken, or holds more than it may.
    """
    try:
        if not zipfile.is_zipfile(path):
            path.stat()  # which says why where there is no such file
            return ()
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except (*_BROKEN, OSError) as error:
        raise _broken(path, str(error)) from error
    if len(members) > FILE_LIMIT:
        raise _broken(path, f"there are {len(members):,} of them")
    return tuple(AssociatedFile(member.filename, member.file_size) for member in members)


def read_associated(path: Path, name: str) -> bytes:
    """Read a file that is packed into a model.

    Raises
    ------
    ReleaseError
        Where there is none of this name, or it is broken or too large.
    """
    sizes = {file.name: file.size for file in associated_files(path)}
    if name not in sizes:
        raise _broken(path, f"there is no {name!r}")
    if sizes[name] > SIZE_LIMIT:
        raise _broken(path, f"{name[:100]!r} has {sizes[name] / 1e6:,.0f} MB")
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as file:
            data = file.read(SIZE_LIMIT + 1)
    except (*_BROKEN, OSError) as error:
        raise _broken(path, str(error)) from error
    if len(data) > SIZE_LIMIT:
        raise _broken(path, f"{name[:100]!r} is larger than it says")
    return data


def packed_labels(path: Path) -> tuple[str, ...]:
    """Give the labels that a model brings along, one for each line; empty where it has none.

    The first text file with "label" in its name is meant, else the only text file.

    Raises
    ------
    ReleaseError
        Where that file is broken, too large, or no UTF-8 text.
    """
    texts = [file.name for file in associated_files(path) if _is_text(file.name)]
    named = [name for name in texts if "label" in PurePath(name).name.lower()]
    chosen = named[:1] or (texts if len(texts) == 1 else [])
    if not chosen:
        return ()
    try:
        text = read_associated(path, chosen[0]).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _broken(path, f"{chosen[0][:100]!r} is no UTF-8 text") from error
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _is_text(name: str) -> bool:
    return PurePath(name).suffix.lower() in {".txt", ".csv", ".labels"}


def _broken(path: Path, fact: str) -> ReleaseError:
    return ReleaseError(
        f"The files packed into {path.name} could not be read: {fact.rstrip('.')}.",
        "Give the labels as a text file of their own.",
    )
