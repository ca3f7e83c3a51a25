"""A picture that is no file yet, because it was pasted or dragged in: its name and its bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.core.features.kinds import AnyResult
    from inspector.core.picture import PictureInfo, PictureSource

ENDINGS = {
    "JPEG": ".jpg",
    "MPO": ".jpg",
    "TIFF": ".tif",
    "JPEG2000": ".jp2",
}
"""File endings by Pillow's name of the format, where they are not simply that name."""

OTHER_ENDINGS = {".jpg": (".jpeg", ".jpe", ".jfif"), ".tif": (".tiff",), ".jp2": (".j2k",)}
"""What files of the same format may end in, too."""


@dataclass(frozen=True, slots=True)
class MemoryPicture:
    """A picture in memory: what its file would be called, and the encoded bytes."""

    name: str
    data: bytes


def memory_picture(result: AnyResult | None, source: PictureSource | None) -> MemoryPicture | None:
    """Give the picture on screen where it is no file yet, else None.

    Parameters
    ----------
    result
        The comparison on screen.
    source
        Where the picture in use comes from.
    """
    if result is None or source is None or source.data is None:
        return None
    if result.picture.path is not None or result.picture.name != source.name:
        return None
    return MemoryPicture(file_name(result.picture), source.data)


def file_name(picture: PictureInfo) -> str:
    """Give the name of a picture's file, with the ending of the format that it is stored in."""
    ending = ENDINGS.get(picture.format, f".{picture.format.lower()}")
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", picture.name)
    fitting = {ending, *OTHER_ENDINGS.get(ending, ())}
    if PurePath(name).suffix.lower() in fitting:
        return name
    return f"{PurePath(name).stem or 'picture'}{ending}"


def with_file_name(result: AnyResult) -> AnyResult:
    """Give the same result with its picture called as its file would be."""
    return replace(result, picture=replace(result.picture, name=file_name(result.picture)))
