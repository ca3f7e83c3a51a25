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
    """
    (count,) = _COUNT.unpack(_read(stream, _COUNT.size))
    sizes = struct.unpack(f"<{count}Q", _read(stream, _COUNT.size * count))
    head, *buffers = (_read(stream, size) for size in sizes)
    return pickle.loads(head, buffers=buffers)


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
