"""A picture's file and header: read, identified and refused before anything is decoded."""

from __future__ import annotations

import hashlib
import io
import stat
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

from inspector.core import picture as limits
from inspector.core.errors import PictureError
from inspector.core.picture import PictureInfo
from inspector.engine.pillow_guard import PillowGuard

if TYPE_CHECKING:
    from inspector.core.picture import PictureSource

FORMATS = (
    *("JPEG", "PNG", "GIF", "WEBP", "BMP", "DIB", "TIFF", "AVIF", "JPEG2000", "PPM", "ICO"),
    *("TGA", "PCX", "PSD", "QOI", "SGI", "SUN", "DDS", "XBM", "XPM"),
)
"""What is taken for a picture. Pillow also knows formats that it gives to other programs (EPS to
Ghostscript) and stubs that it cannot decode (HDF5): those are refused."""

PILLOW_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
    MemoryError,
    Image.DecompressionBombError,
)
"""What Pillow's decoders raise on damaged bytes, as found by feeding them such."""

PILLOW = PillowGuard(lambda: limits.MAX_PIXELS)
"""What every use of Pillow here goes through."""

_ENDS, _CANNOT = "it ends too early", "its pixels cannot be decoded"
_PLAIN_REASONS = {
    "truncated": _ENDS,
    "expected to read": _ENDS,
    "not enough": _ENDS,
    "unexpected end": _ENDS,
    "data stream": _CANNOT,
    "decoder object": _CANNOT,
    "failed to decode": _CANNOT,
    "checksum": "a part of it has a wrong check sum",
}
"""What Pillow says of damaged files, by a mark of it, and the same in plain words."""

_ORIENTATION_TAG = 0x0112
_PNG_EXIF_MARKS = (b"eXIf", b"XML:com.adobe.xmp", b"Raw profile type")


def read_picture(source: PictureSource) -> bytes:
    """Read a picture's bytes.

    Raises
    ------
    PictureError
        Where the file is gone, unreadable, no plain file, empty or larger than `MAX_BYTES`.
    """
    data = source.data
    if data is None:
        data = _read_file(Path(source.path or source.name))
    if not data:
        raise PictureError(f"{source.name} is empty.", "Choose another picture.")
    _refuse_large_file(source.name, len(data))
    return data


def inspect_picture(data: bytes, source: PictureSource) -> PictureInfo:
    """Read a picture's header, without decoding its pixels.

    Raises
    ------
    PictureError
        Where it is no picture of the known formats, or has more than `MAX_PIXELS` pixels.
    """
    try:
        with PILLOW.limited() as notes, open_pillow(data) as image:
            info = _info(image, data, source)
    except Image.DecompressionBombError:
        raise too_many_pixels(source.name, _claimed_size(data)) from None
    except UnidentifiedImageError:
        raise PictureError(
            f"{source.name} is not a picture that can be read.",
            "Open a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF file.",
        ) from None
    except PILLOW_ERRORS as error:
        raise damaged(source.name, error) from error
    return replace(info, notes=(*info.notes, *notes))


def open_pillow(data: bytes, formats: tuple[str, ...] = FORMATS) -> Image.Image:
    """Open encoded bytes with Pillow, without decoding them (icons aside)."""
    return Image.open(io.BytesIO(data), formats=formats)


def damaged(name: str, error: Exception) -> PictureError:
    """Turn what Pillow raised into an error with a mend."""
    if isinstance(error, Image.DecompressionBombError):
        return too_many_pixels(name, None)
    if isinstance(error, MemoryError):
        return PictureError(f"{name} is too large for the memory.", "Save it smaller first.")
    reason = (str(error).strip().splitlines() or [""])[0].rstrip(".") or type(error).__name__
    known = next((words for mark, words in _PLAIN_REASONS.items() if mark in reason.lower()), "")
    return PictureError(
        f"{name} is damaged or cut off{f': {known}' if known else f' ({reason})'}.",
        "Copy or download it once more.",
    )


