"""TensorFlow's decoders, as source, and the EXIF orientation of what they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.preprocessing import Decoder
from inspector.core.script.code import call, indented
from inspector.core.script.draft import Form
from inspector.core.script.pixels import PATH, blend_lines, may_blend

if TYPE_CHECKING:
    from inspector.core.script.draft import Draft
    from inspector.core.script.picture import KnownPicture

_ALWAYS_READ = frozenset({"JPEG", "MPO", "PNG"})
"""Formats that TensorFlow reads whole; of GIF, BMP and WebP it refuses some kinds."""

_DECODE_JPEG_READS = frozenset({"JPEG", "MPO", "PNG", "GIF"})

_TURNS = {
    2: "tf.image.flip_left_right({})",
    3: "tf.image.rot90({}, k=2)",
    4: "tf.image.flip_up_down({})",
    5: "tf.image.transpose({})",
    6: "tf.image.rot90({}, k=3)",
    7: "tf.image.transpose(tf.image.rot90({}, k=2))",
    8: "tf.image.rot90({})",
}
"""What undoes each EXIF orientation (Exif 2.32, tag 0x0112)."""


def write_tensorflow_decode(draft: Draft) -> None:
    """Write a decode by TensorFlow, with Pillow for what TensorFlow refuses."""
    if draft.picture.format is None:
        draft.block(f"data = {_read_file(draft.picture)}")
    if not may_blend(draft):
        lines = _opaque(draft)
    elif draft.picture.has_alpha:
        lines = _transparent(draft)
    else:
        lines = [
            f"if Image.open({PATH}).has_transparency_data:",
            *indented(_transparent(draft)),
            "else:",
            *indented(_opaque(draft)),
        ]
    draft.block(*lines)
    certain = draft.picture.format in _ALWAYS_READ and not may_blend(draft)
    draft.form = Form.LEVELS if certain else Form.EITHER


def turn(draft: Draft) -> None:
    """Write the EXIF orientation, which TensorFlow ignores."""
    orientation = draft.picture.orientation
    if orientation is not None:
        draft.set(_TURNS[orientation].format(draft.levels), f"EXIF orientation {orientation}")
        draft.form = Form.LEVELS
        return
    draft.block("# The EXIF orientation, which TensorFlow ignores")
    draft.call("Image.fromarray", "np.asarray(image)")
    draft.block(f"image.getexif()[0x0112] = Image.open({PATH}).getexif().get(0x0112, 1)")
    draft.call("ImageOps.exif_transpose", "image")
    draft.form = Form.PILLOW


def _opaque(draft: Draft) -> list[str]:
    picture = draft.picture
    jpeg = draft.stages.decode.decoder in {Decoder.TF_JPEG, Decoder.TF_JPEG_ACCURATE}
    by_image = _or_pillow(draft, _decode_image(picture, channels=3))
    if jpeg and picture.format is None:
        jpeg_lines, others = indented(_decode_jpeg(draft)), indented(by_image)
        return ["if tf.io.is_jpeg(data):", *jpeg_lines, "else:", *others]
    moving = picture.format == "GIF" and picture.frames != 1
    if jpeg and picture.format in _DECODE_JPEG_READS and not moving:
        return _or_pillow(draft, _decode_jpeg(draft))
    return by_image


def _transparent(draft: Draft) -> list[str]:
    lines = [
        *_decode_image(draft.picture, channels=4),
        "image = Image.fromarray(image.numpy())",
        *blend_lines(draft),
        'image = image.convert("RGB")',
    ]
    fallback = [
        f"image = Image.open({PATH})",
        *blend_lines(draft),
        'image = image.convert("RGB")',
    ]
    if draft.picture.format in _ALWAYS_READ:
        return lines
    return _attempt(lines, fallback, "TensorFlow refuses it: Pillow's pixels")


def _or_pillow(draft: Draft, lines: list[str]) -> list[str]:
    if draft.picture.format in _ALWAYS_READ:
        return lines
    fallback = [f'image = Image.open({PATH}).convert("RGB")']
    return _attempt(lines, fallback, "TensorFlow refuses it: Pillow's pixels")


def _attempt(lines: list[str], otherwise: list[str], why: str) -> list[str]:
    refusal = f"except tf.errors.InvalidArgumentError:  # {why}"
    return ["try:", *indented(lines), refusal, *indented(otherwise)]


def _decode_jpeg(draft: Draft) -> list[str]:
    arguments = [_data(draft.picture), "channels=3"]
    if draft.stages.decode.decoder is Decoder.TF_JPEG_ACCURATE:
        arguments.append('dct_method="INTEGER_ACCURATE"')
    return call("image", "tf.image.decode_jpeg", *arguments).lines()


def _decode_image(picture: KnownPicture, channels: int) -> list[str]:
    arguments = (_data(picture), f"channels={channels}", "expand_animations=False")
    return call("image", "tf.io.decode_image", *arguments).lines()


def _data(picture: KnownPicture) -> str:
    """Give the file's bytes: read on the spot where one decoder will do, else read before."""
    return "data" if picture.format is None else _read_file(picture)


def _read_file(picture: KnownPicture) -> str:
    try:
        picture.path.encode()
    except UnicodeEncodeError:  # a file name that is not UTF-8
        return f"tf.io.read_file(os.fsencode({PATH}))"
    return f"tf.io.read_file({PATH})"
