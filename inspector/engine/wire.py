"""Messages over a pair of pipes: pickle protocol 5, with arrays sent beside the pickle.

A frame is the number of parts, then the parts' lengths (8 bytes each, little-endian), then the
parts: the pickle, and each array's memory. Arrays are read straight into their own memory, with
Python's lock released during the reads, so that a receiving thread does not hold up a window.
Only the program's own two processes ever speak over such a pipe. A model that was trusted wrongly
may have taken the engine process over, so the window's end takes nothing apart but the program's
own frozen classes, numpy's arrays and plain values: see :class:`_Unpickler`.
"""

from __future__ import annotations

import enum
import io
import pickle
import struct
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import IO

_COUNT = struct.Struct("<Q")
_MOST_PARTS = 100_000
_MOST_BYTES = 1 << 30
"""Twice the largest picture that is taken."""
_OURS = "inspector."
_OTHERS = frozenset(
    {
        *(("builtins", name) for name in ("set", "frozenset", "bytearray", "complex", "slice")),
        *(("collections", name) for name in ("OrderedDict", "Counter", "deque")),
        *(("numpy", name) for name in ("dtype", "ndarray")),
        *(
            (f"numpy.{core}.{module}", name)
            for core in ("core", "_core")
            for module, name in (
                ("multiarray", "scalar"),
                ("multiarray", "_reconstruct"),
                ("numeric", "_frombuffer"),
            )
        ),
        *(("pathlib", name) for name in ("PosixPath", "WindowsPath", "PurePosixPath")),
        ("pathlib._local", "PosixPath"),
        ("pathlib._local", "WindowsPath"),
    }
)
"""What else than the program's own classes a message may be made of: module and name."""

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
    head = io.BytesIO()
    pickler = pickle.Pickler(head, protocol=5, buffer_callback=buffers.append)
    # Other libraries register ways of pickling for everybody; TensorFlow does so for exceptions.
    pickler.dispatch_table = {}
    pickler.dump(message)
    parts = [head.getbuffer(), *(buffer.raw() for buffer in buffers)]
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
        return _Unpickler(io.BytesIO(head), buffers=buffers).load()
    except _UNPICKLING_ERRORS as error:
        raise BadMessageError(f"not a message: {error}") from error


class _Unpickler(pickle.Unpickler):
    """Takes only classes that hold values; whatever could do something is no message."""

    def find_class(self, module: str, name: str) -> Any:
        """Give a class that a message may be made of."""
        if (module, name) in _OTHERS:
            return super().find_class(module, name)
        if module.startswith(_OURS) and "." not in name:
            found = super().find_class(module, name)
            if _is_value(found) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a message")


def _is_value(found: object) -> bool:
    return isinstance(found, type) and (
        is_dataclass(found) or issubclass(found, enum.Enum | Exception)
    )


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
