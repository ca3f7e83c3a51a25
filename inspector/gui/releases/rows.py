"""The releases that the dialog lists, and the words for their states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.pairs import PairSide, Side
from inspector.store.state import Presence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inspector.core.pairs import PairSpec
    from inspector.store.part import Partial
    from inspector.store.state import ReleaseState

LOOKING = "Looking"
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
        return LOOKING
    if state.partial is not None:
        return partial_text(state.partial)
    word = _WORDS[state.presence]
    return f"{word}: {state.note}" if state.note and not state.is_usable else word


def partial_text(partial: Partial) -> str:
    """Say what an earlier download received, and what becomes of it."""
    if partial.total is None:
        return f"{megabytes(partial.received)} received; Fetch begins again"
    share = int(100 * partial.received / partial.total)
    received = f"{share} %" if share else megabytes(partial.received)
    return f"{received} received; Fetch goes on"


def size_text(state: ReleaseState | None) -> str:
    """Say how large it is; empty where that is not known."""
    size = _size_of(state)
    return "" if size is None else megabytes(size)


def pair_state_text(states: Sequence[ReleaseState | None], under_way: bool) -> str:
    """Say in a few words how much of a pair is here.

    Parameters
    ----------
    states
        Of its releases; None for one that is still looked for.
    under_way
        Whether one of them is being fetched, or waits for it.
    """
    if under_way:
        return "Fetching"
    found = [state for state in states if state is not None]
    if len(found) < len(states):
        return LOOKING
    if any(state.presence is Presence.UNKNOWN for state in found):
        return ""
    usable = sum(state.is_usable for state in found)
    if usable == len(found):
        return "Ready to compare"
    return f"{usable} of {len(found)} here" if usable else "Not here"


def pair_size_text(states: Sequence[ReleaseState | None]) -> str:
    """Add the sizes of a pair's releases up; empty where one of them is not known."""
    known = [size for size in map(_size_of, states) if size is not None]
    return megabytes(sum(known)) if len(known) == len(states) else ""


def is_any_here(sources: Sequence[str], states: Mapping[str, ReleaseState]) -> bool:
    """Tell whether anything of some releases takes room on this machine."""
    found = (states.get(source) for source in sources)
    return any(state is not None and _takes_room(state) for state in found)


def megabytes(size: int) -> str:
    """Write bytes as megabytes of a million."""
    return f"{size / 1e6:.1f} MB"


def progress_text(received: int, total: int | None, rate: float) -> str:
    """Say how far a download is, and what is left of it."""
    if not total:
        return f"{received / 1e6:.1f} MB, {rate / 1e6:.1f} MB/s"
    text = f"{100 * received / total:.0f} % of {megabytes(total)}, {rate / 1e6:.1f} MB/s"
    return f"{text}, {_time(max(total - received, 0) / rate)} left" if rate > 0 else text


def _size_of(state: ReleaseState | None) -> int | None:
    """Give the bytes of what lies here, else those of the whole as its server told them."""
    if state is None:
        return None
    if state.partial is not None:
        return state.partial.total
    return state.bytes


def _takes_room(state: ReleaseState) -> bool:
    return state.is_usable or state.presence is Presence.INCOMPLETE or state.partial is not None


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"
