"""Each named mode beside the library calls that were published under its name, bit for bit."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras.applications.mobilenet_v2 import preprocess_input
from PIL import Image

from inspector.core.input_range import (
    CAFFE,
    KNOWN_RANGES,
    LEVELS,
    SYMMETRIC,
    TORCH,
    InputRange,
)
from inspector.core.modes import MODES, resolve_mode
from inspector.core.picture import PictureSource
from inspector.core.preprocessing import (
    AugmentKind,
    Preprocessing,
    Resize,
    ResizeMethod,
    ScaleRule,
)
from inspector.engine import augment
from inspector.engine.decode import decode_picture, inspect_picture, read_picture
from inspector.engine.preprocess import make_input
from tests.support import pictures
from tests.support.results import LEFT, RIGHT

if TYPE_CHECKING:
    from pathlib import Path

SIZE = (96, 96)
WIDE = (64, 112)
SEEDS = range(12)

MADE = {
    "odd.jpg": pictures.jpeg(301, 233),
    "tall.jpg": pictures.jpeg(101, 407),
    "small.jpg": pictures.jpeg(37, 29),
    "exact.jpg": pictures.jpeg(96, 96),
    "grey.jpg": pictures.jpeg(180, 141, "L"),
    "cmyk.jpg": pictures.jpeg(150, 171, "CMYK"),
    "colour.png": pictures.png(203, 155),
    "grey.png": pictures.png(99, 131, "L"),
    "palette.png": pictures.encode(pictures.image(120, 91).quantize(64), "PNG"),
    "alpha.png": pictures.png(130, 87, "RGBA"),
    "turned.jpg": pictures.with_orientation("JPEG", 6),
}
PHOTOS = (
    "cat_720p.jpg",
    "parrot.jpg",
    "imagenet/n02108089_boxer.JPEG",
    "imagenet/n03888257_parachute.JPEG",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pictures")
    for name, data in MADE.items():
        pictures.write(made, name, data)
    return made


@pytest.fixture(scope="module", params=[*MADE, *PHOTOS])
def path(request: pytest.FixtureRequest, folder: Path) -> Path:
    if request.param in MADE:
        return folder / request.param
    data: Path = request.getfixturevalue("data")
    return data / "photos" / request.param


def ours(path: Path, stages: Preprocessing, size: tuple[int, int] = SIZE) -> np.ndarray:
    source = PictureSource.from_path(path)
    data = read_picture(source)
    info = inspect_picture(data, source)
    picture, notes = decode_picture(data, info, stages.decode)
    assert notes == ()
    before = picture.copy()
    model_input = make_input(picture, stages, size)
    assert np.array_equal(picture, before), "the shared picture was overwritten"
    assert model_input.dtype == np.float32
    assert model_input.shape == (*size, 3)
    assert model_input.flags.writeable
    assert model_input.flags.c_contiguous
    return model_input


def stages_of(mode: str, release: object = None) -> Preprocessing:
    return resolve_mode(mode, LEFT if release is None else release, RIGHT)  # type: ignore[arg-type]


def jpeg_levels(path: Path) -> tf.Tensor:
    return tf.image.decode_jpeg(tf.io.read_file(str(path)), channels=3)


def unit(path: Path) -> tf.Tensor:
    return tf.image.convert_image_dtype(jpeg_levels(path), tf.float32)


@pytest.mark.parametrize("size", [SIZE, WIDE])
def test_keras(path: Path, size: tuple[int, int]) -> None:
    picture = keras.utils.load_img(path, target_size=size)
    theirs = preprocess_input(keras.utils.img_to_array(picture))
    assert np.array_equal(ours(path, stages_of("keras"), size), theirs)


PUBLISHED_SCALES = [
    (SYMMETRIC, keras.applications.inception_v3),
    (CAFFE, keras.applications.resnet50),
    (TORCH, keras.applications.densenet),
    (LEVELS, keras.applications.efficientnet),
    (LEVELS, keras.applications.mobilenet_v3),
]


@pytest.mark.parametrize(("declared", "application"), PUBLISHED_SCALES)
def test_keras_with_the_applications_own_preprocess_input(
    folder: Path, declared: InputRange, application: Any
) -> None:
    """One picture is enough: the scaling knows nothing of files."""
    release = replace(LEFT, range=declared)
    for name in ("odd.jpg", "alpha.png"):
        picture = keras.utils.load_img(folder / name, target_size=SIZE)
        theirs = application.preprocess_input(keras.utils.img_to_array(picture))
        assert np.array_equal(ours(folder / name, stages_of("keras", release)), theirs)
        twice = application.preprocess_input(theirs.copy())
        assert np.array_equal(ours(folder / name, stages_of("scaled_twice", release)), twice)
        exchanged = ours(folder / name, stages_of("bgr", release))
        assert np.array_equal(exchanged, theirs[..., ::-1])


@pytest.mark.parametrize(("declared", "application"), PUBLISHED_SCALES)
def test_keras_dataset_with_the_applications_own_preprocess_input(
    folder: Path, tmp_path: Path, declared: InputRange, application: Any
) -> None:
    shutil.copy(folder / "odd.jpg", tmp_path)
    dataset = keras.utils.image_dataset_from_directory(
        tmp_path, labels=None, shuffle=False, image_size=SIZE, batch_size=1, verbose=False
    )
    (batch,) = list(dataset)
    theirs = np.asarray(application.preprocess_input(batch))[0]
    stages = stages_of("keras_dataset", replace(LEFT, range=declared))
    assert np.array_equal(ours(folder / "odd.jpg", stages), theirs)


@pytest.mark.parametrize("declared", KNOWN_RANGES, ids=lambda known: known.text)
def test_what_a_range_writes_is_what_the_library_makes(folder: Path, declared: InputRange) -> None:
    """The pure arithmetic of a range and the library's own agree but for float noise."""
    release = replace(LEFT, range=declared)
    made = ours(folder / "odd.jpg", resolve_mode("identical", release, RIGHT))
    raw = replace(resolve_mode("identical", release, RIGHT), scale=ScaleRule.RAW)
    levels = ours(folder / "odd.jpg", raw)
    expected = declared.from_unit(levels / np.float32(255.0))
    np.testing.assert_allclose(made, expected, rtol=0, atol=1e-6 * (declared.high - declared.low))


