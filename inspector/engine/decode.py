"""File → picture: uint8 RGB (height, width, 3), exactly as each decoder gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from inspector.core.preprocessing import Alpha, Decode, Decoder
from inspector.engine.picture_file import (
    PILLOW,
    PILLOW_ERRORS,
    damaged,
    inspect_picture,
    open_pillow,
    read_picture,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.picture import PictureInfo

__all__ = [
    "decode_key",
    "decode_picture",
    "inspect_picture",
    "orient",
    "preview_of",
    "read_picture",
]

_BACKGROUND = {
    Alpha.WHITE: (255, 255, 255),
    Alpha.BLACK: (0, 0, 0),
    Alpha.GREY: (128, 128, 128),
}
_JPEG_DECODERS = frozenset({Decoder.TF_JPEG, Decoder.TF_JPEG_ACCURATE})
_TF_JPEG_FORMATS = frozenset({"JPEG", "MPO", "PNG", "GIF"})
"""What the kernel behind ``tf.image.decode_jpeg`` reads, besides JPEG itself; no moving GIF."""


def decode_picture(
    data: bytes, info: PictureInfo, stage: Decode
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Decode a picture.

    Parameters
    ----------
    data
        The encoded file.
    info
        Its header.
    stage
        What decodes it, and what becomes of transparency.

    Returns
    -------
    NDArray[np.uint8]
        RGB (height, width, 3), as stored (EXIF orientation not applied); read-only, since both
        sides share it.
    tuple[str, ...]
        Sentences about a decoder that could not read this format, so that Pillow's pixels are used.

    Raises
    ------
    PictureError
        Where the file is damaged.
    """
    if stage.decoder in {Decoder.PILLOW, Decoder.REFERENCE}:
        return _decode_pillow(data, info, stage)
    composite = info.has_alpha and stage.alpha is not Alpha.DROP
    picture, notes = _decode_tensorflow(data, info, stage.decoder, channels=4 if composite else 3)
    if picture is None:
        picture, warned = _decode_pillow(data, info, Decode(Decoder.PILLOW, stage.alpha))
        note = (
            f"TensorFlow's decoder cannot read this {info.format} file, "
            "so Pillow's pixels are used instead."
        )
        return picture, (note, *warned)
    if composite:
        picture = _over(Image.fromarray(picture), stage.alpha)
    return picture, notes


def decode_key(info: PictureInfo, stage: Decode) -> tuple[Decoder, Alpha]:
    """Name what decides the decoded pixels: equal keys give equal pixels for this picture."""
    alpha = stage.alpha if info.has_alpha else Alpha.DROP
    decoder = stage.decoder
    if decoder is Decoder.REFERENCE and not _is_deep(info.mode):
        decoder = Decoder.PILLOW
    return decoder, alpha


def orient(picture: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Apply an EXIF orientation (Exif 2.32, tag 0x0112, 1 to 8) to uint8 RGB (h, w, 3)."""
    turned = {
        2: picture[:, ::-1],
        3: picture[::-1, ::-1],
        4: picture[::-1],
        5: picture.transpose(1, 0, 2),
        6: picture.transpose(1, 0, 2)[:, ::-1],
        7: picture.transpose(1, 0, 2)[::-1, ::-1],
        8: picture.transpose(1, 0, 2)[::-1],
    }
    return np.ascontiguousarray(turned.get(orientation, picture))


def preview_of(picture: NDArray[np.uint8], longest: int = 1600) -> NDArray[np.uint8]:
    """Shrink a picture, uint8 RGB, to at most `longest` pixels a side, for the eye only."""
    height, width = picture.shape[:2]
    if max(height, width) <= longest:
        return picture
    image = Image.fromarray(picture)
    image.thumbnail((longest, longest), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.asarray(image)


def _decode_pillow(
    data: bytes, info: PictureInfo, stage: Decode
) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    try:
        with PILLOW.limited() as notes, open_pillow(data) as image:
            picture = _pixels(image, info, stage)
    except PILLOW_ERRORS as error:
        raise damaged(info.name, error) from error
    picture.setflags(write=False)
    return picture, tuple(notes)


def _pixels(image: Image.Image, info: PictureInfo, stage: Decode) -> NDArray[np.uint8]:
    if stage.decoder is Decoder.REFERENCE and _is_deep(image.mode):
        return _deep_to_rgb(image)
    if info.has_alpha and stage.alpha is not Alpha.DROP:
        return _over(image.convert("RGBA"), stage.alpha)
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _is_deep(mode: str) -> bool:
    return mode.startswith("I")


def _deep_to_rgb(image: Image.Image) -> NDArray[np.uint8]:
    """Bring 16-bit grey to 8 bits; 32-bit grey counts as 16-bit where it goes past 255."""
    levels = np.asarray(image).astype(np.float64)
    is_byte = image.mode == "I" and levels.max(initial=0) <= 255
    grey = np.clip(np.rint(levels / (1.0 if is_byte else 257.0)), 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=-1)


def _over(image: Image.Image, alpha: Alpha) -> NDArray[np.uint8]:
    ground = Image.new("RGBA", image.size, (*_BACKGROUND[alpha], 255))
    return np.asarray(Image.alpha_composite(ground, image).convert("RGB"))


def _decode_tensorflow(
    data: bytes, info: PictureInfo, decoder: Decoder, channels: int
) -> tuple[NDArray[np.uint8] | None, tuple[str, ...]]:
    """Decode as published, or give None where TensorFlow cannot read the file."""
    import tensorflow as tf

    notes: tuple[str, ...] = ()
    moving = info.format == "GIF" and info.frames > 1
    try:
        if decoder in _JPEG_DECODERS and channels == 3:
            if info.format in _TF_JPEG_FORMATS and not moving:
                method = "INTEGER_ACCURATE" if decoder is Decoder.TF_JPEG_ACCURATE else ""
                decoded = tf.image.decode_jpeg(data, channels=3, dct_method=method)
                return _fixed(decoded), notes
            what = "moving GIF" if moving else f"{info.format} file"
            notes = (f"tf.image.decode_jpeg cannot read this {what}; decode_image is used.",)
        return _fixed(tf.io.decode_image(data, channels=channels, expand_animations=False)), notes
    except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError):
        return None, ()


def _fixed(decoded: Any) -> NDArray[np.uint8] | None:
    """Give a decoded tensor as a read-only array, or None where it is no picture."""
    picture: NDArray[np.uint8] = decoded.numpy()
    if picture.ndim != 3 or picture.size == 0:
        return None
    picture.setflags(write=False)
    return picture
