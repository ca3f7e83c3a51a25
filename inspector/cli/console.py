"""Where a command writes: results, messages, and what nobody should see."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from inspector.core.paths import log_file

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Console:
    """Results go to `out`, progress and messages to `err`."""

    out: IO[str]
    err: IO[str]

    def result(self, text: str) -> None:
        """Write a result."""
        self.out.write(text if text.endswith("\n") else text + "\n")
        self.out.flush()

    def json(self, value: Any) -> None:
        """Write a result as JSON; its numbers must be finite or null."""
        self.result(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))

    def message(self, text: str) -> None:
        """Write progress or a message."""
        self.err.write(text + "\n")
        self.err.flush()


@contextlib.contextmanager
def quiet_console() -> Iterator[Console]:
    """Give a console on the real standard streams, with descriptors 1 and 2 led into a log.

    TensorFlow's C++ code writes to descriptor 2 whatever the log level, and some libraries print;
    neither may reach the user. Both descriptors are put back at the end.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    saved = os.dup(1), os.dup(2)
    with log_file("command.log").open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    try:
        with (
            os.fdopen(os.dup(saved[0]), "w", encoding="utf-8", errors="backslashreplace") as out,
            os.fdopen(os.dup(saved[1]), "w", encoding="utf-8", errors="backslashreplace") as err,
            contextlib.redirect_stdout(err),
            contextlib.redirect_stderr(err),
        ):
            yield Console(out, err)
    finally:
        for descriptor, original in enumerate(saved, start=1):
            os.dup2(original, descriptor)
            os.close(original)
