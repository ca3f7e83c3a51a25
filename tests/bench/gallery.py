"""Many pictures of few: a sweep lists each path once, so that each needs a path of its own."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def list_of_many(folder: Path, paths: Sequence[str | Path], count: int) -> Path:
    """Write a list of `count` links to some pictures, one after the other and again."""
    links = folder / "links"
    links.mkdir()
    names = []
    for number, path in enumerate(itertools.islice(itertools.cycle(map(Path, paths)), count)):
        link = links / f"{number}{path.suffix}"
        link.symlink_to(path)
        names.append(f"{link}\n")
    listed = folder / "pictures.txt"
    listed.write_text("".join(names), encoding="utf-8")
    return listed
