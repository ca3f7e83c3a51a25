from __future__ import annotations

import contextlib
import itertools
from dataclasses import replace

import numpy as np
import pytest

from inspector.core.errors import PictureError, UsageError
from inspector.core.modes import HUB, KERAS, MODES, resolve_mode
from inspector.core.preprocessing import (
    RESIZE_METHODS,
    Aspect,
    Augment,
    AugmentKind,
    Crop,
    CropKind,
    Preprocessing,
    Resize,
    ResizeLibrary,
    ResizeMethod,
    ScaleRule,
)
from inspector.engine.preprocess import fill_box, make_input
from tests.support import pictures
from tests.support.results import LEFT, RIGHT

SIZE = (32, 48)
RESIZES = [
    Resize(library, method, aspect=aspect, antialias=antialias)
    for library, methods in RESIZE_METHODS.items()
    for method, aspect, antialias in itertools.product(methods, Aspect, (False, True))
]


def check(made: np.ndarray) -> None:
    assert made.shape == (*SIZE, 3)
    assert np.isfinite(made).all()


@pytest.mark.parametrize("resize", RESIZES, ids=str)
def test_every_resize_by_hand_gives_an_input_or_one_error(resize: Resize) -> None:
    for width, height in ((61, 47), (1, 1), (1, 900), (900, 1), (48, 32)):
        picture = pictures.pixels(width, height)
        picture.setflags(write=False)
        for scale in (ScaleRule.KERAS, ScaleRule.UNIT):
            stages = Preprocessing(resize=resize, scale=scale)
            if min(width, height) > 1:
                check(make_input(picture, stages, SIZE))
            else:
                with contextlib.suppress(PictureError):
                    check(make_input(picture, stages, SIZE))


@pytest.mark.parametrize("scale", ScaleRule)
@pytest.mark.parametrize("library", ResizeLibrary)
@pytest.mark.parametrize("kind", AugmentKind)
@pytest.mark.parametrize("crop", CropKind)
def test_every_combination_of_stages_stays_in_its_range(
    scale: ScaleRule, library: ResizeLibrary, kind: AugmentKind, crop: CropKind
) -> None:
    stages = Preprocessing(
        crop=Crop(crop),
        resize=Resize(library, ResizeMethod.BILINEAR),
        augment=Augment(kind, seed=3, flip=True, crop_percent=10),
        scale=scale,
    )
    picture = pictures.pixels(61, 47)
    before = picture.copy()
    made = make_input(picture, stages, SIZE)
    low, high = stages.output_range
    slack = 1e-4 * (high - low)
    assert made.shape == (*SIZE, 3)
    assert low - slack <= made.min() < made.max() <= high + slack
    assert np.array_equal(picture, before)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
def test_two_sides_can_share_one_picture(mode: object) -> None:
    """`preprocess_input` overwrites a float array: what left does must not reach right."""
    picture = pictures.pixels(*reversed(SIZE))
    first = make_input(picture, resolve_mode(mode.id, LEFT, RIGHT), SIZE)  # type: ignore[attr-defined]
    kept = first.copy()
    second = make_input(picture, resolve_mode("own", RIGHT, LEFT), SIZE)
    second += 100.0
    assert np.array_equal(first, kept)
    assert np.array_equal(picture, pictures.pixels(*reversed(SIZE)))
    assert not np.shares_memory(first, picture)


def test_a_method_that_the_library_lacks_is_named() -> None:
    stages = replace(KERAS, resize=Resize(ResizeLibrary.PILLOW, ResizeMethod.AREA))
    with pytest.raises(UsageError, match="Pillow has no resize method 'area'") as caught:
        make_input(pictures.pixels(9, 9), stages, SIZE)
    assert "bilinear" in caught.value.mend


def test_random_method_needs_tensorflow() -> None:
    stages = replace(KERAS, resize=Resize(ResizeLibrary.PILLOW, ResizeMethod.RANDOM))
    with pytest.raises(UsageError):
        make_input(pictures.pixels(9, 9), stages, SIZE)


def test_a_picture_too_narrow_to_pad_is_one_error() -> None:
    stages = replace(HUB, resize=replace(HUB.resize, aspect=Aspect.PAD))
    with pytest.raises(PictureError) as caught:
        make_input(pictures.pixels(1, 5000), stages, SIZE)
    assert "1 × 5000" in caught.value.message
    assert caught.value.message.endswith("output dimensions must be positive.")
    assert caught.value.mend


@pytest.mark.parametrize(
    ("height", "width", "size", "expected"),
    [
        (100, 200, (50, 50), (50, 0, 150, 100)),
        (200, 100, (50, 50), (0, 50, 100, 150)),
        (101, 200, (50, 50), (49, 0, 150, 101)),
        (1, 1, (32, 224), (0, 0, 1, 1)),
        (1, 5000, (224, 224), (2499, 0, 2500, 1)),
    ],
)
def test_fill_box(
    height: int, width: int, size: tuple[int, int], expected: tuple[int, int, int, int]
) -> None:
    assert fill_box(height, width, size) == expected
