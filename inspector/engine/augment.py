"""Random changes of training-time preprocessing, drawn from a seed.

The rules and their figures are those of slim's ``inception_preprocessing`` and of TensorFlow Hub's
``retrain.py``. The draws are TensorFlow's stateless ones, so that a seed gives the same picture
again; the published code draws from a global generator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.preprocessing import AugmentKind

if TYPE_CHECKING:
    from inspector.core.preprocessing import Augment

_MAX_BRIGHTNESS = 32.0 / 255.0
_SATURATION = (0.5, 1.5)
_MAX_HUE = 0.2
_CONTRAST = (0.5, 1.5)
_SLIM_METHODS = ("bilinear", "nearest", "bicubic", "area")
_ORDERS: tuple[tuple[str, ...], ...] = (
    ("brightness", "saturation", "hue", "contrast"),
    ("saturation", "brightness", "contrast", "hue"),
    ("contrast", "hue", "brightness", "saturation"),
    ("hue", "saturation", "contrast", "brightness"),
)
_FAST_ORDERS: tuple[tuple[str, ...], ...] = (
    ("brightness", "saturation"),
    ("saturation", "brightness"),
)


def to_unit(levels: Any) -> Any:
    """Bring levels to [0, 1]: uint8 by ``convert_image_dtype``, float levels by x/255."""
    import tensorflow as tf

    if levels.dtype == np.uint8 or levels.dtype == tf.uint8:
        return tf.image.convert_image_dtype(levels, tf.float32)
    return tf.cast(levels, tf.float32) / 255.0


def random_box(levels: Any, seed: int) -> Any:
    """Cut slim's random box: aspect 0.75 to 1.33, area 0.05 to 1, at most 100 attempts."""
    import tensorflow as tf

    begin, extent, _ = tf.image.stateless_sample_distorted_bounding_box(
        tf.shape(levels),
        bounding_boxes=tf.constant([[[0.0, 0.0, 1.0, 1.0]]]),
        seed=(seed, 0),
        min_object_covered=0.1,
        aspect_ratio_range=(0.75, 1.33),
        area_range=(0.05, 1.0),
        max_attempts=100,
        use_image_if_no_bounding_boxes=True,
    )
    return tf.slice(levels, begin, extent)


def random_method(seed: int, kind: AugmentKind) -> str:
    """Choose slim's resize method: one of four, or bilinear in fast mode."""
    if kind is AugmentKind.SLIM_FAST:
        return _SLIM_METHODS[0]
    return _SLIM_METHODS[_draw_index(seed, 1, len(_SLIM_METHODS))]


def slim(unit: Any, stage: Augment) -> Any:
    """Flip at random and distort the colours of float32 [0, 1] (h, w, 3), then clip to [0, 1]."""
    import tensorflow as tf

    seed = stage.seed
    image = tf.image.stateless_random_flip_left_right(unit, seed=(seed, 2))
    orders = _FAST_ORDERS if stage.kind is AugmentKind.SLIM_FAST else _ORDERS
    changes = {
        "brightness": lambda x: tf.image.stateless_random_brightness(
            x, _MAX_BRIGHTNESS, seed=(seed, 4)
        ),
        "saturation": lambda x: tf.image.stateless_random_saturation(
            x, *_SATURATION, seed=(seed, 5)
        ),
        "hue": lambda x: tf.image.stateless_random_hue(x, _MAX_HUE, seed=(seed, 6)),
        "contrast": lambda x: tf.image.stateless_random_contrast(x, *_CONTRAST, seed=(seed, 7)),
    }
    for name in orders[_draw_index(seed, 3, len(orders))]:
        image = changes[name](image)
    return tf.clip_by_value(image, 0.0, 1.0)


def retrain_size(size: tuple[int, int], stage: Augment) -> tuple[int, int]:
    """Give the size that retrain.py resizes to before its random crop."""
    import tensorflow as tf

    margin = 1.0 + stage.crop_percent / 100.0
    scale = float(
        tf.random.stateless_uniform((), (stage.seed, 8), 1.0, 1.0 + stage.scale_percent / 100.0)
        if stage.scale_percent
        else 1.0
    )
    height, width = (int(margin * scale * length) for length in size)
    return height, width


def retrain(unit: Any, stage: Augment, size: tuple[int, int]) -> Any:
    """Crop at random to `size`, flip and change the brightness, each where switched on."""
    import tensorflow as tf

    image = unit
    if tuple(image.shape[:2]) != size:
        image = tf.image.stateless_random_crop(image, (*size, 3), seed=(stage.seed, 9))
    if stage.flip:
        image = tf.image.stateless_random_flip_left_right(image, seed=(stage.seed, 10))
    if stage.brightness_percent:
        reach = stage.brightness_percent / 100.0
        image *= tf.random.stateless_uniform((), (stage.seed, 11), 1.0 - reach, 1.0 + reach)
    return image


def _draw_index(seed: int, stream: int, count: int) -> int:
    import tensorflow as tf

    return int(tf.random.stateless_uniform((), (seed, stream), 0, count, dtype=tf.int32))
