"""The tags of a SavedModel's graphs, read from the few bytes of its file that say them.

The numbers of the fields are those of TensorFlow's ``saved_model.proto`` and ``meta_graph.proto``;
the wire format is that of Protocol Buffers (https://protobuf.dev/programming-guides/encoding).
"""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_META_GRAPHS, _META_INFO, _TAGS = 2, 1, 4
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
_LENGTHS = {_EIGHT: 8, _FOUR: 4}


def usual_tags(folder: Path) -> tuple[str, ...] | None:
    """Give the tags of the graph that is meant where a source names none.

    Returns
    -------
    tuple[str, ...] | None
        None where there is only one graph, or its file does not say which of several is meant:
        that without tags, else that for serving, else the only one that is not for training.
    """
    sets = tag_sets(folder)
    if len(sets) < 2:
        return None
    for tags in ((), ("serve",)):
        if tags in sets:
            return tags
    inference = [tags for tags in sets if "train" not in tags]
    return inference[0] if len(inference) == 1 else None


def tag_sets(folder: Path) -> tuple[tuple[str, ...], ...]:
    """Give the tags of each graph, in the order of the file; empty where it cannot be read."""
    path = folder / "saved_model.pb"
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return tuple(_tags(data, *span) for span in _parts(data, 0, len(data), _META_GRAPHS))
    except (OSError, ValueError, IndexError):
        return ()


def _tags(data: mmap.mmap, start: int, end: int) -> tuple[str, ...]:
    return tuple(
        data[first:last].decode("utf-8")
        for info in _parts(data, start, end, _META_INFO)
        for first, last in _parts(data, *info, _TAGS)
    )


def _parts(data: mmap.mmap, start: int, end: int, wanted: int) -> Iterator[tuple[int, int]]:
    """Give where the values of one field of bytes begin and end.

    Raises
    ------
    ValueError, IndexError
        Where that is no message.
    """
    while start < end:
        key, start = _varint(data, start)
        kind = key & 7
        if kind == _VARINT:
            _, start = _varint(data, start)
            continue
        if kind == _BYTES:
            length, start = _varint(data, start)
        elif kind in _LENGTHS:
            length = _LENGTHS[kind]
        else:
            raise ValueError(f"A field has the unknown type {kind}.")
        if start + length > end:
            raise ValueError("A field is longer than its message.")
        if kind == _BYTES and key >> 3 == wanted:
            yield start, start + length
        start += length


def _varint(data: mmap.mmap, place: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, the lowest first; give it and where it ends."""
    number = shift = 0
    while True:
        byte = data[place]
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, place
        shift += 7
