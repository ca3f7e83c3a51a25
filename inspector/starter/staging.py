"""Writing several files and folders at once: all beside the target first, then renamed."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator


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
        with tempfile.TemporaryDirectory(prefix=".twin-inspector-", dir=target) as name:
            new, old = Path(name, "new"), Path(name, "old")
            new.mkdir()
            old.mkdir()
            yield new
            for path in new.rglob("*"):
                _sync(path)
            for entry in sorted(new.iterdir()):
                _replace(entry, target / entry.name, old / entry.name)
    except OSError as error:
        raise ExportError(
            f"{target} could not be written: {error.strerror or error}.",
            "Choose a folder that you may write to, with enough free space.",
        ) from error


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
