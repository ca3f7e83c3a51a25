"""Small pictures for a report."""

from __future__ import annotations

import io
from pathlib import PurePath
from typing import TYPE_CHECKING, Self

from PIL import Image

from inspector.core.errors import PictureError
from inspector.core.picture import PictureSource
from inspector.core.preprocessing import Alpha, Decode, Decoder
from inspector.engine.decode import decode_picture, inspect_picture, preview_of
from inspector.sweep.item_bytes import ItemReader

if TYPE_CHECKING:
    from types import TracebackType

LONGEST = 192
"""Longest side in pixels."""

_REFERENCE = Decode(Decoder.REFERENCE, Alpha.WHITE)


class Thumbnails:
    """Makes thumbnails of a run's pictures; a context manager, for the archive it keeps open."""

    def __init__(self) -> None:
        self._reader = ItemReader()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reader.close()

    def make(self, path: str) -> bytes | None:
        """Give a JPEG file of at most `LONGEST` pixels a side, None where there is no picture."""
        try:
            data = self._reader.read(path)
            info = inspect_picture(data, PictureSource(PurePath(path).name, path, data))
            picture, _ = decode_picture(data, info, _REFERENCE)
        except PictureError:
            return None
        buffer = io.BytesIO()
        Image.fromarray(preview_of(picture, LONGEST)).save(buffer, "JPEG", quality=80)
        return buffer.getvalue()
