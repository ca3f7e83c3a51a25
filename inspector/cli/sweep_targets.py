"""Files that ``sweep`` writes: where they may not lie."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import ExportError, UsageError
from inspector.sweep.database import SIDE_FILES
from inspector.sweep.run_lock import lock_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def check_targets(targets: Mapping[str, Path], taken: Mapping[Path, str]) -> None:
    """Refuse files that cannot be written, or that are something else already.

    Parameters
    ----------
    targets
        What is to be written, by option.
    taken
        Files that must stay as they are, and what they are.

    Raises
    ------
    UsageError
        Where a target is one of the files that are taken, or two targets are one file.
    ExportError
        Where a file could not be written.
    """
    occupied = {_full(path): title for path, title in taken.items()}
    for option, target in targets.items():
        path = _full(target)
        for other, title in occupied.items():
            if _is_same(path, other):
                raise UsageError(
                    f"{option} would write over {title}, {other}.", "Choose another file."
                )
        _check_folder(path)
        occupied[path] = f"the file of {option}"


def run_files(run: Path, title: str = "the run file") -> dict[Path, str]:
    """Give a run file and what lies beside it."""
    beside = [Path(f"{run}{ending}") for ending in SIDE_FILES]
    parts = dict.fromkeys([*beside, lock_path(run)], f"a part of {title}")
    return {run: title, **parts}


def named_files(names: Sequence[str], title: str) -> Iterator[tuple[Path, str]]:
    """Yield those of the names that are files."""
    for name in names:
        path = _full(Path(name))
        if path.is_file():
            yield path, title


def _full(path: Path) -> Path:
    return path.expanduser().absolute()


def _is_same(first: Path, second: Path) -> bool:
    """Tell whether two paths mean one file, through links and, where it is there, by its number."""
    if _real(first) == _real(second):
        return True
    try:
        return first.samefile(second)
    except OSError:
        return False


def _real(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _check_folder(path: Path) -> None:
    folder = path.parent
    if path.is_dir():
        raise ExportError(f"{path} is a folder.", "Name a file.")
    if not folder.is_dir():
        raise ExportError(f"The folder {folder} is not there.", "Create it, or choose another.")
    if not os.access(folder, os.W_OK):
        raise ExportError(f"The folder {folder} may not be written to.", "Choose another.")
