"""The words of the dialog of releases."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.gui.releases.rows import (
    is_any_here,
    pair_size_text,
    pair_state_text,
    size_text,
    state_text,
)
from inspector.store.part import Partial
from inspector.store.state import Presence, ReleaseState

HERE = ReleaseState(Presence.HERE, Path("/a"), 14_000_000)
OWN = ReleaseState(Presence.USER_FILE, Path("/b"), 1_000_000)
MISSING = ReleaseState(Presence.MISSING, Path("/c"))
UNKNOWN = ReleaseState(Presence.UNKNOWN, None, note="Keras itself keeps it")


def begun(received: int, total: int | None) -> ReleaseState:
    return ReleaseState(Presence.MISSING, Path("/c"), partial=Partial(received, total))


@pytest.mark.parametrize(
    ("state", "text", "size"),
    [
        (None, "Looking", ""),
        (MISSING, "Not here", ""),
        (begun(13_400_000, 100_000_000), "13 % received; Fetch goes on", "100.0 MB"),
        (begun(99_900_000, 100_000_000), "99 % received; Fetch goes on", "100.0 MB"),
        (begun(300_000, 100_000_000), "0.3 MB received; Fetch goes on", "100.0 MB"),
        (begun(1_500_000, None), "1.5 MB received; Fetch begins again", ""),
        (HERE, "On this machine", "14.0 MB"),
    ],
)
def test_a_release(state: ReleaseState | None, text: str, size: str) -> None:
    assert (state_text(state), size_text(state)) == (text, size)


@pytest.mark.parametrize(
    ("states", "under_way", "text", "size"),
    [
        ((HERE, OWN), False, "Ready to compare", "15.0 MB"),
        ((HERE, MISSING), False, "1 of 2 here", ""),
        ((HERE, MISSING), True, "Fetching", ""),
        ((MISSING, MISSING), False, "Not here", ""),
        ((HERE, None), False, "Looking", ""),
        ((HERE, UNKNOWN), False, "", ""),
    ],
)
def test_a_pair(
    states: tuple[ReleaseState | None, ...], under_way: bool, text: str, size: str
) -> None:
    assert (pair_state_text(states, under_way), pair_size_text(states)) == (text, size)


@pytest.mark.parametrize(
    ("state", "here"), [(HERE, True), (OWN, True), (MISSING, False), (begun(1, None), True)]
)
def test_what_takes_room(state: ReleaseState, here: bool) -> None:
    assert is_any_here(["keras", "hub"], {"hub": state}) is here
