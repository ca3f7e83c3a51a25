"""Names of the headless commands, so that start-up can tell one from a picture."""

from __future__ import annotations

import difflib
from pathlib import Path

from inspector.core.errors import UsageError

COMMAND_NAMES = (
    "compare",
    "explain",
    "export",
    "experiment",
    "weights",
    "sweep",
    "trace",
    "describe",
    "propose",
    "releases",
    "doctor",
)


def refuse_unknown_command(word: str) -> None:
    """Raise UsageError where a word can be neither a picture nor a command.

    A picture's name has an ending or is the path of something; a bare word that names nothing is
    taken for a mistyped command.
    """
    looks_like_path = any(sign in word for sign in "./\\~")
    if not word or word.startswith("-") or looks_like_path or Path(word).exists():
        return
    close = difflib.get_close_matches(word, COMMAND_NAMES, n=1, cutoff=0.7)
    raise UsageError(
        f"There is no command and no picture {word!r}.",
        f"Did you mean {close[0]!r}?" if close else f"Commands: {', '.join(COMMAND_NAMES)}.",
    )
