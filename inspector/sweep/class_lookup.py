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
        self._marks = labels.wordnet_ids
        self._shared: dict[str, list[int]] = {}
        for index, name in enumerate(labels.names):
            for text in {_plain(name), _plain(self._without_mark(index, name))}:
                if text not in self._labels:
                    self._shared.setdefault(text, []).append(index)

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

    def is_ambiguous(self, text: str) -> bool:
        """Tell whether a text, which :meth:`find` does not find, is what several classes share."""
        return len(self._shared.get(_plain(text), ())) > 1

    def hint(self, text: str) -> str:
        """Say what could have been written instead of `text`, which is no class or several."""
        if self.is_ambiguous(text):
            meant = self._shared[_plain(text)]
            ids = [self._marks[index] if self._marks else str(index) for index in meant]
            return f"{text!r} is ambiguous: write {', '.join(ids[:-1])} or {ids[-1]}."
        close = difflib.get_close_matches(_plain(text), self._labels, n=1, cutoff=0.6)
        if close:
            return f"Did you mean {self.names[self._labels[close[0]]]!r}?"
        last = len(self.names) - 1
        return f"Write WordNet ids, labels of the pair, or indices from 0 to {last}."

    def _without_mark(self, index: int, name: str) -> str:
        """Give a label without what :mod:`inspector.core.labels` adds to one of several alike."""
        mark = self._marks[index] if self._marks else f"class {index}"
        return name.removesuffix(f" ({mark})")


def _plain(name: str) -> str:
    return _SPACES.sub(" ", name.casefold()).strip()
