"""Writing several files and folders at once: all beside the target first, then renamed.

A process that is killed meanwhile leaves its temporary folder; the next one to write to the same
place brings back what that folder holds of the user's, and removes it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import ExportError
from inspector.store.processes import runs_since_before

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = ".twin-inspector-"
_OWNER = "owner"
"""File that says whose a temporary folder is: process and machine."""

_NOBODYS_SECONDS = 24 * 60 * 60.0
"""Age from which a folder of another machine, or one that does not say whose it is, is removed."""


@contextlib.contextmanager
def staged(directory: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary folder; on success its entries replace those of `directory`.

    Entries of `directory` that have no new version stay. Each entry changes at once, a folder
    with all it holds; an error before that leaves everything as it was.

    Parameters
    ----------
    directory
        Where the entries shall end up; made if need be.

    Yields
    ------
    Path
        An empty folder inside `directory`, so that a rename is enough.

    Raises
    ------
    ExportError
        Where the folder or a file can't be written.
    """
    target = Path(directory)
    try:
        target.mkdir(parents=True, exist_ok=True)
        _clear_left(target)
        with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=target) as name:
            Path(name, _OWNER).write_text(f"{os.getpid()} {socket.gethostname()}", "utf-8")
            new, old = Path(name, "new"), Path(name, "old")
            new.mkdir()
            old.mkdir()
            yield new
            for path in new.rglob("*"):
                _sync(path)
            for entry in sorted(new.iterdir()):
                _replace(entry, target / entry.name, old / entry.name)
    except OSError as error:
        raise _not_written(target, error) from error


def require_writable(directory: str | os.PathLike[str]) -> None:
    """Demand that files can be written to a folder, or the folder itself; nothing stays behind.

    Raises
    ------
    ExportError
        Where they can't.
    """
    target = Path(directory)
    there = next((each for each in (target, *target.parents) if each.exists()), target)
    try:
        with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=there):
            pass
    except OSError as error:
        raise _not_written(target, error) from error


def _not_written(target: Path, error: OSError) -> ExportError:
    return ExportError(
        f"{target} could not be written: {error.strerror or error}.",
        "Choose a folder that you may write to, with enough free space.",
    )


def _clear_left(target: Path) -> None:
    """Remove what killed processes left; a former version that lies there alone is put back."""
    for left in target.glob(f"{_PREFIX}*"):
        # It may be another user's, or be gone by now.
        with contextlib.suppress(PermissionError, FileNotFoundError):
            if (left / "new").is_dir() and _is_left(left):
                _put_back(left / "old", target)
                shutil.rmtree(left)


def _put_back(old: Path, target: Path) -> None:
    for entry in old.iterdir():
        place = target / entry.name
        if not place.exists() and not place.is_symlink():
            entry.rename(place)


def _is_left(folder: Path) -> bool:
    """Tell whether nobody writes in a temporary folder any more."""
    changed = folder.stat().st_mtime
    owner = folder / _OWNER
    said = owner.read_text("utf-8", errors="replace") if owner.is_file() else ""
    pid, _, machine = said.partition(" ")
    if pid.isdecimal() and machine == socket.gethostname():
        return not runs_since_before(int(pid), changed)
    return time.time() - changed > _NOBODYS_SECONDS


def _replace(new: Path, target: Path, old: Path) -> None:
    """Put `new` in place of `target`; a folder can't be renamed onto a full one."""
    if target.is_dir() and not target.is_symlink():
        target.rename(old)
    try:
        new.replace(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise


def _sync(path: Path) -> None:
    if path.is_file():
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def copy_file(source: str | os.PathLike[str], target: Path) -> None:
    """Copy a file's bytes, not its permissions.

    Raises
    ------
    ExportError
        Where `source` can't be read or `target` not written.
    """
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise ExportError(
            f"{source} could not be copied: {error.strerror or error}.",
            "Check that the file exists and that it may be read.",
        ) from error
