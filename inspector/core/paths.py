"""Folders of the program's own on this machine."""

from __future__ import annotations

import tempfile
from pathlib import Path

from platformdirs import user_log_dir

APPLICATION = "twin-inspector"
LOG_LIMIT = 2_000_000


def log_file(name: str) -> Path:
    """Give the path of a log file, its folder made; a temporary folder where that fails.

    A log larger than `LOG_LIMIT` bytes is moved to ``NAME.old`` first.
    """
    for folder in (Path(user_log_dir(APPLICATION)), Path(tempfile.gettempdir()) / APPLICATION):
        path = folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.stat().st_size > LOG_LIMIT:
                path.replace(path.with_suffix(".old"))
            with path.open("ab"):
                return path
        except OSError:
            continue
    return Path(tempfile.mkdtemp(prefix=APPLICATION)) / name
