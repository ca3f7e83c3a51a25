"""Says in a few words what differs between two sets of choices: what Undo would take back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.pairs import Side
from inspector.gui.stage_fields import STAGE_FIELDS

if TYPE_CHECKING:
    from inspector.core.pairs import PairSpec
    from inspector.session import Choices, SideChoice

EXIF = "EXIF orientation"
SEVERAL = "several settings"


def change_words(one: Choices, other: Choices, pair: PairSpec) -> str:
    """Name what two sets of choices have different, such as ``left scale``.

    Parameters
    ----------
    one, other
        The choices; empty words where they are the same.
    pair
        The pair whose releases say what their modes do.
    """
    parts = {side: _side_parts(one, other, pair, side) for side in Side}
    left, right = parts[Side.LEFT], parts[Side.RIGHT]
    if one.apply_exif != other.apply_exif:
        return SEVERAL if left or right else EXIF
    if len(left) > 1 or len(right) > 1 or (left and right and left != right):
        return SEVERAL
    if left and right:
        return f"{left[0]} of both sides"
    return next((f"{side} {found[0]}" for side, found in parts.items() if found), "")


def _side_parts(one: Choices, other: Choices, pair: PairSpec, side: Side) -> list[str]:
    a, b = one.side(side), other.side(side)
    parts = []
    if (a.mode, a.custom) != (b.mode, b.custom):
        parts.append(_preprocessing_part(a, b, pair, side))
    for name, before, after in (
        ("softmax", a.output.softmax, b.output.softmax),
        ("background class", a.output.drop_background, b.output.drop_background),
        ("training", a.training, b.training),
        ("auxiliary head", a.auxiliary, b.auxiliary),
    ):
        if before != after:
            parts.append(name)
    return parts


def _preprocessing_part(a: SideChoice, b: SideChoice, pair: PairSpec, side: Side) -> str:
    """Name the one stage that was set by hand, or the mode."""
    if a.custom is None and b.custom is None:
        return "mode"
    before, after = (choice.stages(pair, side) for choice in (a, b))
    edited = [field for field in STAGE_FIELDS if field.get(before) != field.get(after)]
    if len(edited) == 1:
        return _in_a_sentence(edited[0].title)
    return "stages" if a.custom is not None and b.custom is not None else "mode"


def _in_a_sentence(title: str) -> str:
    return title[0].lower() + title[1:]
