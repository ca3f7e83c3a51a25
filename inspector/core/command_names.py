"""Names of the headless commands, so that start-up can tell one from a picture."""

from __future__ import annotations

import difflib
from pathlib import Path

from inspector.core.errors import UsageError

COMMAND_NAMES = ("compare", "export", "experiment", "releases", "doctor")


def refuse_near_command(word: str) -> None:
    """Raise UsageError where a word is no file but nearly a command's name."""
    if not word or word.startswith("-") or "." in word or Path(word).exists():
        return
    close = difflib.get_close_matches(word, COMMAND_NAMES, n=1, cutoff=0.7)
    if close:
        raise UsageError(f"There is no command {word!r}.", f"Did you mean {close[0]!r}?")
