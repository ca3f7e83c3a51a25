"""Texts that came with files, written so that they drive neither a terminal nor a page."""

from __future__ import annotations

import unicodedata

_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> str:
    """Write control characters, line ends and what turns the direction of text as escapes.

    Names of files may hold them, and a terminal would obey.
    """
    return "".join(_escaped(letter) for letter in text)


def _escaped(letter: str) -> str:
    if letter in _TURNING or unicodedata.category(letter) in _UNSEEN:
        return letter.encode("unicode_escape").decode("ascii")
    return letter
