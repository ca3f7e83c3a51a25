"""Whether the files of a loaded pair are still what they were when it was loaded."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from inspector.core.catalogue import local_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.pairs import PairSpec, ReleaseSpec

Stamp = tuple[tuple[str, int, int], ...]
"""Path, time of the last change in nanoseconds, and bytes of every file."""

_PARTS = ("saved_model.pb", "saved_model.pbtxt", "variables", "assets")


def stamp_of(pair: PairSpec) -> Stamp:
    """Give what tells that a file of either release was changed; no content is read."""
    return tuple(
        (path, status.st_mtime_ns, status.st_size)
        for release in (pair.left, pair.right)
        for path, status in _files(release)
    )


def _files(release: ReleaseSpec) -> Iterator[tuple[str, os.stat_result]]:
    path = local_path(release.source)
    if path is not None and path.is_dir():
        for part in _PARTS:
            yield from _statuses(str(path / part))
    elif path is not None:
        yield from _statuses(str(path))
    if config := release.source.option("config"):
        yield from _statuses(config)


def _statuses(path: str) -> Iterator[tuple[str, os.stat_result]]:
    try:
        yield path, os.stat(path)
        with os.scandir(path) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                yield entry.path, entry.stat()
    except OSError:
        return
