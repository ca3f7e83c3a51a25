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
from typing import TYPE_CHECKING

from inspector.core.errors import Cancelled
from inspector.store.processes import runs_since_before

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

QUIET_SECONDS = 600.0
"""After this long without a change Hub itself takes a lock for abandoned."""

_POLL_SECONDS = 0.2


def lock_file(place: Path) -> Path:
    """Give the lock of the module that lies, or is to lie, in `place`."""
    return place.with_name(f"{place.name}.lock")


def temporary_folders(place: Path) -> list[Path]:
    """Give the folders of downloads that have not ended, whoever began them."""
    return sorted(place.parent.glob(f"{place.name}.*.tmp"))


def is_live(place: Path) -> bool:
    """Tell whether a process is at work on `place`.

    One of this machine is, where it runs and began before the lock was made; of another one, whose
    cache this is too, only the quiet of its files tells.
    """
    lock = lock_file(place)
    try:
        text = lock.read_text(encoding="utf-8", errors="replace")
        made = lock.stat().st_mtime
    except OSError:
        return False
    host, pid = _owner(text)
    if time.time() - _last_change(place, made) > QUIET_SECONDS:
        return False
    if host != socket.gethostname() or pid is None:
        return True
    return runs_since_before(pid, made)


def clear_dead(place: Path) -> bool:
    """Remove the lock and the unfinished folders of dead processes; tell whether it is free now."""
    if is_live(place):
        return False
    lock_file(place).unlink(missing_ok=True)
    for folder in temporary_folders(place):
        shutil.rmtree(folder, ignore_errors=True)
    return True


def wait_until_free(place: Path, cancelled: Callable[[], bool]) -> None:
    """Wait while another process is at work on `place`; raises Cancelled."""
    while not clear_dead(place):
        if cancelled():
            raise Cancelled(str(place))
        time.sleep(_POLL_SECONDS)


@contextlib.contextmanager
def held(place: Path, cancelled: Callable[[], bool]) -> Iterator[Path]:
    """Hold Hub's lock of `place`, so that Hub waits for us; give a temporary folder's path.

    The folder is not made, but removed at the end if it is still there.
    """
    uid = uuid.uuid4().hex
    lock = lock_file(place)
    text = f"{socket.gethostname()}.{os.getpid()}.{uid}"
    while not _make(lock, text):
        wait_until_free(place, cancelled)
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
