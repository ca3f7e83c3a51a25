"""The list of files that were opened last."""

from __future__ import annotations

MAX_RECENT = 12


def with_recent(paths: tuple[str, ...], path: str) -> tuple[str, ...]:
    """Give the list with `path` in front, each path once, at most `MAX_RECENT` of them."""
    return (path, *(other for other in paths if other != path))[:MAX_RECENT]
