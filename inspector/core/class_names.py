"""Finding a class by name, WordNet id or index."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.core.labels import Labels

SEPARATOR = " · "


def search_entries(labels: Labels) -> tuple[str, ...]:
    """Give one text per class: name, WordNet id where there is one, index."""
    entries = []
    for index, name in enumerate(labels.names):
        parts = [name, labels.wordnet_id(index), str(index)]
        entries.append(SEPARATOR.join(part for part in parts if part))
    return tuple(entries)


def find_class(entries: Sequence[str], text: str) -> int | None:
    """Give the class that a text means.

    Parameters
    ----------
    entries
        One text per class, as :func:`search_entries` makes them.
    text
        A whole entry, or a name, WordNet id or index, or a part of them; case does not matter.

    Returns
    -------
    int | None
        The class whose entry or whose part is the text; else the first that begins with it; else
        the first that contains it; None where there is none.
    """
    wanted = text.strip().casefold()
    if not wanted:
        return None
    folded = [entry.casefold() for entry in entries]
    for fits in (_is_entry_or_part, str.startswith, str.__contains__):
        for index, entry in enumerate(folded):
            if fits(entry, wanted):
                return index
    return None


def _is_entry_or_part(entry: str, wanted: str) -> bool:
    return entry == wanted or wanted in entry.split(SEPARATOR)
