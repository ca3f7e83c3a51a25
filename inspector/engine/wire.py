"""Messages over a pair of pipes: pickle protocol 5, with arrays sent beside the pickle.

A frame is the number of parts, then the parts' lengths (8 bytes each, little-endian), then the
parts: the pickle, and each array's memory. Arrays are read straight into their own memory, with
Python's lock released during the reads, so that a receiving thread does not hold up a window.
Only the program's own two processes ever speak over such a pipe.
"""

from __future__ import annotations

import pickle
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import IO

_COUNT = struct.Struct("<Q")
_MOST_PARTS = 100_000
_MOST_BYTES = 1 << 30
"""Twice the largest picture that is taken."""
_UNPICKLING_ERRORS = (
    *(pickle.UnpicklingError, EOFError, AttributeError, ImportError),
    *(LookupError, TypeError, ValueError),
)


class BadMessageError(ValueError):
    """What came over the pipe is no message of ours, as when something else printed into it."""


def send(stream: IO[bytes], message: object) -> None:
    """Write one message.

    Raises
    ------
    OSError
        Where the other end is closed.
    """
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(message, protocol=5, buffer_callback=buffers.append)
    parts = [memoryview(head), *(buffer.raw() for buffer in buffers)]
    sizes = [part.nbytes for part in parts]
    stream.write(struct.pack(f"<{len(sizes) + 1}Q", len(sizes), *sizes))
    for part in parts:
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read one message; blocks until it is whole.

    Raises
    ------
    EOFError
        Where the other end is closed.
    BadMessageError
        Where the bytes are no message; the stream cannot be used any more.
    """
    (count,) = _COUNT.unpack(_read(stream, _COUNT.size))
    if not 1 <= count <= _MOST_PARTS:
        raise BadMessageError(f"a message cannot have {count} parts")
    sizes = struct.unpack(f"<{count}Q", _read(stream, _COUNT.size * count))
    if sum(sizes) > _MOST_BYTES:
        raise BadMessageError(f"a message cannot have {sum(sizes)} bytes")
    head, *buffers = [_read(stream, size) for size in sizes]
    try:
        return pickle.loads(head, buffers=buffers)
    except _UNPICKLING_ERRORS as error:
        raise BadMessageError(f"not a message: {error}") from error


def _read(stream: IO[bytes], size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    done = 0
    while done < size:
        got = stream.readinto(view[done:])  # type: ignore[attr-defined]
        if not got:
            raise EOFError("the other process has closed its end")
        done += got
    return data