def test_keras_keeping_proportions(path: Path) -> None:
    picture = keras.utils.load_img(path, target_size=SIZE, keep_aspect_ratio=True)
    theirs = preprocess_input(keras.utils.img_to_array(picture))
    from inspector.core.preprocessing import Aspect

    stages = stages_of("keras")
    stages = replace(stages, resize=replace(stages.resize, aspect=Aspect.FILL))
    assert np.array_equal(ours(path, stages), theirs)


def test_keras_dataset(path: Path, tmp_path: Path) -> None:
    shutil.copy(path, tmp_path / path.name.replace(".JPEG", ".jpg"))
    dataset = keras.utils.image_dataset_from_directory(
        tmp_path, labels=None, shuffle=False, image_size=SIZE, batch_size=1, verbose=False
    )
    (batch,) = list(dataset)
    theirs = np.asarray(preprocess_input(batch))[0]
    assert np.array_equal(ours(path, stages_of("keras_dataset")), theirs)


@pytest.mark.parametrize("size", [SIZE, WIDE])
def test_hub(path: Path, size: tuple[int, int]) -> None:
    theirs = tf.image.resize(unit(path), size).numpy()
    assert np.array_equal(ours(path, stages_of("hub"), size), theirs)


def test_slim_eval(path: Path) -> None:
    image = tf.image.central_crop(unit(path), central_fraction=0.875)
    image = tf.compat.v1.image.resize_bilinear(image[None], SIZE, align_corners=False)[0]
    theirs = tf.multiply(tf.subtract(image, 0.5), 2.0).numpy()
    assert np.array_equal(ours(path, stages_of("slim_eval")), theirs)


def test_resize_with_pad(path: Path) -> None:
    theirs = tf.image.resize_with_pad(unit(path), *SIZE).numpy()
    assert np.array_equal(ours(path, stages_of("resize_with_pad")), theirs)


def test_retrain_without_options_is_a_plain_resize(path: Path) -> None:
    theirs = tf.compat.v1.image.resize_bilinear(unit(path)[None], SIZE)[0].numpy()
    assert np.array_equal(ours(path, stages_of("retrain")), theirs)


def test_identical_gives_both_sides_the_same_levels(path: Path) -> None:
    left = ours(path, resolve_mode("identical", LEFT, RIGHT))
    right = ours(path, resolve_mode("identical", RIGHT, LEFT))
    levels = left * 127.5 + 127.5
    np.testing.assert_allclose(levels, right * 255.0, rtol=0, atol=1e-4)
    np.testing.assert_allclose(levels, np.rint(levels), rtol=0, atol=1e-4)


