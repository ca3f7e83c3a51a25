"""The lock files by which TensorFlow Hub's downloads take turns.

While Hub downloads a module into ``<place>.<uid>.tmp`` it keeps ``<place>.lock``, which holds
``<host>.<pid>.<uid>``. When it is killed both stay, and the next process waits some twenty minutes.
Read in tensorflow_hub 0.16.1, ``resolver.atomic_download``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.core.errors import Cancelled
from inspector.store.processes import runs_since_before

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

QUIET_SECONDS = 600.0
"""After this long without a change Hub itself takes a lock for abandoned."""

LEAST_QUIET_SECONDS = 60.0
"""How long at least the lock of a process that cannot be looked at is respected."""

TELL_SECONDS = 15.0
"""How often it is told that a lock is waited for."""

_POLL_SECONDS = 0.2


def hear_nothing(text: str) -> None:
    """Tell nobody what is waited for."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How another one's lock is waited for.

    Attributes
    ----------
    quiet
        Seconds without a change after which the lock of a process that cannot be looked at (it is
        another machine's, or another container's) is taken for abandoned.
    tell
        Hears at once, and then now and then, who is waited for.
    """

    quiet: float = QUIET_SECONDS
    tell: Callable[[str], None] = hear_nothing


def lock_file(place: Path) -> Path:
    """Give the lock of the module that lies, or is to lie, in `place`."""
    return place.with_name(f"{place.name}.lock")


def temporary_folders(place: Path) -> list[Path]:
    """Give the folders of downloads that have not ended, whoever began them."""
    return sorted(place.parent.glob(f"{place.name}.*.tmp"))


@dataclass(frozen=True, slots=True)
class _Lock:
    """A lock as it was read: whose it is, when it was made, and when something last changed."""

    host: str
    pid: int | None
    made: float
    changed: float

    @property
    def is_of_this_machine(self) -> bool:
        return self.pid is not None and self.host == socket.gethostname()

    def quiet(self, quiet: float) -> float:
        """Give the seconds without a change that end it."""
        return QUIET_SECONDS if self.is_of_this_machine else quiet

    def is_live(self, quiet: float) -> bool:
        if time.time() - self.changed > self.quiet(quiet):
            return False
        if self.pid is None or not self.is_of_this_machine:
            return True
        return runs_since_before(self.pid, self.made)


def is_live(place: Path, quiet: float = QUIET_SECONDS) -> bool:
    """Tell whether a process is at work on `place`.

    One of this machine is, where it runs and began before the lock was made; of another one, whose
    cache this is too, only the quiet of its files tells: `quiet` seconds of it end the lock.
    """
    lock = _read(place)
    return lock is not None and lock.is_live(quiet)


def clear_dead(place: Path, quiet: float = QUIET_SECONDS) -> bool:
    """Remove the lock and the unfinished folders of dead processes; tell whether it is free now."""
    if is_live(place, quiet):
        return False
    _clear(place)
    return True


def wait_until_free(
    place: Path, cancelled: Callable[[], bool], patience: Patience | None = None
) -> None:
    """Wait while another process is at work on `place`, and tell of it; raises Cancelled."""
    patience = patience or Patience()
    told = float("-inf")
    before: _Lock | None = None
    unchanged_since = time.monotonic()
    while (lock := _read(place)) is not None and lock.is_live(patience.quiet):
        now = time.monotonic()
        if lock != before:
            before, unchanged_since = lock, now
        # The clock of another machine may be ahead: what stands still in front of us counts, too.
        if now - unchanged_since > lock.quiet(patience.quiet):
            break
        if cancelled():
            raise Cancelled(str(place))
        if now - told >= TELL_SECONDS:
            told = now
            patience.tell(_waiting_text(place, lock, patience.quiet))
        time.sleep(_POLL_SECONDS)
    _clear(place)


def _waiting_text(place: Path, lock: _Lock, quiet: float) -> str:
    who = "another process" if lock.pid is None else f"process {lock.pid}"
    if lock.host and not lock.is_of_this_machine:
        who += f" of the machine {lock.host}"
    since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(lock.made))
    most = lock.quiet(quiet)
    left = min(max(most - (time.time() - lock.changed), 0.0), most)
    return (
        f"Waiting for {who}, which has been downloading this module since {since}; for at most "
        f"{left:.0f} s more, unless it writes meanwhile. If that process is gone, delete "
        f"{lock_file(place)}."
    )


def _clear(place: Path) -> None:
    lock_file(place).unlink(missing_ok=True)
    for folder in temporary_folders(place):
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def held(
    place: Path, cancelled: Callable[[], bool], patience: Patience | None = None
) -> Iterator[Path]:
    """Hold Hub's lock of `place`, so that Hub waits for us; give a temporary folder's path.

    The folder is not made, but removed at the end if it is still there.
    """
    uid = uuid.uuid4().hex
    lock = lock_file(place)
    text = f"{socket.gethostname()}.{os.getpid()}.{uid}"
    while not _make(lock, text):
        wait_until_free(place, cancelled, patience)
    temporary = place.with_name(f"{place.name}.{uid}.tmp")
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        lock.unlink(missing_ok=True)


def _make(lock: Path, text: str) -> bool:
    try:
        with lock.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return False
    return True


def _read(place: Path) -> _Lock | None:
    """Read the lock of `place`; None where there is none."""
    lock = lock_file(place)
    try:
        text = lock.read_text(encoding="utf-8", errors="replace")
        made = lock.stat().st_mtime
    except OSError:
        return None
    return _Lock(*_owner(text), made, _last_change(place, made))


def _owner(text: str) -> tuple[str, int | None]:
    """Split a lock's text; a host's name may hold dots itself."""
    parts = text.strip().rsplit(".", 2)
    if len(parts) != 3 or not parts[1].isdecimal():
        return "", None
    return parts[0], int(parts[1])


def _last_change(place: Path, latest: float) -> float:
    for folder in temporary_folders(place):
        for path in (folder, *folder.rglob("*")):
            with contextlib.suppress(OSError):
                latest = max(latest, path.stat().st_mtime)
    return latest
