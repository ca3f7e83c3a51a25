"""Where a command writes: results, messages, and what nobody should see."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from inspector.core.errors import ExportError
from inspector.core.paths import log_file

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Console:
    """Results go to `out`, progress and messages to `err`."""

    out: IO[str]
    err: IO[str]

    def result(self, text: str) -> None:
        """Write a result; where its reader has gone, as ``head`` does, it is left out.

        The command then still ends with the exit code of its answer: who gates on that must not be
        told that all is well because of a pipe.

        Raises
        ------
        ExportError
            Where it cannot be written for another reason, such as a full disk.
        """
        try:
            self.out.write(text if text.endswith("\n") else text + "\n")
            self.out.flush()
        except BrokenPipeError:
            return
        except OSError as error:
            raise ExportError(
                f"The result could not be written to standard output: {error.strerror}.",
                "Send it to another file or disk.",
            ) from error

    def json(self, value: Any) -> None:
        """Write a result as JSON; its numbers must be finite or null."""
        self.result(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))

    def message(self, text: str) -> None:
        """Write progress or a message; where nobody can read it, it is left out."""
        with contextlib.suppress(OSError):
            self.err.write(text + "\n")
            self.err.flush()


@contextlib.contextmanager
def quiet_console() -> Iterator[Console]:
    """Give a console on the real standard streams, with descriptors 1 and 2 led into a log.

    TensorFlow's C++ code writes to descriptor 2 whatever the log level, and some libraries print
    or warn; nothing of that may reach the user. All is put back at the end.
    """
    _open_closed_descriptors()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    saved = os.dup(1), os.dup(2)
    with contextlib.ExitStack() as stack:
        stack.callback(_put_back, saved)
        log = stack.enter_context(log_file("command.log").open("a", encoding="utf-8"))
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        stack.enter_context(contextlib.redirect_stdout(log))
        stack.enter_context(contextlib.redirect_stderr(log))
        yield Console(_stream(saved[0], stack), _stream(saved[1], stack))


def _open_closed_descriptors() -> None:
    """Lead standard descriptors that the caller closed to nowhere, lowest first."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _stream(descriptor: int, stack: contextlib.ExitStack) -> IO[str]:
    stream = os.fdopen(os.dup(descriptor), "w", encoding="utf-8", errors="backslashreplace")
    stack.callback(_close, stream)
    return stream


def _close(stream: IO[str]) -> None:
    """Close a stream; what could not be written was told when it was written."""
    with contextlib.suppress(OSError):
        stream.close()


def _put_back(saved: tuple[int, int]) -> None:
    for descriptor, original in enumerate(saved, start=1):
        os.dup2(original, descriptor)
        os.close(original)
