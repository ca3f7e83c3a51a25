"""The window's end of the engine process: starts it, talks to it, ends it. No TensorFlow here."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import EngineCrashedError, EngineError
from inspector.core.paths import log_file
from inspector.engine import wire
from inspector.engine.messages import Shutdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.engine.messages import Reply, Request

_ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-P", "-m", "inspector.engine.server")


class EngineClient:
    """One engine process. After its end, make another.

    Requests go through a queue and a thread of their own, so that `send` never blocks; replies are
    read by whoever calls `receive`, which does.

    Raises
    ------
    EngineError
        Where the system cannot start the process.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self.log = log_file("engine.log")
        self._outgoing: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        with self.log.open("ab") as log:
            try:
                self._process = subprocess.Popen(
                    list(command),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env=engine_environment(),
                    start_new_session=True,
                )
            except OSError as error:
                raise EngineError(
                    f"The engine process could not be started: {error.strerror or error}.",
                    "Close other programs, or install this one again.",
                ) from error
        threading.Thread(target=self._write, name="engine-writer", daemon=True).start()

    @property
    def pid(self) -> int:
        """Process id of the engine."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process is running."""
        return self._process.poll() is None

    def send(self, request: Request) -> None:
        """Put a request on its way; returns at once."""
        self._outgoing.put(request)

    def receive(self) -> Reply:
        """Wait for the next reply.

        Raises
        ------
        EngineCrashedError
            Where the process has ended.
        """
        assert self._process.stdout is not None
        try:
            reply: Reply = wire.receive(self._process.stdout)
        except (EOFError, OSError, ValueError):
            raise self._crash() from None
        return reply

    def kill(self) -> None:
        """End the process at once; a waiting `receive` raises."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    def close(self, patience: float = 1.0) -> None:
        """Ask the process to end, wait up to `patience` seconds, then kill it, and clean up."""
        self._outgoing.put(Shutdown())
        self._outgoing.put(None)
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        self._release()

    def _write(self) -> None:
        stream = self._process.stdin
        assert stream is not None
        with contextlib.suppress(OSError, ValueError):
            while (request := self._outgoing.get()) is not None:
                wire.send(stream, request)
        with contextlib.suppress(OSError, ValueError):
            stream.close()

    def _crash(self) -> EngineCrashedError:
        self.kill()
        code = self._process.wait()
        self._outgoing.put(None)
        self._release()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return EngineCrashedError(
            f"The engine process ended unexpectedly ({how}).",
            f"Its last words are in {self.log}.",
        )

    def _release(self) -> None:
        """Close the pipe of the replies, after whatever still reads from it has seen its end."""
        assert self._process.stdout is not None
        self._process.stdout.close()


def engine_environment() -> dict[str, str]:
    """Let the process import this very package, also from a checkout."""
    environment = dict(os.environ)
    paths = [str(_ROOT), *filter(None, [environment.get("PYTHONPATH")])]
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    environment.setdefault("PYTHONUNBUFFERED", "1")
    return environment
