"""What bytes are, and whether a file or a folder is all there."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from inspector.core.hdf5 import HDF5_MAGIC

if TYPE_CHECKING:
    from pathlib import Path

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
LONGEST_MAGIC = 8

_MODEL_FILES = ("saved_model.pb", "saved_model.pbtxt")
_SHARD = re.compile(r"variables\.data-(\d{5})-of-(\d{5})")
_HTML_STARTS = (b"<!doc", b"<html", b"<head", b"<?xml", b"<!--")


class Content(StrEnum):
    """What a download is to be; each value ends the sentence 'instead of …'."""

    HDF5 = "Keras weights"
    ARCHIVE = "an archive"


_MAGIC = {Content.HDF5: (HDF5_MAGIC,), Content.ARCHIVE: (GZIP_MAGIC, ZIP_MAGIC)}


def unlike(content: Content, start: bytes, content_type: str = "") -> str:
    """Say what was sent instead of `content`; an empty text where it may be just that.

    Parameters
    ----------
    start
        The first bytes, at least `LONGEST_MAGIC` of them where there are as many.
    content_type
        The server's Content-Type. It is believed only where it says HTML: servers call files
        anything else.
    """
    if content_type.startswith("text/html") or start.lstrip()[:5].lower().startswith(_HTML_STARTS):
        return f"sent a web page instead of {content}"
    if not start.startswith(_MAGIC[content]):
        return f"sent something else instead of {content}"
    return ""


def saved_model_fault(folder: Path) -> str:
    """Say what a SavedModel's folder lacks; an empty text where it is whole.

    A TF1-format Hub module (``tfhub_module.pb``) may have no variables.
    """
    try:
        if not any(_has_bytes(folder / name) for name in _MODEL_FILES):
            return "has no saved_model.pb"
        variables = folder / "variables"
        if not variables.is_dir():
            is_tf1 = (folder / "tfhub_module.pb").is_file()
            return "" if is_tf1 else "has no variables"
        return _shards_fault(variables)
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _shards_fault(variables: Path) -> str:
    if not _has_bytes(variables / "variables.index"):
        return "has no variables/variables.index"
    found = [match for file in variables.iterdir() if (match := _SHARD.fullmatch(file.name))]
    if not found:
        return "has no variables/variables.data"
    count = int(found[0].group(2))
    for number in range(count):
        name = f"variables.data-{number:05}-of-{count:05}"
        if not (variables / name).is_file():
            return f"has no variables/{name}"
    return ""


def _has_bytes(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0
