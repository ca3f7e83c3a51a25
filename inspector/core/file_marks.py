"""What a file is by its content: the marks of model formats, read from a few bytes.

The name of a file is not asked: a download that failed is a web page whatever it is called. Nothing
is parsed any further than it takes to tell one format from another.
"""

from __future__ import annotations

import mmap
import zipfile
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HDF5 = b"\x89HDF\r\n\x1a\n"
ZIP = b"PK\x03\x04"
TFLITE = b"TFL3"
"""Identifier of a TFLite flatbuffer, at byte 4."""
GIT_LFS = b"version https://git-lfs.github.com/spec/"
HEAD = 4096
"""Bytes from the start of a file that are looked at."""

_PAGE_MARKS = (b"<!doctype html", b"<html", b"<?xml", b"<head")
_NAME_BYTES = 512


class Mark(Enum):
    """What a file is."""

    EMPTY = auto()
    KERAS = auto()
    HDF5_MODEL = auto()
    HDF5_WEIGHTS = auto()
    TFLITE = auto()
    SAVED_MODEL = auto()
    GRAPH = auto()
    KERAS_JSON = auto()
    TFJS = auto()
    GRAPH_TEXT = auto()
    CHECKPOINT_LIST = auto()
    PYTORCH = auto()
    SAFETENSORS = auto()
    ONNX = auto()
    NUMPY = auto()
    ARCHIVE = auto()
    PAGE = auto()
    LFS_POINTER = auto()
    UNKNOWN = auto()


def mark_of(path: Path) -> Mark:
    """Tell what a file is.

    Raises
    ------
    OSError
        Where it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        return Mark.EMPTY
    if head[4:8] == TFLITE:
        return Mark.TFLITE
    if _is_hdf5(path, head):
        return Mark.HDF5_MODEL if _mentions(path, b"model_config") else Mark.HDF5_WEIGHTS
    if head.startswith(ZIP):
        return _mark_of_zip(path)
    return _mark_of_text(head) or _mark_of_binary(head) or Mark.UNKNOWN


def _is_hdf5(path: Path, head: bytes) -> bool:
    """Tell whether the mark of HDF5 is at the start, or behind a block of the user's own."""
    if head.startswith(HDF5):
        return True
    return any(head[place:].startswith(HDF5) for place in (512, 1024, 2048))


def _mentions(path: Path, name: bytes) -> bool:
    """Tell whether a name stands anywhere in a file, as those of HDF5's attributes do."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return data.find(name) >= 0


def _mark_of_zip(path: Path) -> Mark:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeError, ValueError):
        return Mark.KERAS if path.suffix == ".keras" else Mark.ARCHIVE
    if "config.json" in names and any(name.startswith("model.weights.") for name in names):
        return Mark.KERAS
    if any(name.endswith(("/data.pkl", "/constants.pkl")) for name in names):
        return Mark.PYTORCH
    if names and all(name.endswith(".npy") for name in names):
        return Mark.NUMPY
    return Mark.ARCHIVE


def _mark_of_text(head: bytes) -> Mark | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    start = text[:64].lower()
    if any(start.startswith(mark) for mark in _PAGE_MARKS):
        return Mark.PAGE
    if text.startswith(GIT_LFS):
        return Mark.LFS_POINTER
    if text.startswith(b"{") and b'"modelTopology"' in text:
        return Mark.TFJS
    if text.startswith(b"{") and b'"class_name"' in text:
        return Mark.KERAS_JSON
    if text.startswith((b"node {", b"node{")):
        return Mark.GRAPH_TEXT
    if text.startswith(b"model_checkpoint_path:"):
        return Mark.CHECKPOINT_LIST
    return None


def _mark_of_binary(head: bytes) -> Mark | None:
    if head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf")) or _is_tar(head):
        return Mark.ARCHIVE
    if head[:1] == b"\x80" and head[1:2] in {b"\x02", b"\x03", b"\x04", b"\x05"}:
        return Mark.PYTORCH
    if head[8:10] == b'{"' and 0 < int.from_bytes(head[:8], "little") < 1 << 32:
        return Mark.SAFETENSORS
    if head.startswith(b"\x93NUMPY"):
        return Mark.NUMPY
    return _mark_of_message(head)


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _mark_of_message(head: bytes) -> Mark | None:
    """Tell protocol buffers apart by their first fields, which are written in order.

    GraphDef begins with a node (1), which begins with its name (1) and its operation (2).
    SavedModel begins with its version (1), the number 1, then a graph (2). ONNX begins with its
    version too, of at least 3 since operators have versions, and goes on with a text.
    """
    fields = list(_fields(head, 2))
    if not fields:
        return None
    number, value = fields[0]
    if number == 1 and isinstance(value, bytes):
        inner = list(_fields(value, 2))
        if [field for field, _ in inner] == [1, 2] and all(map(_is_name, inner)):
            return Mark.GRAPH
        return None
    if number == 1 and len(fields) == 2 and isinstance(fields[1][1], bytes):
        return Mark.SAVED_MODEL if value == 1 and fields[1][0] == 2 else Mark.ONNX
    return None


def _is_name(field: tuple[int, int | bytes]) -> bool:
    value = field[1]
    return isinstance(value, bytes) and 0 < len(value) <= _NAME_BYTES and value.isascii()


def _fields(data: bytes, count: int) -> Iterator[tuple[int, int | bytes]]:
    """Give the first fields of a message: the number, and a whole number or bytes.

    What is cut off at the end of `data` is given as far as it goes.
    """
    place = 0
    for _ in range(count):
        tag, place = _varint(data, place)
        if tag is None or not tag >> 3:
            return
        value, place = _varint(data, place)
        if value is None or tag & 7 not in {0, 2}:
            return
        if tag & 7 == 0:
            yield tag >> 3, value
        else:
            yield tag >> 3, data[place : place + value]
            place += value


def _varint(data: bytes, place: int) -> tuple[int | None, int]:
    value = 0
    for shift in range(0, 70, 7):
        if place >= len(data):
            return None, place
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
    return None, place
