"""What both families of decoders share in a script: the picture's path and its transparency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.preprocessing import Alpha

if TYPE_CHECKING:
    from inspector.core.script.draft import Draft

PATH = "PATH"
"""Name of the constant that holds the picture's path."""

_COLOURS = {Alpha.WHITE: '"white"', Alpha.BLACK: '"black"', Alpha.GREY: '"grey"'}


def may_blend(draft: Draft) -> bool:
    """Tell whether transparency may have to be laid on a ground."""
    return draft.stages.decode.alpha is not Alpha.DROP and draft.picture.has_alpha is not False


def blend_lines(draft: Draft) -> list[str]:
    """Give the lines that lay the Pillow image ``image`` on a ground of one colour."""
    colour = _COLOURS[draft.stages.decode.alpha]
    return [
        f'ground = Image.new("RGBA", image.size, {colour})  # what transparency becomes',
        'image = Image.alpha_composite(ground, image.convert("RGBA"))',
    ]
