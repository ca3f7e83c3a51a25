"""The order in which names are listed, and what is passed over."""

from __future__ import annotations

import os
import re

from inspector.core.picture import PICTURE_SUFFIXES

_DIGITS = re.compile(r"([0-9]+)")

NaturalKey = tuple[tuple[tuple[int, int, str], ...], str]


def natural_key(name: str) -> NaturalKey:
    """Give a sort key by which ``img2`` comes before ``img10``, whatever the case.

    Names that differ in case or leading zeros only stand in the order of their characters, so the
    order is the same on every run.
    """
    parts = _DIGITS.split(name.casefold())
    key = tuple(
        (0, int(part), "") if place % 2 else (1, 0, part)
        for place, part in enumerate(parts)
        if part
    )
    return key, name


def is_picture_name(name: str) -> bool:
    """Tell by its ending whether a file is taken for a picture."""
    return os.path.splitext(name)[1].lower() in PICTURE_SUFFIXES


def is_hidden_name(name: str) -> bool:
    """Tell whether a name is passed over: dot files, and the shadow folder in zips of macOS."""
    return name.startswith(".") or name == "__MACOSX"
