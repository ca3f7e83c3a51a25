"""What is unusual about a picture, and what either side makes of it, in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.pairs import Side
from inspector.core.preprocessing import Alpha, Orientation

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.features.kinds import AnyResult
    from inspector.core.preprocessing import Preprocessing

PLAIN_MODES = frozenset({"RGB", "RGBA", "P", "L", "LA", "1"})

TURNS = {
    2: "mirrored",
    3: "half a turn",
    4: "upside down and mirrored",
    5: "a quarter turn right, mirrored",
    6: "a quarter turn right",
    7: "a quarter turn left, mirrored",
    8: "a quarter turn left",
}
"""What each EXIF orientation asks for (Exif 2.32, tag 0x0112)."""

ALPHA_WORDS = {
    Alpha.DROP: "dropped",
    Alpha.WHITE: "put on white",
    Alpha.BLACK: "put on black",
    Alpha.GREY: "put on mid-grey",
}
ORIENTATION_WORDS = {Orientation.AS_STORED: "ignored", Orientation.EXIF: "applied"}


def picture_badges(result: AnyResult) -> tuple[str, ...]:
    """Name what is unusual about a result's picture, and what was done about it."""
    info = result.picture
    badges = []
    if info.exif_orientation != 1:
        turn = TURNS[info.exif_orientation]
        done = _by_sides(result, lambda stages: ORIENTATION_WORDS[stages.orient])
        badges.append(f"EXIF orientation {info.exif_orientation} ({turn}): {done}")
    if info.frames > 1:
        badges.append(f"Animated, first of {info.frames} frames")
    if info.has_alpha:
        done = _by_sides(result, lambda stages: ALPHA_WORDS[stages.decode.alpha])
        badges.append(f"Transparency: {done}")
    if info.mode not in PLAIN_MODES:
        badges.append(info.mode)
    if info.notes and not badges:
        badges.append(info.notes[0])
    return tuple(badges)


def _by_sides(result: AnyResult, tell: Callable[[Preprocessing], str]) -> str:
    """Say what both sides did, or each of them where they did different things."""
    left, right = (tell(result.side(side).settings.preprocessing) for side in Side)
    return f"{left} by both" if left == right else f"{left} by left, {right} by right"
