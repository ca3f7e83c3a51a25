"""What a script may rely on about its picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inspector.core.picture import PictureInfo, PictureSource

AnyPicture = PictureInfo | PictureSource | Path | str
"""What a script can be written for; a :class:`PictureInfo` makes the shortest script."""


@dataclass(frozen=True, slots=True)
class KnownPicture:
    """A picture's file and header; None stands for what is not known before it is opened.

    Attributes
    ----------
    path
        The file.
    in_memory
        Whether there is no such file yet, as for a pasted picture.
    format, frames, size, orientation, has_alpha
        As in :class:`inspector.core.picture.PictureInfo`; `size` is (width, height).
    is_deep
        Whether its pixels are 16-bit grey.
    """

    path: str
    in_memory: bool = False
    format: str | None = None
    frames: int | None = None
    size: tuple[int, int] | None = None
    orientation: int | None = None
    has_alpha: bool | None = None
    is_deep: bool | None = None


def known_picture(picture: AnyPicture) -> KnownPicture:
    """Gather what is known of a picture."""
    if isinstance(picture, PictureInfo):
        return KnownPicture(
            path=picture.path or picture.name,
            in_memory=picture.path is None,
            format=picture.format,
            frames=picture.frames,
            size=(picture.width, picture.height),
            orientation=picture.exif_orientation,
            has_alpha=picture.has_alpha,
            is_deep=picture.mode.startswith("I"),
        )
    if isinstance(picture, PictureSource):
        return KnownPicture(picture.path or picture.name, in_memory=picture.path is None)
    return KnownPicture(str(Path(picture).expanduser().absolute()))
