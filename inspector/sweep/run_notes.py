"""What a run does not have, and why: sentences, kept as one of its facts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from inspector.sweep import database

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KEY = "notes"
"""Name of the fact."""

MOST = 200
"""Sentences that are kept; more are only counted."""


def joined(path: Path, kept: Any, sentences: Sequence[str]) -> str:
    """Give the fact with more sentences than it had; `kept` is None where there was none."""
    said, count = _read(path, kept)
    return json.dumps(
        {"sentences": [*said, *sentences][:MOST], "count": count + len(sentences)},
        ensure_ascii=True,
    )


def sentences(path: Path, kept: Any) -> tuple[str, ...]:
    """Give the sentences of a fact, the last one on those that were only counted.

    Raises
    ------
    InputError
        Where the fact is not what :func:`joined` gives.
    """
    said, count = _read(path, kept)
    more = count - len(said)
    if more > 0:
        said.append(f"{more} more {'note was' if more == 1 else 'notes were'} not kept.")
    return tuple(said)


def _read(path: Path, kept: Any) -> tuple[list[str], int]:
    if kept is None:
        return [], 0
    try:
        table = json.loads(kept)
        return [str(sentence) for sentence in table["sentences"]], int(table["count"])
    except (ValueError, TypeError, KeyError) as error:
        raise database.damaged(path) from error
