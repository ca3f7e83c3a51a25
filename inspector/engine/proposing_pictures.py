"""What models of unknown conventions are tried on: the samples, and pictures made for the purpose.

The first layers of a network see only the mean of the pixels and how neighbours and channels go
together. The made pictures have these as photographs have them on average: a power spectrum that
falls with the square of the frequency (Field 1987), three nearly grey-correlated channels, and the
mean and spread of ImageNet's pixels. A batch norm that was trained on photographs finds in them
what it has kept as its moving statistics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.core.picture import PictureSource
from inspector.core.preprocessing import (
    Alpha,
    Decode,
    Decoder,
    Preprocessing,
    Resize,
    ResizeLibrary,
    ResizeMethod,
    ScaleRule,
)
from inspector.core.resources import resource_path
from inspector.engine.decode import decode_picture, inspect_picture, read_picture
from inspector.engine.preprocess import make_input

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Size = tuple[int, int]

SAMPLES = ("golf_ball.jpg", "colour_bars.png", "zone_plate.png")
"""Shipped pictures that every model is tried on."""

MADE = 4
"""Pictures made for the first layers."""

_MEAN = (0.485, 0.456, 0.406)
_SPREAD = 0.27
_COLOURS = np.array([[1.0, 0.22, 0.08], [1.0, 0.0, -0.16], [1.0, -0.22, 0.08]])
"""Channels from grey, blue-yellow and red-green, with the spread that photographs have of each."""

_PIXELS = Preprocessing(
    decode=Decode(Decoder.REFERENCE, Alpha.WHITE),
    resize=Resize(ResizeLibrary.PILLOW, ResizeMethod.BILINEAR),
    scale=ScaleRule.RAW,
)


def sample_sources(extra: Iterable[str] = ()) -> list[PictureSource]:
    """Give the shipped samples, and pictures of the user's own."""
    own = [PictureSource.from_path(path) for path in extra]
    shipped = [PictureSource.from_path(str(resource_path("samples", name))) for name in SAMPLES]
    return own + shipped


def unit_pictures(sources: Iterable[PictureSource], size: Size) -> NDArray[np.float32]:
    """Read pictures as float32 (n, height, width, 3) in [0, 1].

    Raises
    ------
    PictureError
        Where one cannot be read.
    """
    batch = []
    for source in sources:
        data = read_picture(source)
        picture, _ = decode_picture(data, inspect_picture(data, source), _PIXELS.decode)
        batch.append(make_input(picture, _PIXELS, size))
    return (np.stack(batch) / np.float32(255.0)).astype(np.float32)


def made_pictures(size: Size, count: int = MADE, seed: int = 7) -> NDArray[np.float32]:
    """Make pictures with the statistics of photographs, float32 (count, h, w, 3) in [0, 1]."""
    random = np.random.default_rng(seed)
    height, width = size
    rows = np.fft.fftfreq(height)[:, None] * height
    columns = np.fft.rfftfreq(width)[None, :] * width
    radius = np.hypot(rows, columns)
    falling = 1.0 / np.maximum(radius, 1.0)
    falling[0, 0] = 0.0
    batch = np.empty((count, height, width, 3))
    for picture in batch:
        planes = np.stack([_plane(random, falling, size) for _ in range(3)], axis=-1)
        # Photographs differ in brightness among each other, besides within themselves.
        grey = random.normal(0.0, 0.12)
        picture[:] = np.asarray(_MEAN) + (_SPREAD * 0.85) * (planes @ _COLOURS.T) + grey
    return np.clip(batch, 0.0, 1.0).astype(np.float32)


def _plane(
    random: np.random.Generator, falling: NDArray[np.float64], size: Size
) -> NDArray[np.float64]:
    noise = np.fft.rfft2(random.normal(size=size))
    plane = np.fft.irfft2(noise * falling, s=size)
    return np.asarray((plane - plane.mean()) / max(float(plane.std()), 1e-12))
