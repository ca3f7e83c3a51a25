"""Writing files so that a failure leaves the old one whole."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def atomic_path(target: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path beside `target`; on success it is synced and renamed onto it.

    Parameters
    ----------
    target
        The file to be written. Its directory must exist.

    Yields
    ------
    Path
        A temporary file with the target's suffix, in the target's directory.

    Raises
    ------
    ExportError
        Where the directory is missing or read-only, the disk is full, or the name is invalid.
        The old file, if any, is left whole and the temporary file is removed.
    """
    final = Path(target)
    temporary: Path | None = None
    try:
        temporary = _temporary_beside(final)
        yield temporary
        _sync(temporary)
        temporary.chmod(_default_mode())
        temporary.replace(final)
    except OSError as error:
        raise _export_error(final, error) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def write_atomically(target: str | os.PathLike[str], write: Callable[[Path], None]) -> None:
    """Call `write` with a temporary path, then put the result in place of `target`."""
    with atomic_path(target) as temporary:
        write(temporary)


def write_text(target: str | os.PathLike[str], text: str) -> None:
    """Write `text` as UTF-8, atomically."""
    write_atomically(target, lambda path: _write_all(path, text.encode("utf-8")))


def write_bytes(target: str | os.PathLike[str], data: bytes) -> None:
    """Write `data`, atomically."""
    write_atomically(target, lambda path: _write_all(path, data))


def _temporary_beside(final: Path) -> Path:
    if "\0" in str(final):
        raise ExportError(f"{str(final)!r} cannot be the name of a file.", "Choose another name.")
    handle, name = tempfile.mkstemp(
        prefix=".twin-inspector-", suffix=final.suffix, dir=final.parent
    )
    os.close(handle)
    return Path(name)


def _write_all(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _default_mode() -> int:
    """Give the permissions a plain `open` would: mkstemp's are private."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _export_error(target: Path, error: OSError) -> ExportError:
    reason = error.strerror or str(error)
    if isinstance(error, FileNotFoundError):
        mend = f"Create the folder {target.parent} first, or choose another one."
    elif isinstance(error, PermissionError):
        mend = "Choose a folder you may write to; the old file, if any, is unchanged."
    else:
        mend = "Free some space or choose another folder; the old file, if any, is unchanged."
    return ExportError(f"{target} could not be written: {reason}.", mend)
