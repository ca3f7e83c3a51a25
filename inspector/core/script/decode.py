"""Decode and orient, as source: one small writer per decoder.

The pixels are those of :mod:`inspector.engine.decode`. What the picture's header makes certain is
written without a condition; what it leaves open is asked by the script itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.preprocessing import Decoder, Orientation
from inspector.core.script.code import comment, indented
from inspector.core.script.decode_tf import turn, write_tensorflow_decode
from inspector.core.script.pixels import PATH, blend_lines, may_blend

if TYPE_CHECKING:
    from inspector.core.script.draft import Draft

_TENSORFLOW_READS = frozenset({"JPEG", "MPO", "PNG", "GIF", "BMP", "WEBP"})
"""Pillow's names of the formats that TensorFlow's decoders know."""

_DEEP = [
    "levels = np.asarray(image).astype(np.float64)",
    'if image.mode != "I" or levels.max() > 255:',
    "    levels /= 257.0",
    "image = Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))",
]


def write_decode(draft: Draft) -> None:
    """Write the decode and orient stages."""
    decoder = draft.stages.decode.decoder
    if decoder in {Decoder.PILLOW, Decoder.REFERENCE}:
        _by_pillow(draft)
        return
    if draft.picture.format not in {None, *_TENSORFLOW_READS}:
        why = f"TensorFlow cannot decode {draft.picture.format}: these are Pillow's pixels"
        draft.block(*comment(why))
        _by_pillow(draft)
        return
    write_tensorflow_decode(draft)
    if _turned(draft):
        turn(draft)


def is_plain(draft: Draft) -> bool:
    """Tell whether decode and orient come to ``Image.open(PATH).convert("RGB")``."""
    stages, picture = draft.stages, draft.picture
    shallow = stages.decode.decoder is Decoder.PILLOW or picture.is_deep is False
    pillow = stages.decode.decoder in {Decoder.PILLOW, Decoder.REFERENCE}
    return pillow and shallow and not _turned(draft) and not may_blend(draft)


def _turned(draft: Draft) -> bool:
    return draft.stages.orient is Orientation.EXIF and draft.picture.orientation != 1


def _by_pillow(draft: Draft) -> None:
    if not _turned(draft) and not _special_pixels(draft):
        draft.set(f'Image.open({PATH}).convert("RGB")')
        return
    if _turned(draft):
        draft.call("ImageOps.exif_transpose", f"Image.open({PATH})")
    else:
        draft.call("Image.open", PATH)
    draft.block(*_special_pixels(draft))
    draft.call("image.convert", '"RGB"')


def _special_pixels(draft: Draft) -> list[str]:
    """Give what 16-bit grey and transparent pictures need before they become RGB."""
    picture = draft.picture
    deep: bool | None = False
    if draft.stages.decode.decoder is Decoder.REFERENCE:
        deep = picture.is_deep
    why = '# 16-bit grey, which convert("RGB") would clip to white'
    if deep:
        return [why, *_DEEP]
    blend = blend_lines(draft) if may_blend(draft) else []
    if deep is False:
        ask = blend and picture.has_alpha is None
        return ["if image.has_transparency_data:", *indented(blend)] if ask else blend
    lines = [f'if image.mode.startswith("I"):  {why}', *indented(_DEEP)]
    return [*lines, "elif image.has_transparency_data:", *indented(blend)] if blend else lines