def too_many_pixels(name: str, size: tuple[int, int] | None) -> PictureError:
    """Say that a picture is larger than `MAX_PIXELS`; `size` is width and height, if known."""
    has = f"has {size[0]} × {size[1]} pixels" if size else "holds a picture with more pixels"
    limit = f"the limit of {limits.MAX_PIXELS // 1_000_000} megapixels"
    return PictureError(
        f"{name} {has}, more than {limit}." if size else f"{name} {has} than {limit}.",
        "Save it smaller first.",
    )


def _claimed_size(data: bytes) -> tuple[int, int] | None:
    """Give the size in a header, except of icons, which Pillow decodes to read it."""
    plain = tuple(name for name in FORMATS if name != "ICO")
    try:
        with PILLOW.unlimited(), open_pillow(data, plain) as image:
            return image.size
    except PILLOW_ERRORS:
        return None


def _read_file(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise PictureError(f"{path.name} is a folder.", "Choose a picture inside it.")
        if not stat.S_ISREG(status.st_mode):
            raise PictureError(
                f"{path.name} is a pipe or a device, not a file.", "Choose a picture file."
            )
        _refuse_large_file(path.name, status.st_size)
        with path.open("rb") as file:
            return file.read(limits.MAX_BYTES + 1)
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


def _refuse_large_file(name: str, size: int) -> None:
    if size > limits.MAX_BYTES:
        raise PictureError(
            f"{name} has {size / 2**20:.0f} MB, more than the limit of "
            f"{limits.MAX_BYTES // 2**20} MB.",
            "Save it smaller first.",
        )


def _info(image: Image.Image, data: bytes, source: PictureSource) -> PictureInfo:
    width, height = image.size
    if width * height > limits.MAX_PIXELS:
        raise too_many_pixels(source.name, image.size)
    if width < 1 or height < 1:
        raise PictureError(f"{source.name} has no pixels.", "Choose another picture.")
    mode, has_alpha = image.mode, image.has_transparency_data
    notes = [*_transparency_note(has_alpha), *_colour_note(mode)]
    orientation = _orientation(image, data, notes)
    frames = _frames(image, notes)
    return PictureInfo(
        name=source.name,
        path=source.path,
        sha256=hashlib.sha256(data).hexdigest(),
        format=image.format or "?",
        width=width,
        height=height,
        mode=mode,
        exif_orientation=orientation,
        frames=frames,
        has_alpha=has_alpha,
        notes=tuple(notes),
    )


def _transparency_note(has_alpha: bool) -> list[str]:
    return ["It has transparency, shown here on white."] if has_alpha else []


def _colour_note(mode: str) -> list[str]:
    return ["It is stored as CMYK and was converted to RGB."] if mode in {"CMYK", "YCCK"} else []


def _orientation(image: Image.Image, data: bytes, notes: list[str]) -> int:
    """Give the EXIF orientation, 1 where there is none or it cannot be read.

    Pillow looks for it behind a PNG's pixels too, which decodes them all: only done where the
    file can hold one.
    """
    if image.format == "PNG" and not any(mark in data for mark in _PNG_EXIF_MARKS):
        return 1
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    except PILLOW_ERRORS:
        notes.append("Its EXIF block is damaged and was left aside.")
        return 1
    orientation = value if isinstance(value, int) and 1 <= value <= 8 else 1
    if image.format == "TIFF" and orientation != 1:
        notes.append("Pillow turns a TIFF as its orientation tag says while it reads it.")
        return 1
    return orientation


def _frames(image: Image.Image, notes: list[str]) -> int:
    """Count the frames; a picture whose later frames are damaged counts as one."""
    try:
        frames = int(getattr(image, "n_frames", 1))
    except PILLOW_ERRORS:
        notes.append("Its later frames are damaged; the first is used.")
        return 1
    if frames > 1 and image.format != "MPO":
        notes.append(f"It has {frames} frames; the first is used.")
    return frames
