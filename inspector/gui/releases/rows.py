"""The releases that the dialog lists, and the words for their states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.pairs import PairSide, Side
from inspector.store.state import Presence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.core.pairs import PairSpec
    from inspector.store.state import ReleaseState

_WORDS = {
    Presence.HERE: "On this machine",
    Presence.MISSING: "Not here",
    Presence.INCOMPLETE: "Incomplete",
    Presence.USER_FILE: "A local file",
    Presence.UNKNOWN: "Kept by Keras itself",
}


def release_rows(pairs: Sequence[PairSpec]) -> tuple[PairSide, ...]:
    """List both sides of each pair."""
    return tuple(PairSide(pair, side) for pair in pairs for side in Side)


def state_text(state: ReleaseState | None) -> str:
    """Say in a few words whether a release is here."""
    if state is None:
        return "Looking"
    word = _WORDS[state.presence]
    return f"{word}: {state.note}" if state.note and not state.is_usable else word


def size_text(state: ReleaseState | None) -> str:
    """Say how large it is; empty where that is not known."""
    if state is None or state.bytes is None:
        return ""
    return megabytes(state.bytes)


def megabytes(size: int) -> str:
    """Write bytes as megabytes of a million."""
    return f"{size / 1e6:.1f} MB"


def progress_text(received: int, total: int | None, rate: float) -> str:
    """Say how far a download is, and what is left of it."""
    if not total:
        return f"{received / 1e6:.1f} MB, {rate / 1e6:.1f} MB/s"
    text = f"{100 * received / total:.0f} % of {megabytes(total)}, {rate / 1e6:.1f} MB/s"
    return f"{text}, {_time(max(total - received, 0) / rate)} left" if rate > 0 else text


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"
