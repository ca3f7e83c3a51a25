"""A reader of FlatBuffers that believes nothing: every offset is checked before it is followed.

The format (https://flatbuffers.dev/internals): a table begins with the signed distance back to its
vtable, which gives the place of each field in the table; strings, vectors and tables are reached
by unsigned distances forward. Numbers are little-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VECTOR_LIMIT = 10_000_000
"""Elements of a vector that are read one by one."""


class BrokenBufferError(Exception):
    """An offset leads out of the file, or a number is impossible."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table at a place of a file.

    Attributes
    ----------
    data
        The whole file.
    place
        Where the table begins.
    fields
        Where each field begins, counted from the table; 0 for those that are not stored.
    """

    data: memoryview
    place: int
    fields: tuple[int, ...]

    def number(self, slot: int, form: str, default: int = 0) -> int:
        """Give a whole number; `form` is its letter in :mod:`struct`."""
        at = self._at(slot)
        return default if at is None else int(_unpack(self.data, at, form))

    def text(self, slot: int) -> str:
        """Give a text; empty where it is not stored."""
        return bytes(self.bytes(slot)).decode("utf-8", "replace")

    def bytes(self, slot: int) -> memoryview:
        """Give a vector of bytes; empty where it is not stored."""
        place, length = self._vector(slot, 1)
        return self.data[place : place + length]

    def numbers(self, slot: int, form: str) -> tuple[int | float, ...]:
        """Give a vector of numbers; empty where it is not stored."""
        size = struct.calcsize(f"<{form}")
        place, length = self._vector(slot, size)
        if length > VECTOR_LIMIT:
            raise BrokenBufferError(f"a list has {length:,} numbers")
        return struct.unpack_from(f"<{length}{form}", self.data, place)

    def table(self, slot: int) -> Table | None:
        """Give an inner table, or None where it is not stored."""
        at = self._at(slot)
        return None if at is None else table_at(self.data, _follow(self.data, at))

    def tables(self, slot: int) -> Iterator[Table]:
        """Give a vector of tables."""
        place, length = self._vector(slot, 4)
        for index in range(length):
            yield table_at(self.data, _follow(self.data, place + 4 * index))

    def has(self, slot: int) -> bool:
        """Tell whether a field is stored."""
        return self._at(slot) is not None

    def _at(self, slot: int) -> int | None:
        offset = self.fields[slot] if slot < len(self.fields) else 0
        return self.place + offset if offset else None

    def _vector(self, slot: int, size: int) -> tuple[int, int]:
        at = self._at(slot)
        if at is None:
            return 0, 0
        place = _follow(self.data, at)
        length = int(_unpack(self.data, place, "I"))
        if place + 4 + length * size > len(self.data):
            raise BrokenBufferError("a list leads out of the file")
        return place + 4, length


def root_table(data: memoryview) -> Table:
    """Give the outermost table of a file.

    Raises
    ------
    BrokenBufferError
        Here and in every method of :class:`Table`: where an offset leads out of the file.
    """
    return table_at(data, _follow(data, 0))


def table_at(data: memoryview, place: int) -> Table:
    """Give the table that begins at a place."""
    vtable = place - int(_unpack(data, place, "i"))
    if vtable < 0 or vtable % 2:
        raise BrokenBufferError("a table has no description")
    size, inline = int(_unpack(data, vtable, "H")), int(_unpack(data, vtable + 2, "H"))
    if size < 4 or size % 2 or vtable + size > len(data) or place + inline > len(data):
        raise BrokenBufferError("a table leads out of the file")
    fields = struct.unpack_from(f"<{(size - 4) // 2}H", data, vtable + 4)
    if any(field >= inline for field in fields if field):
        raise BrokenBufferError("a field lies outside of its table")
    return Table(data, place, fields)


def _follow(data: memoryview, at: int) -> int:
    place = at + int(_unpack(data, at, "I"))
    if place <= at or place + 4 > len(data):
        raise BrokenBufferError("an offset leads out of the file")
    return place


def _unpack(data: memoryview, at: int, form: str) -> int | float:
    if at < 0 or at + struct.calcsize(f"<{form}") > len(data):
        raise BrokenBufferError("an offset leads out of the file")
    number: int | float = struct.unpack_from(f"<{form}", data, at)[0]
    return number
