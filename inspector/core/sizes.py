"""Sizes of files, written for people."""

from __future__ import annotations


def size_text(size: float) -> str:
    """Write a number of bytes in MB, GB or TB (powers of 1000)."""
    for unit, factor in (("TB", 1e12), ("GB", 1e9)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size / 1e6:.1f} MB"
