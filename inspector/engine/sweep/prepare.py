"""One picture of a sweep: bytes, header, decoding once per decoder, and both model inputs."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.errors import PictureError
from inspector.core.picture import PictureSource
from inspector.core.preprocessing import (
    AugmentKind,
    ChannelOrder,
    Crop,
    Orientation,
    ResizeLibrary,
    ScaleRule,
)
from inspector.engine.checks import input_size
from inspector.engine.decode import inspect_picture, orient
from inspector.engine.engine import Opened
from inspector.engine.preprocess import make_input

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.preprocessing import Preprocessing
    from inspector.core.result import SideSettings
    from inspector.engine.engine import LoadedPair
    from inspector.engine.sweep.shares import Shares
    from inspector.sweep.item_bytes import ItemReader
    from inspector.sweep.rows import SweepItem

LARGE_PIXELS = 25_000_000
"""Larger pictures are prepared one at a time: TensorFlow takes 12 bytes a pixel and more."""

_large_turn = threading.Lock()


@dataclass(frozen=True, eq=False, slots=True)
class Prepared:
    """A picture that is ready for the models, or the reason why it is not.

    Attributes
    ----------
    item
        The picture.
    sha256, bytes, width, height
        Of its file and of the stored picture, as far as it could be read.
    left, right
        float32 (height, width, 3), both model inputs; None where there is an error.
    error, mend
        The sentences of the error; empty where there is none.
    """

    item: SweepItem
    sha256: str = ""
    bytes: int | None = None
    width: int | None = None
    height: int | None = None
    left: NDArray[np.float32] | None = None
    right: NDArray[np.float32] | None = None
    error: str = ""
    mend: str = ""


class Preparer:
    """Prepares pictures as a comparison of each alone would; may be called from any thread.

    Parameters
    ----------
    pair
        The models, for the sizes of their inputs.
    left, right
        What each side does.
    reader
        Gives the bytes.
    shares
        Is told where the time goes.
    """

    def __init__(
        self,
        pair: LoadedPair,
        left: SideSettings,
        right: SideSettings,
        reader: ItemReader,
        shares: Shares,
    ) -> None:
        self._stages = (left.preprocessing, right.preprocessing)
        self._sizes = (input_size(pair.left), input_size(pair.right))
        self._reader = reader
        self._shares = shares
        same_size = self._sizes[0] == self._sizes[1]
        self._same = same_size and self._stages[0] == self._stages[1]
        self._same_levels = same_size and _gives_same_levels(*self._stages)

    def prepare(self, item: SweepItem) -> Prepared:
        """Read, decode and preprocess one picture; what is wrong with it becomes its error."""
        import tensorflow as tf

        known = Prepared(item)
        try:
            with self._shares.of("read"):
                data = self._reader.read(item.path)
                known = replace(known, bytes=len(data))
                opened = _open(data, item)
                info = opened.info
                known = replace(known, sha256=info.sha256, width=info.width, height=info.height)
            large = info.width * info.height > LARGE_PIXELS
            with _large_turn if large else contextlib.nullcontext():
                left, right = self._decode_and_scale(opened)
        except PictureError as error:
            return replace(known, error=error.message, mend=error.mend)
        except (MemoryError, tf.errors.ResourceExhaustedError):
            name = PurePath(item.path).name
            return replace(
                known, error=f"{name} is too large for the memory.", mend="Save it smaller first."
            )
        return replace(known, left=left, right=right)

    def _decode_and_scale(self, opened: Opened) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        with self._shares.of("decode"):
            for stages in self._stages:
                opened.decode(stages.decode)
        with self._shares.of("preprocess"):
            return self._inputs(opened)

    def _inputs(self, opened: Opened) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        left, right = self._stages
        if self._same:
            both = make_input(_oriented(opened, left), left, self._sizes[0])
            return both, both
        if self._same_levels:
            return self._inputs_of_one_resize(opened)
        return (
            make_input(_oriented(opened, left), left, self._sizes[0]),
            make_input(_oriented(opened, right), right, self._sizes[1]),
        )

    def _inputs_of_one_resize(
        self, opened: Opened
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Resize once, to levels, and scale them for each side: the very same numbers."""
        left, right = self._stages
        size = self._sizes[0]
        plain = replace(left, scale=ScaleRule.RAW, channel_order=ChannelOrder.RGB)
        levels = make_input(_oriented(opened, left), plain, size).astype(np.uint8)
        return (
            make_input(levels, replace(left, crop=Crop()), size),
            make_input(levels, replace(right, crop=Crop()), size),
        )


def _gives_same_levels(left: Preprocessing, right: Preprocessing) -> bool:
    """Tell whether both sides make the same uint8 picture, and scale it each in its own way."""
    if left.resize.library is not ResizeLibrary.PILLOW:
        return False
    if left.augment.kind is not AugmentKind.NONE:
        return False
    return replace(right, scale=left.scale, channel_order=left.channel_order) == left


def _open(data: bytes, item: SweepItem) -> Opened:
    name = PurePath(item.path).name
    if not data:
        raise PictureError(f"{name} is empty.", "Choose another picture.")
    return Opened(data, inspect_picture(data, PictureSource(name, item.path, data)), {})


def _oriented(opened: Opened, stages: Preprocessing) -> NDArray[np.uint8]:
    picture, _ = opened.decode(stages.decode)
    if stages.orient is Orientation.EXIF:
        return orient(picture, opened.info.exif_orientation)
    return picture
