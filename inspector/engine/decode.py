"""File → picture: uint8 RGB (height, width, 3), exactly as each decoder gives it."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, UnidentifiedImageError

from inspector.core.errors import PictureError
from inspector.core.picture import MAX_BYTES, MAX_PIXELS, PictureInfo
from inspector.core.preprocessing import Alpha, Decode, Decoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.picture import PictureSource

# The limit of our own is checked on the header; Pillow's warnings would come too late to help.
Image.MAX_IMAGE_PIXELS = None

_BACKGROUND = {
    Alpha.WHITE: (255, 255, 255),
    Alpha.BLACK: (0, 0, 0),
    Alpha.GREY: (128, 128, 128),
}
_PILLOW_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    struct.error,
    zlib.error,
    MemoryError,
    OverflowError,
)
_TF_JPEG_FORMATS = frozenset({"JPEG", "MPO", "PNG", "GIF"})
"""What the kernel behind ``tf.image.decode_jpeg`` reads, besides JPEG itself."""


def read_picture(source: PictureSource) -> bytes:
    """Read a picture's bytes.

    Raises
    ------
    PictureError
        Where the file is gone, unreadable, a folder, empty or larger than `MAX_BYTES`.
    """
    data = source.data
    if data is None:
        data = _read_file(Path(source.path or source.name))
    if not data:
        raise PictureError(f"{source.name} is empty.", "Choose another picture.")
    return data


def inspect_picture(data: bytes, source: PictureSource) -> PictureInfo:
    """Read a picture's header, without decoding it.

    Raises
    ------
    PictureError
        Where it is no picture that Pillow knows, or has more than `MAX_PIXELS` pixels.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            return _info(image, data, source)
    except UnidentifiedImageError:
        raise PictureError(
            f"{source.name} is not a picture that can be read.",
            "Open a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF file.",
        ) from None
    except _PILLOW_ERRORS as error:
        raise _damaged(source.name, error) from error


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
        RGB (height, width, 3), as stored (EXIF orientation not applied).
    tuple[str, ...]
        Sentences about a decoder that could not read this format, so that Pillow's pixels are used.

    Raises
    ------
    PictureError
        Where the file is damaged.
    """
    if stage.decoder in {Decoder.PILLOW, Decoder.REFERENCE}:
        return _decode_pillow(data, info, stage), ()
    composite = info.has_alpha and stage.alpha is not Alpha.DROP
    picture = _decode_tensorflow(data, info, stage, channels=4 if composite else 3)
    if picture is None:
        note = (
            f"TensorFlow's decoder cannot read this {info.format} file, "
            "so Pillow's pixels are used instead."
        )
        return _decode_pillow(data, info, Decode(Decoder.PILLOW, stage.alpha)), (note,)
    if composite:
        return _over(Image.fromarray(picture, "RGBA"), stage.alpha), ()
    return picture, ()


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


def _read_file(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise PictureError(f"{path.name} is a folder.", "Choose a picture inside it.")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise PictureError(
                f"{path.name} has {size / 2**20:.0f} MB, more than the limit of "
                f"{MAX_BYTES // 2**20} MB.",
                "Save it smaller first.",
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise PictureError(
            f"{path.name} is not there (any more).", f"Check the path {path}."
        ) from None
    except PermissionError:
        raise PictureError(
            f"{path.name} may not be read.", "Change its permissions, or copy it elsewhere."
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PictureError(
            f"{path.name[:80]} could not be read: {reason}.", "Check the path."
        ) from error


def _info(image: Image.Image, data: bytes, source: PictureSource) -> PictureInfo:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PictureError(
            f"{source.name} has {width} × {height} pixels, more than the limit of "
            f"{MAX_PIXELS // 1_000_000} megapixels.",
            "Save it smaller first.",
        )
    frames = int(getattr(image, "n_frames", 1))
    has_alpha = image.has_transparency_data
    notes = []
    if frames > 1 and image.format != "MPO":
        notes.append(f"It has {frames} frames; the first is used.")
    if image.mode in {"CMYK", "YCCK"}:
        notes.append("It is stored as CMYK and was converted to RGB.")
    if has_alpha:
        notes.append("It has transparency, shown here on white.")
    return PictureInfo(
        name=source.name,
        path=source.path,
        sha256=hashlib.sha256(data).hexdigest(),
        format=image.format or "?",
        width=width,
        height=height,
        mode=image.mode,
        exif_orientation=_orientation(image),
        frames=frames,
        has_alpha=has_alpha,
        notes=tuple(notes),
    )


def _orientation(image: Image.Image) -> int:
    value = image.getexif().get(0x0112, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _is_deep(mode: str) -> bool:
    return mode.startswith("I")


def _decode_pillow(data: bytes, info: PictureInfo, stage: Decode) -> NDArray[np.uint8]:
    try:
        with Image.open(io.BytesIO(data)) as image:
            if stage.decoder is Decoder.REFERENCE and _is_deep(image.mode):
                return _deep_to_rgb(image)
            if info.has_alpha and stage.alpha is not Alpha.DROP:
                return _over(image.convert("RGBA"), stage.alpha)
            return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
    except _PILLOW_ERRORS as error:
        raise _damaged(info.name, error) from error


def _deep_to_rgb(image: Image.Image) -> NDArray[np.uint8]:
    levels = np.asarray(image).astype(np.float64)
    top = 65535.0 if levels.max(initial=0) > 255 else 255.0
    grey = np.clip(np.rint(levels * (255.0 / top)), 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=-1)


def _over(image: Image.Image, alpha: Alpha) -> NDArray[np.uint8]:
    ground = Image.new("RGBA", image.size, (*_BACKGROUND[alpha], 255))
    return np.asarray(Image.alpha_composite(ground, image).convert("RGB"))


def _decode_tensorflow(
    data: bytes, info: PictureInfo, stage: Decode, channels: int
) -> NDArray[np.uint8] | None:
    import tensorflow as tf

    jpeg = stage.decoder in {Decoder.TF_JPEG, Decoder.TF_JPEG_ACCURATE}
    try:
        if jpeg and channels == 3 and info.format in _TF_JPEG_FORMATS and info.frames == 1:
            method = "INTEGER_ACCURATE" if stage.decoder is Decoder.TF_JPEG_ACCURATE else ""
            decoded = tf.image.decode_jpeg(data, channels=3, dct_method=method)
        else:
            decoded = tf.io.decode_image(data, channels=channels, expand_animations=False)
    except (tf.errors.InvalidArgumentError, tf.errors.UnimplementedError):
        return None
    picture: NDArray[np.uint8] = decoded.numpy()
    return picture if picture.ndim == 3 else None


def _damaged(name: str, error: Exception) -> PictureError:
    if isinstance(error, MemoryError):
        return PictureError(f"{name} is too large for the memory.", "Save it smaller first.")
    reason = str(error).strip().rstrip(".") or type(error).__name__
    return PictureError(
        f"{name} is damaged or cut off: {reason}.", "Copy or download it once more."
    )
