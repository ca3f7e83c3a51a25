"""The sample pictures that come with the program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inspector.core.picture import PictureSource
from inspector.core.resources import resource_path
from inspector.gui.folder_walk import list_pictures

FIRST_SAMPLE = "golf_ball.jpg"

_TITLES = {
    "golf_ball": "Golf ball on grass",
    "zone_plate": "Zone plate (shows every resize)",
    "colour_bars": "Colour bars (shows ranges and channel order)",
    "random_42": "Random noise, seed 42",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample picture: what the menu says, and where it is."""

    title: str
    path: str


def shipped_samples() -> tuple[Sample, ...]:
    """Give the pictures of ``resources/samples``, the first one in front."""
    known = list(_TITLES)
    found = [Path(path) for path in list_pictures(resource_path("samples"))]
    found.sort(key=lambda p: known.index(p.stem) if p.stem in known else len(known))
    return tuple(
        Sample(_TITLES.get(path.stem, path.stem.replace("_", " ").capitalize()), str(path))
        for path in found
    )


def first_sample() -> PictureSource:
    """Give the picture that is compared where none was asked for."""
    return PictureSource.from_path(resource_path("samples", FIRST_SAMPLE))


def is_sample(source: PictureSource | None) -> bool:
    """Tell whether a picture is one of the shipped samples."""
    if source is None or source.path is None:
        return False
    return any(sample.path == source.path for sample in shipped_samples())
