"""What is known of a picture, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MAX_PIXELS = 100_000_000
"""Pictures with more pixels are refused before they are decoded (100 megapixels)."""

MAX_BYTES = 512 * 1024 * 1024
"""Files larger than this are refused before they are read."""

PICTURE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".dib", ".webp", ".tif", ".tiff"}
    | {".avif", ".jp2", ".j2k", ".ppm", ".pgm", ".pbm", ".pnm", ".ico", ".tga"}
)
"""File endings that are taken for pictures when a folder is walked."""


@dataclass(frozen=True, slots=True)
class PictureSource:
    """Where a picture comes from: a file, or bytes in memory (pasted, or from a browser).

    Attributes
    ----------
    name
        What to show.
    path
        The file, or None.
    data
        The encoded file's bytes, or None.
    """

    name: str
    path: str | None = None
    data: bytes | None = None

    @classmethod
    def from_path(cls, path: str | Path) -> PictureSource:
        """Make a source of a file; its absolute path is kept, links unresolved."""
        absolute = Path(path).expanduser().absolute()
        return cls(name=absolute.name, path=str(absolute))


@dataclass(frozen=True, slots=True)
class PictureInfo:
    """What is known of a picture that was read.

    Attributes
    ----------
    name, path
        What to show; the file, or None for a picture from memory.
    sha256
        Of the encoded bytes, in hexadecimal.
    format
        Pillow's name of the format, such as ``JPEG``.
    width, height
        In pixels, as stored.
    mode
        Pillow's mode of the stored pixels, such as ``RGB`` or ``CMYK``.
    exif_orientation
        1 to 8; 1 where there is none.
    frames
        More than 1 for an animation; the first is used.
    has_alpha
        Whether it has transparency.
    notes
        Sentences that the user should know, such as that an animation's first frame is used.
    """

    name: str
    path: str | None
    sha256: str
    format: str
    width: int
    height: int
    mode: str
    exif_orientation: int
    frames: int
    has_alpha: bool
    notes: tuple[str, ...] = ()
