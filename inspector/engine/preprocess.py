"""Picture → model input, with the very library calls that each convention publishes."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps

from inspector.core.errors import PictureError, UsageError, first_line
from inspector.core.preprocessing import (
    RESIZE_METHODS,
    Aspect,
    AugmentKind,
    ChannelOrder,
    CropKind,
    ResizeLibrary,
    ResizeMethod,
    ScaleRule,
)
from inspector.core.wording import word
from inspector.engine import augment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.preprocessing import Preprocessing, Resize

Size = tuple[int, int]

_KERAS_RULES = {
    ScaleRule.KERAS: ("mobilenet_v2", 1),
    ScaleRule.KERAS_TWICE: ("mobilenet_v2", 2),
    ScaleRule.CAFFE: ("resnet50", 1),
    ScaleRule.CAFFE_TWICE: ("resnet50", 2),
    ScaleRule.TORCH: ("densenet", 1),
    ScaleRule.TORCH_TWICE: ("densenet", 2),
}
"""Rule → module of an application whose ``preprocess_input`` it is, and how often it is called."""


def make_input(
    picture: NDArray[np.uint8], stages: Preprocessing, size: Size
) -> NDArray[np.float32]:
    """Do every stage after decoding and orienting.

    Parameters
    ----------
    picture
        uint8 RGB (height, width, 3), decoded and oriented.
    stages
        What to do.
    size
        Height and width of the model input.

    Returns
    -------
    NDArray[np.float32]
        (height, width, 3), a fresh array that nothing else shares.

    Raises
    ------
    PictureError
        Where a library refuses these stages for this picture, such as a picture of one row padded
        to a square.
    UsageError
        Where the resizing library has no such method.
    """
    import tensorflow as tf

    _check_method(stages.resize)
    try:
        return _make_input(picture, stages, size)
    except (ValueError, ZeroDivisionError, tf.errors.InvalidArgumentError) as error:
        height, width = picture.shape[:2]
        raise PictureError(
            f"This preprocessing cannot be done on a picture of {width} × {height} pixels: "
            f"{first_line(error)}",
            "Choose another mode, or a picture that is less narrow.",
        ) from error


def _check_method(stage: Resize) -> None:
    known = RESIZE_METHODS[stage.library]
    drawn = stage.method is ResizeMethod.RANDOM and stage.library is not ResizeLibrary.PILLOW
    if stage.method not in known and not drawn:
        raise UsageError(
            f"{word(stage.library)} has no resize method {str(stage.method)!r}.",
            f"Use one of {', '.join(known)}.",
        )


def _make_input(
    picture: NDArray[np.uint8], stages: Preprocessing, size: Size
) -> NDArray[np.float32]:
    import tensorflow as tf

    with tf.device("CPU:0"):
        levels: Any = picture
        if stages.converts_first:
            levels = tf.image.convert_image_dtype(levels, tf.float32)
        levels = _crop(levels, stages)
        levels = _resize(levels, stages, size)
        if stages.augment.kind is not AugmentKind.NONE:
            levels = _augment(levels, stages, size)
        numbers = _scale(levels, stages)
    if stages.channel_order is ChannelOrder.BGR:
        numbers = numbers[..., ::-1]
    return np.array(numbers, dtype=np.float32, order="C")


def _crop(levels: Any, stages: Preprocessing) -> Any:
    import tensorflow as tf

    if stages.crop.kind is CropKind.CENTRAL:
        return tf.image.central_crop(levels, stages.crop.fraction)
    if stages.crop.kind is CropKind.RANDOM_BOX:
        return augment.random_box(levels, stages.augment.seed)
    return levels


def _resize(levels: Any, stages: Preprocessing, size: Size) -> Any:
    stage = stages.resize
    if stages.augment.kind is AugmentKind.RETRAIN:
        size = augment.retrain_size(size, stages.augment)
    if stage.library is ResizeLibrary.PILLOW:
        return _resize_pillow(np.asarray(levels), stage, size)
    if stage.method is ResizeMethod.RANDOM:
        method = augment.random_method(stages.augment.seed, stages.augment.kind)
    else:
        method = str(stage.method)
    return _resize_tensorflow(levels, stage, method, size)


def _resize_pillow(picture: NDArray[np.uint8], stage: Resize, size: Size) -> NDArray[np.uint8]:
    height, width = size
    method = Image.Resampling[stage.method.name]
    image = Image.fromarray(picture)
    if image.size == (width, height):
        return picture
    if stage.aspect is Aspect.PAD:
        return np.asarray(ImageOps.pad(image, (width, height), method))
    box = (
        fill_box(picture.shape[0], picture.shape[1], size) if stage.aspect is Aspect.FILL else None
    )
    return np.asarray(image.resize((width, height), method, box=box))


def _resize_tensorflow(levels: Any, stage: Resize, method: str, size: Size) -> Any:
    import tensorflow as tf

    height, width = size
    if stage.aspect is Aspect.FILL:
        left, top, right, bottom = fill_box(levels.shape[0], levels.shape[1], size)
        levels = levels[top:bottom, left:right]
    if stage.library is ResizeLibrary.TF1:
        if stage.aspect is Aspect.PAD:
            return tf.compat.v1.image.resize_image_with_pad(levels, height, width, method)
        return tf.compat.v1.image.resize_images(levels, [height, width], method)
    if stage.aspect is Aspect.PAD:
        return tf.image.resize_with_pad(
            levels, height, width, method=method, antialias=stage.antialias
        )
    return tf.image.resize(levels, [height, width], method=method, antialias=stage.antialias)


def fill_box(height: int, width: int, size: Size) -> tuple[int, int, int, int]:
    """Give the largest centred box with the model input's proportions.

    The rounding is that of ``keras.utils.load_img(keep_aspect_ratio=True)``, which fails where the
    box would have no pixel; here it has at least one.

    Returns
    -------
    tuple[int, int, int, int]
        Left, top, right, bottom in pixels.
    """
    target_height, target_width = size
    box_height = max(1, min(height, width * target_height // target_width))
    box_width = max(1, min(width, height * target_width // target_height))
    top, left = (height - box_height) // 2, (width - box_width) // 2
    return left, top, left + box_width, top + box_height


def _augment(levels: Any, stages: Preprocessing, size: Size) -> Any:
    unit = levels if stages.converts_first else augment.to_unit(levels)
    if stages.augment.kind is AugmentKind.RETRAIN:
        unit = augment.retrain(unit, stages.augment, size)
    else:
        unit = augment.slim(unit, stages.augment)
    return unit if stages.converts_first else unit * 255.0


def _scale(levels: Any, stages: Preprocessing) -> NDArray[np.float32]:
    rule = stages.scale
    if rule in {ScaleRule.UNIT, ScaleRule.SYMMETRIC, ScaleRule.SYMMETRIC_TWICE}:
        return _scale_unit(levels, rule, stages.converts_first)
    numbers = np.array(levels, dtype=np.float32)
    if rule in _KERAS_RULES:
        module, times = _KERAS_RULES[rule]
        preprocess_input = importlib.import_module(f"keras.applications.{module}").preprocess_input
        for _ in range(times):
            numbers = np.asarray(preprocess_input(numbers))
        return numbers
    if rule is ScaleRule.HALF:
        return numbers / np.float32(128.0)
    if rule is ScaleRule.UNIT_TWICE:
        return numbers / np.float32(255.0) / np.float32(255.0)
    return numbers


def _scale_unit(levels: Any, rule: ScaleRule, is_unit: bool) -> NDArray[np.float32]:
    import tensorflow as tf

    unit = levels if is_unit else augment.to_unit(levels)
    if rule is not ScaleRule.UNIT:
        unit = tf.multiply(tf.subtract(unit, 0.5), 2.0)
    if rule is ScaleRule.SYMMETRIC_TWICE:
        unit = tf.multiply(tf.subtract(unit / 255.0, 0.5), 2.0)
    return np.asarray(unit, dtype=np.float32)