def test_identical_is_one_antialiased_resize(folder: Path) -> None:
    with Image.open(folder / "odd.jpg") as image:
        theirs = np.asarray(image.resize((SIZE[1], SIZE[0]), Image.Resampling.BILINEAR))
    found = ours(folder / "odd.jpg", resolve_mode("identical", RIGHT, LEFT)) * 255.0
    np.testing.assert_allclose(found, theirs, rtol=0, atol=1e-4)


def slim_train_by_hand(path: Path, seed: int) -> np.ndarray:
    image = unit(path)
    begin, extent, _ = tf.image.stateless_sample_distorted_bounding_box(
        tf.shape(image),
        tf.constant([[[0.0, 0.0, 1.0, 1.0]]]),
        seed=(seed, 0),
        min_object_covered=0.1,
        aspect_ratio_range=(0.75, 1.33),
        area_range=(0.05, 1.0),
        max_attempts=100,
    )
    image = tf.slice(image, begin, extent)
    method = int(tf.random.stateless_uniform((), (seed, 1), 0, 4, dtype=tf.int32))
    image = tf.compat.v1.image.resize_images(image, SIZE, method)  # slim gives it a number
    image = tf.image.stateless_random_flip_left_right(image, seed=(seed, 2))
    brightness, saturation, hue, contrast = (
        lambda x: tf.image.stateless_random_brightness(x, 32.0 / 255.0, seed=(seed, 4)),
        lambda x: tf.image.stateless_random_saturation(x, 0.5, 1.5, seed=(seed, 5)),
        lambda x: tf.image.stateless_random_hue(x, 0.2, seed=(seed, 6)),
        lambda x: tf.image.stateless_random_contrast(x, 0.5, 1.5, seed=(seed, 7)),
    )
    orders = (
        (brightness, saturation, hue, contrast),
        (saturation, brightness, contrast, hue),
        (contrast, hue, brightness, saturation),
        (hue, saturation, contrast, brightness),
    )
    for change in orders[int(tf.random.stateless_uniform((), (seed, 3), 0, 4, dtype=tf.int32))]:
        image = change(image)
    image = tf.clip_by_value(image, 0.0, 1.0)
    return tf.multiply(tf.subtract(image, 0.5), 2.0).numpy()


def seeded(mode: str, seed: int, **changes: object) -> Preprocessing:
    stages = stages_of(mode)
    return replace(stages, augment=replace(stages.augment, seed=seed, **changes))


@pytest.mark.parametrize("seed", SEEDS)
def test_slim_train_is_slims_rules_with_stateless_draws(folder: Path, seed: int) -> None:
    found = ours(folder / "odd.jpg", seeded("slim_train", seed))
    assert np.array_equal(found, slim_train_by_hand(folder / "odd.jpg", seed))


def test_slim_train_repeats_for_a_seed_and_differs_between_seeds(folder: Path) -> None:
    made = [ours(folder / "odd.jpg", seeded("slim_train", seed)) for seed in SEEDS]
    again = ours(folder / "odd.jpg", seeded("slim_train", 3))
    assert np.array_equal(made[3], again)
    assert all(np.abs(a - b).max() > 0.01 for i, a in enumerate(made) for b in made[:i])
    assert min(m.min() for m in made) >= -1.0
    assert max(m.max() for m in made) <= 1.0


def test_slim_draws_all_resize_methods_and_fast_mode_only_bilinear() -> None:
    drawn = {augment.random_method(seed, AugmentKind.SLIM) for seed in range(40)}
    assert drawn == {"bilinear", "nearest", "bicubic", "area"}
    assert {augment.random_method(s, AugmentKind.SLIM_FAST) for s in range(9)} == {"bilinear"}


def test_slims_box_keeps_to_its_limits(folder: Path) -> None:
    levels = unit(folder / "odd.jpg")
    height, width = levels.shape[:2]
    for seed in range(60):
        box = augment.random_box(levels, seed)
        area = box.shape[0] * box.shape[1] / (height * width)
        assert 0.045 <= area <= 1.0
        assert 0.72 <= box.shape[1] / box.shape[0] <= 1.38


def test_retrain_flip_gives_the_picture_or_its_mirror(folder: Path) -> None:
    plain = ours(folder / "odd.jpg", stages_of("retrain"))
    seen = set()
    for seed in SEEDS:
        found = ours(folder / "odd.jpg", seeded("retrain", seed, flip=True))
        flipped = np.array_equal(found, plain[:, ::-1])
        assert flipped or np.array_equal(found, plain)
        seen.add(flipped)
    assert seen == {True, False}


