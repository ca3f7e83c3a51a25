"""The sample pictures, rendered by this program so that there is no licence to mind.

``python -m inspector.starter.samples OUT_DIR``
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from inspector.core.errors import InspectorError
from inspector.starter.meadow import golf_ball_on_grass
from inspector.starter.staging import staged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from os import PathLike

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

JPEG_QUALITY = 92


def zone_plate(side: int = 384) -> Picture:
    """Draw circles that become finer outwards, up to the finest a picture can hold.

    The cosine of a phase that grows with the squared radius: at the middle of each edge the
    rings are two pixels apart. Any resize without a filter before it turns the outer rings
    into false circles elsewhere.

    Parameters
    ----------
    side
        Height and width in pixels.

    Returns
    -------
    ndarray
        uint8 RGB (side, side, 3), grey.
    """
    steps = np.arange(side) - (side - 1) / 2.0
    phase = np.pi * (steps[:, None] ** 2 + steps[None, :] ** 2) / side
    grey = np.rint(127.5 + 127.5 * np.cos(phase)).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def colour_bars(width: int = 640, height: int = 480) -> Picture:
    """Draw bars and ramps that show exchanged channels and wrong ranges.

    From the top: white, yellow, cyan, green, magenta, red, blue and black at 75 % as on
    television (half the height), the same at 100 % (a quarter), then ramps of red, green, blue
    and grey from 0 to 255.

    Returns
    -------
    ndarray
        uint8 RGB (height, width, 3).
    """
    order = np.array(
        [[1, 1, 1], [1, 1, 0], [0, 1, 1], [0, 1, 0], [1, 0, 1], [1, 0, 0], [0, 0, 1], [0, 0, 0]]
    )
    bars = order[np.arange(width) * len(order) // width]
    ramp = np.rint(np.linspace(0.0, 255.0, width))
    channels = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])
    rows = np.empty((height, width, 3), np.uint8)
    half, low = height // 2, height - height // 4
    rows[:half] = bars * 191
    rows[half:low] = bars * 255
    for line in range(low, height):
        channel = channels[(line - low) * len(channels) // (height - low)]
        rows[line] = ramp[:, None] * channel
    return rows


def random_42(side: int = 224) -> Picture:
    """Give the first picture of the seeded noise that both published models were compared on.

    That is ``np.random.seed(42); np.random.rand(32, 224, 224, 3)[0]`` in 8 bits. A generator of
    its own gives the same numbers and leaves NumPy's global state alone.

    Returns
    -------
    ndarray
        uint8 RGB (side, side, 3).
    """
    noise = np.random.RandomState(42).rand(side, side, 3)
    return np.rint(noise * 255.0).astype(np.uint8)


SAMPLES: dict[str, Callable[[], Picture]] = {
    "golf_ball.jpg": golf_ball_on_grass,
    "zone_plate.png": zone_plate,
    "colour_bars.png": colour_bars,
    "random_42.png": random_42,
}


def render_samples(directory: str | PathLike[str]) -> list[Path]:
    """Render every sample into `directory`.

    Returns
    -------
    list of Path
        The files, in the order of `SAMPLES`.

    Raises
    ------
    ExportError
        Where a file can't be written.
    """
    with staged(directory) as folder:
        for name, render in SAMPLES.items():
            _save(Image.fromarray(render()), folder / name)
    return [Path(directory, name) for name in SAMPLES]


def _save(picture: Image.Image, path: Path) -> None:
    if path.suffix == ".jpg":
        picture.save(path, quality=JPEG_QUALITY, optimize=True)
    else:
        picture.save(path, optimize=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m inspector.starter.samples", description="Render the sample pictures."
    )
    parser.add_argument("directory", type=Path, help="where the pictures go")
    try:
        files = render_samples(parser.parse_args(arguments).directory)
    except InspectorError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write("".join(f"{file}\n" for file in files))
    return 0


if __name__ == "__main__":
    sys.exit(main())
