"""Finding a shared class by what people write for it."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.core.labels import Labels

_WORDNET_ID = re.compile(r"n[0-9]{8}(?![0-9])")
_SPACES = re.compile(r"[\s_]+")


class Scheme(StrEnum):
    """How classes are written."""

    WORDNET = "WordNet ids"
    LABELS = "labels"
    INDICES = "indices"


class ClassNames:
    """Finds classes by WordNet id, label or index.

    Labels are compared without regard to case, and with ``_`` for a space.
    """

    def __init__(self, labels: Labels) -> None:
        self.names = labels.names
        self._ids = {wordnet_id: index for index, wordnet_id in enumerate(labels.wordnet_ids)}
        count = Counter(_plain(name) for name in labels.names)
        self._labels = {
            _plain(name): index
            for index, name in enumerate(labels.names)
            if count[_plain(name)] == 1
        }

    def find(self, text: str) -> int | None:
        """Give the class that a text means in any scheme; a label goes before an index."""
        for scheme in Scheme:
            index = self.find_by(scheme, text)
            if index is not None:
                return index
        return None

    def find_by(self, scheme: Scheme, text: str) -> int | None:
        """Give the class that a text means in one scheme.

        A WordNet id may have more after it, as in ``n01440764_tench``; indices count from 0.
        """
        if scheme is Scheme.WORDNET:
            found = _WORDNET_ID.match(text.strip())
            return self._ids.get(found[0]) if found else None
        if scheme is Scheme.LABELS:
            return self._labels.get(_plain(text))
        digits = text.strip()
        if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
            return None
        return int(digits) if int(digits) < len(self.names) else None

    def hint(self, text: str) -> str:
        """Say what could have been written instead of `text`, which is no class."""
        close = difflib.get_close_matches(_plain(text), self._labels, n=1, cutoff=0.6)
        if close:
            return f"Did you mean {self.names[self._labels[close[0]]]!r}?"
        last = len(self.names) - 1
        return f"Write WordNet ids, labels of the pair, or indices from 0 to {last}."


def _plain(name: str) -> str:
    return _SPACES.sub(" ", name.casefold()).strip()