def test_retrain_brightness_scales_within_its_percentage(folder: Path) -> None:
    plain = ours(folder / "odd.jpg", stages_of("retrain"))
    for seed in SEEDS:
        found = ours(folder / "odd.jpg", seeded("retrain", seed, brightness_percent=20))
        factor = float(tf.random.stateless_uniform((), (seed, 11), 0.8, 1.2))
        assert 0.8 <= factor <= 1.2
        np.testing.assert_allclose(found, plain * np.float32(factor), rtol=1e-6)


def test_retrain_crop_and_scale_cut_a_window_of_a_larger_resize(folder: Path) -> None:
    stages = seeded("retrain", 4, crop_percent=30, scale_percent=20)
    found = ours(folder / "odd.jpg", stages)
    scale = float(tf.random.stateless_uniform((), (4, 8), 1.0, 1.2))
    length = int(1.3 * scale * SIZE[0])
    large = tf.compat.v1.image.resize_bilinear(unit(folder / "odd.jpg")[None], (length, length))[
        0
    ].numpy()
    windows = (
        large[y : y + SIZE[0], x : x + SIZE[1]]
        for y in range(length - SIZE[0] + 1)
        for x in range(length - SIZE[1] + 1)
    )
    assert any(np.array_equal(found, window) for window in windows)


@pytest.mark.parametrize("release", [LEFT, RIGHT], ids=["keras", "hub"])
class TestModesThatAreWrongOnPurpose:
    def own(self, path: Path, release: object) -> np.ndarray:
        return ours(path, stages_of("own", release))

    def levels(self, path: Path, release: object) -> np.ndarray:
        own = self.own(path, release)
        return own * 127.5 + 127.5 if release is LEFT else own * 255.0

    def wrong(self, path: Path, mode: str, release: object) -> np.ndarray:
        other = RIGHT if release is LEFT else LEFT
        return ours(path, resolve_mode(mode, release, other))  # type: ignore[arg-type]

    def test_other_range(self, folder: Path, release: object) -> None:
        levels = self.levels(folder / "odd.jpg", release)
        expected = levels / 255.0 if release is LEFT else levels / 127.5 - 1.0
        found = self.wrong(folder / "odd.jpg", "other_range", release)
        np.testing.assert_allclose(found, expected, rtol=0, atol=2e-6)

    def test_raw(self, folder: Path, release: object) -> None:
        found = self.wrong(folder / "odd.jpg", "raw_0_255", release)
        levels = self.levels(folder / "odd.jpg", release)
        np.testing.assert_allclose(found, levels, rtol=0, atol=1e-3)
        assert found.max() > 200

    def test_half_range(self, folder: Path, release: object) -> None:
        found = self.wrong(folder / "odd.jpg", "half_range", release)
        expected = self.levels(folder / "odd.jpg", release) / 128.0
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)

    def test_scaled_twice(self, folder: Path, release: object) -> None:
        own = self.own(folder / "odd.jpg", release)
        expected = own / 127.5 - 1.0 if release is LEFT else own / 255.0
        found = self.wrong(folder / "odd.jpg", "scaled_twice", release)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)

    def test_bgr(self, folder: Path, release: object) -> None:
        found = self.wrong(folder / "odd.jpg", "bgr", release)
        assert np.array_equal(found, self.own(folder / "odd.jpg", release)[..., ::-1])

    def test_every_wrong_mode_differs_from_the_right_one(
        self, folder: Path, release: object
    ) -> None:
        own = self.own(folder / "odd.jpg", release)
        for mode in MODES:
            if mode.wrong:
                found = self.wrong(folder / "odd.jpg", mode.id, release)
                assert np.abs(found - own).max() > 0.1, mode.id


def test_every_mode_reaches_no_further_than_its_stated_range(folder: Path) -> None:
    for mode in MODES:
        stages = stages_of(mode.id)
        found = ours(folder / "odd.jpg", stages)
        low, high = stages.output_range
        assert low - 1e-5 <= found.min() <= found.max() <= high + 1e-5, mode.id


def test_bicubic_overshoot_is_kept(folder: Path) -> None:
    """tf.image.resize does not clip; neither do we."""
    stages = replace(
        stages_of("hub"), resize=Resize(stages_of("hub").resize.library, ResizeMethod.BICUBIC)
    )
    theirs = tf.image.resize(unit(folder / "odd.jpg"), SIZE, method="bicubic").numpy()
    assert np.array_equal(ours(folder / "odd.jpg", stages), theirs)
