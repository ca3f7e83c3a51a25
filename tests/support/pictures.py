"""Makes pictures of every kind that a user may drop, with Pillow and by hand."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, PngImagePlugin

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ORIENTATION_TAG = 0x0112


def pixels(width: int, height: int, seed: int = 0, channels: int = 3) -> NDArray[np.uint8]:
    """Give smooth colours with some noise, uint8 (height, width, channels)."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    waves = [
        np.sin(x / (7 + 5 * i) + i) + np.cos(y / (11 - 2 * i) - i) for i in range(min(channels, 4))
    ]
    smooth = (np.stack(waves, axis=-1) + 2) * 56
    return np.clip(smooth + random.normal(0, 9, smooth.shape), 0, 255).astype(np.uint8)


def image(width: int = 61, height: int = 47, mode: str = "RGB", seed: int = 0) -> Image.Image:
    """Give a picture in one of Pillow's 8-bit modes."""
    if mode == "RGBA":
        return Image.fromarray(pixels(width, height, seed, channels=4))
    return Image.fromarray(pixels(width, height, seed)).convert(mode)


def encode(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """Encode as Pillow's format `kind`."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(width: int = 61, height: int = 47, mode: str = "RGB", **options: Any) -> bytes:
    return encode(image(width, height, mode), "JPEG", quality=90, **options)


def png(width: int = 61, height: int = 47, mode: str = "RGB", **options: Any) -> bytes:
    return encode(image(width, height, mode), "PNG", **options)


def grey16(width: int = 40, height: int = 30, top: int = 65535) -> NDArray[np.uint16]:
    """Give a ramp from 0 to `top`, uint16 (height, width)."""
    return np.linspace(0, top, width * height).astype(np.uint16).reshape(height, width)


def png_grey16(top: int = 65535) -> bytes:
    return encode(Image.fromarray(grey16(top=top)), "PNG")


def tiff_grey16() -> bytes:
    return encode(Image.fromarray(grey16()), "TIFF")


def palette_png_with_transparency() -> bytes:
    picture = image().quantize(32)
    return encode(picture, "PNG", transparency=bytes(range(0, 256, 8)))


def animated(kind: str, frames: int = 3) -> bytes:
    first, *rest = (image(seed=seed) for seed in range(frames))
    return encode(first, kind, save_all=True, append_images=rest, duration=50)


def with_orientation(kind: str, orientation: int, **options: Any) -> bytes:
    picture = image(40, 24)
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = orientation
    return encode(picture, kind, exif=exif.tobytes(), **options)


def jpeg_with_exif_bytes(exif: bytes) -> bytes:
    """Give a JPEG whose APP1 segment holds `exif` as it is."""
    plain = jpeg()
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\x00\x00" + exif
    return plain[:2] + segment + plain[2:]


def png_chunk(name: bytes, body: bytes) -> bytes:
    check = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)


def png_header(width: int, height: int, body: bytes = b"") -> bytes:
    """Give a greyscale PNG that claims a size, with `body` as its pixel data."""
    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", size)
        + png_chunk(b"IDAT", body)
        + png_chunk(b"IEND", b"")
    )


def png_bomb(side: int = 30_000) -> bytes:
    """Give a small PNG that claims side × side pixels; its data holds the first rows, all black."""
    return png_header(side, side, zlib.compress(bytes((side + 1) * 300)))


def icon_with_hidden_size(inner: bytes) -> bytes:
    """Give an icon whose directory says 16 × 16, around a PNG of any size."""
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(inner), 22)
    return struct.pack("<HHH", 0, 1, 1) + entry + inner


def png_with_text(length: int) -> bytes:
    """Give a PNG with a compressed text chunk of `length` characters."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * length, zip=True)
    return png(pnginfo=info)


def png_with_bad_zlib() -> bytes:
    return png_header(32, 32, b"\x78\x9c" + bytes(range(200)))


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
