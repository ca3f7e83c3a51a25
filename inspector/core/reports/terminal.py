"""Text for a terminal: its width in cells, and names that cannot drive it; numbers for JSON."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING, Any

from inspector.core.wording import NO_BREAK, keep_together

if TYPE_CHECKING:
    import numpy as np

TEXT_WIDTH = 100
"""Most columns of a line."""

_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def finite(value: float | np.floating[Any] | None) -> float | None:
    """Give a number as a plain float, or None where it is missing, NaN or infinite."""
    return float(value) if value is not None and math.isfinite(value) else None


def cells(text: str) -> int:
    """Count the terminal cells that a text takes: 2 for wide characters, 0 for combining ones."""
    return sum(map(_cells_of, text))


def fit(text: str, width: int, right: bool = False) -> str:
    """Cut or pad a text to exactly `width` terminal cells; what is cut ends in ``…``."""
    if cells(text) > width:
        text = f"{_head(text, width - 1)}…"
    space = " " * (width - cells(text))
    return space + text if right else text + space


def plain(text: str) -> str:
    """Give a text in one line without control characters, so that no name drives a terminal."""
    kept = (c for c in " ".join(text.split()) if unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(c for c in kept if c not in _BIDI_CONTROLS)


def wrap(text: str, width: int = TEXT_WIDTH, indent: str = "") -> list[str]:
    """Break a text into lines of at most `width` terminal cells, all behind `indent`.

    A number stays with its unit. A word that no line could hold, as in scripts without blanks, is
    broken where the line ends.
    """
    lines, line = [], indent
    for kept_together in keep_together(plain(text)).split(" "):
        word = kept_together.replace(NO_BREAK, " ")
        joined = line + word if line == indent else f"{line} {word}"
        if line != indent and cells(joined) > width >= cells(indent + word):
            lines.append(line)
            joined = indent + word
        while cells(joined) > width:
            kept = _head(joined, width)
            lines.append(kept)
            joined = indent + joined[len(kept) :]
        line = joined
    return [*lines, line]


def _cells_of(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _head(text: str, width: int) -> str:
    """Give as many leading characters as fit into `width` cells, at least one."""
    used = 0
    for place, character in enumerate(text):
        used += _cells_of(character)
        if used > width:
            return text[: max(place, 1)]
    return text
