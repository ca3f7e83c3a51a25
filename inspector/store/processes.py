"""Processes of this machine: whether one still runs, and taking turns."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from inspector.core.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_POLL_SECONDS = 0.1


def runs_since_before(pid: int, moment: float) -> bool:
    """Tell whether process `pid` runs, and did at `moment` (seconds since 1970).

    Where the system does not tell when it started, a process that runs is taken to be the one that
    is meant.
    """
    if not _runs(pid):
        return False
    began = _start_time(pid)
    # The kernel counts the start in hundredths, file systems the time of a file not much finer.
    return began is None or began <= moment + 2.0


def _runs(pid: int) -> bool:
    if sys.platform == "win32":
        import ctypes

        query = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
        handle = ctypes.windll.kernel32.OpenProcess(query, False, pid)
        if handle:
            ctypes.windll.kernel32.CloseHandle(handle)
        return bool(handle)
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _start_time(pid: int) -> float | None:
    """Give when a process started, in seconds since 1970, where /proc tells."""
    try:
        # The second field is the program's name in brackets, and may hold anything.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks = int(fields[19])
        for line in Path("/proc/stat").read_text(encoding="utf-8").splitlines():
            if line.startswith("btime "):
                return int(line.split()[1]) + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None
    return None


def _say_nothing() -> None:
    """Tell nobody that another one is waited for."""


@contextlib.contextmanager
def turn(
    file: Path, cancelled: Callable[[], bool], waiting: Callable[[], None] = _say_nothing
) -> Iterator[bool]:
    """Wait until no other process or thread holds `file`, and hold it.

    The system lets go of it when the process dies, however that comes; the empty file stays.

    Parameters
    ----------
    file
        Is made where it is not there.
    cancelled
        Looked at ten times a second while waiting.
    waiting
        Called once, where another one has to be waited for.

    Yields
    ------
    bool
        Whether another one had to be waited for.

    Raises
    ------
    Cancelled
        Where `cancelled` said so while waiting.
    """
    waited = False
    with file.open("ab") as held:
        while not _take(held):
            if cancelled():
                raise Cancelled(str(file))
            if not waited:
                waiting()
            waited = True
            time.sleep(_POLL_SECONDS)
        yield waited


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
