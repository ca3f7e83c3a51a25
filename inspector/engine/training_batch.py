"""The batch of a run in training mode: the picture, and crops of it or other pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.errors import PictureError
from inspector.core.picture import PICTURE_SUFFIXES, PictureSource
from inspector.core.preprocessing import Orientation
from inspector.core.training import BatchFrom
from inspector.engine.checks import input_size
from inspector.engine.decode import decode_picture, inspect_picture, orient, read_picture
from inspector.engine.preprocess import make_input

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from inspector.core.preprocessing import Preprocessing
    from inspector.core.training import Training
    from inspector.engine.classifier import Classifier
    from inspector.engine.engine import Opened

LEAST_SIDE = 0.5
"""The least share of each side of the picture that a crop keeps."""


@dataclass(frozen=True, eq=False, slots=True)
class TrainingBatch:
    """The inputs of a run in training mode.

    Attributes
    ----------
    inputs
        float32 (batch, height, width, 3).
    note
        What the user should know of them; may be empty.
    pictures
        File names of a folder's pictures, in the order of the rows after the first.
    """

    inputs: NDArray[np.float32]
    note: str = ""
    pictures: tuple[str, ...] = ()


def make_batch(
    opened: Opened,
    stages: Preprocessing,
    settings: Training,
    model: Classifier,
    first: NDArray[np.float32],
    count: int,
) -> TrainingBatch:
    """Make a batch whose first row is the picture's own model input.

    Parameters
    ----------
    opened
        The picture.
    stages
        The side's own; where they draw at random, each picture draws with a seed of its own.
    settings
        Seed, and where the other pictures come from.
    model
        Says the size of the input.
    first
        float32 (height, width, 3).
    count
        Pictures in all, at least 1. A folder may have fewer to give.

    Raises
    ------
    PictureError
        Where the folder cannot be read or has no other picture that can be decoded.
    """
    wanted = count - 1
    size = input_size(model)
    if settings.batch is BatchFrom.FOLDER:
        pictures = _folder_pictures(opened, stages, settings)
    else:
        pictures = _crops(opened, stages, settings.seed)
    rows, names = [first], []
    for number, (name, picture) in zip(range(1, wanted + 1), pictures, strict=False):
        own = replace(stages.augment, seed=stages.augment.seed + number)
        rows.append(make_input(picture, replace(stages, augment=own), size))
        names.append(name)
    if wanted and len(rows) == 1:
        raise PictureError(
            f"The folder {settings.folder} has no other picture for a training batch.",
            "Choose a folder with more pictures, or take random crops.",
        )
    return TrainingBatch(np.stack(rows), _short_note(len(rows), count), tuple(filter(None, names)))


def _short_note(found: int, count: int) -> str:
    if found == count:
        return ""
    return f"The folder gave a batch of {found} pictures only, not {count}."


def _crops(
    opened: Opened, stages: Preprocessing, seed: int
) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Cut boxes of half the picture's sides or more, anywhere; the same ones for each seed.

    Boxes have no names.
    """
    picture, _ = opened.decode(stages.decode)
    picture = _turned(picture, stages, opened.info.exif_orientation)
    height, width = picture.shape[:2]
    random = np.random.default_rng(seed)
    while True:
        share, down, right = random.uniform((LEAST_SIDE, 0, 0), 1.0)
        rows, columns = max(1, round(share * height)), max(1, round(share * width))
        top, left = round(down * (height - rows)), round(right * (width - columns))
        yield "", picture[top : top + rows, left : left + columns]


def _folder_pictures(
    opened: Opened, stages: Preprocessing, settings: Training
) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Decode a folder's other pictures in an order drawn from the seed; skip what is damaged.

    Each comes with the name of its file.
    """
    paths = _listed(Path(settings.folder), opened.info.path)
    order = np.random.default_rng(settings.seed).permutation(len(paths))
    for number in order:
        source = PictureSource.from_path(paths[number])
        try:
            data = read_picture(source)
            info = inspect_picture(data, source)
            picture, _ = decode_picture(data, info, stages.decode)
        except PictureError:
            continue
        yield paths[number].name, _turned(picture, stages, info.exif_orientation)


def _listed(folder: Path, own: str | None) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if _is_picture(path))
    except OSError as error:
        raise PictureError(
            f"The folder {folder} could not be read: {error.strerror or error}.",
            "Check its path and permissions.",
        ) from error
    return [path for path in found if own is None or path != Path(own)]


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in PICTURE_SUFFIXES and path.is_file()


def _turned(
    picture: NDArray[np.uint8], stages: Preprocessing, orientation: int
) -> NDArray[np.uint8]:
    return orient(picture, orientation) if stages.orient is Orientation.EXIF else picture
