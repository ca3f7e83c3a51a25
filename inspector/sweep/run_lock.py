"""One writer per run file: a lock file beside it that the system itself lets go of.

The lock is the operating system's (flock, or a byte range on Windows), so it ends with the process
that holds it, however that comes. The file's text says who holds it, for the message only.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from pathlib import Path
from typing import IO

from inspector.core.errors import ExportError, RunBusyError

_TRIES = 10
_POLL_SECONDS = 0.05


class RunLock:
    """The right to write one run file.

    Parameters
    ----------
    run
        The run file, which need not exist yet.
    """

    def __init__(self, run: Path) -> None:
        self._run = run
        self._path = lock_path(run)
        self._file: IO[bytes] | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises
        ------
        RunBusyError
            Where another process, or another writer of this one, holds it; the message names it.
        ExportError
            Where the lock file cannot be made.
        """
        for attempt in range(_TRIES):
            if attempt:
                # A reader's look at the lock holds it for an instant.
                time.sleep(_POLL_SECONDS)
            if self._try():
                return
        raise RunBusyError(
            f"The run file {self._run} is being written by {_owner(self._path)}.",
            "Wait until it is done, or stop it; then go on with the run.",
        )

    def release(self) -> None:
        """Let go of the lock and remove its file."""
        if self._file is None:
            return
        if sys.platform != "win32":  # where an open file cannot be removed, an empty one stays
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
        self._file.close()
        self._file = None

    def _try(self) -> bool:
        try:
            file = self._path.open("a+b")
        except OSError as error:
            raise ExportError(
                f"{self._run} could not be written: {error.strerror or error}.",
                "Choose a folder that exists and that you may write to.",
            ) from error
        if not _take(file) or not _is_still(file, self._path):
            file.close()
            return False
        with contextlib.suppress(OSError):  # a full disk: the text is for a message only
            file.truncate(0)
            file.write(f"{os.getpid()} {socket.gethostname()}\n".encode())
            file.flush()
        self._file = file
        return True


def lock_path(run: Path) -> Path:
    """Give the lock file of a run file: beside the file itself, not beside a link to it."""
    real = real_path(run)
    return real.with_name(f"{real.name}.lock")


def real_path(run: str | os.PathLike[str]) -> Path:
    """Give the absolute path of a run file, behind all links, so that it has one name only."""
    return Path(os.path.realpath(Path(run).expanduser()))


def is_held(run: Path) -> bool:
    """Tell whether somebody writes the run file at this moment."""
    try:
        with lock_path(run).open("rb") as file:
            return not _take(file, shared=True)
    except FileNotFoundError:
        return False
    except OSError:  # not ours to read: somebody else's, so somebody may be writing
        return True


def _owner(path: Path) -> str:
    """Say who holds a lock, such as ``process 4711 on host``."""
    try:
        pid, _, host = path.read_text(encoding="utf-8", errors="replace").strip().partition(" ")
    except OSError:
        pid = host = ""
    if not pid.isdecimal():
        return "another process"
    return f"process {pid}" + (f" on {host}" if host else "")


def _is_still(file: IO[bytes], path: Path) -> bool:
    """Tell whether the name still means the file that was locked: its last holder removes it."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # a locked byte cannot be read, so lock one beyond the text

    def _take(file: IO[bytes], shared: bool = False) -> bool:
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            if shared:
                file.seek(_FAR)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(0)
        return True

else:
    import fcntl

    def _take(file: IO[bytes], shared: bool = False) -> bool:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
