"""Crop, resize, scale and channel order, as source: one small writer per choice.

The calls are those of :mod:`inspector.engine.preprocess`, in the same order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.preprocessing import (
    AugmentKind,
    ChannelOrder,
    CropKind,
    ScaleRule,
)
from inspector.core.script.augment import write_augment, write_random_box, write_unit
from inspector.core.script.decode import is_plain, write_decode
from inspector.core.script.draft import Draft
from inspector.core.script.resize import can_load_img, write_load_img, write_resize

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.preprocessing import Preprocessing
    from inspector.core.script.picture import KnownPicture


def input_lines(
    picture: KnownPicture, stages: Preprocessing, size: tuple[int, int], target: str
) -> list[str]:
    """Write everything from file to model input.

    Parameters
    ----------
    picture
        What is known of the picture.
    stages
        What to do.
    size
        Height and width of the model input.
    target
        Name of the variable that holds the model input, float32 (height, width, 3).
    """
    draft = Draft(picture, stages, size)
    if is_plain(draft) and can_load_img(draft):
        write_load_img(draft)
    else:
        write_decode(draft)
        if stages.converts_first:
            write_unit(draft)
        _write_crop(draft)
        write_resize(draft)
    if stages.augment.kind is not AugmentKind.NONE:
        write_augment(draft)
    _SCALES[stages.scale](draft)
    if stages.channel_order is ChannelOrder.BGR:
        draft.set("image[..., ::-1]", "red and blue exchanged: BGR")
    return draft.finished(target)


def _write_crop(draft: Draft) -> None:
    crop = draft.stages.crop
    if crop.kind is CropKind.CENTRAL:
        draft.call("tf.image.central_crop", draft.levels, repr(float(crop.fraction)))
        draft.to_levels()
    if crop.kind is CropKind.RANDOM_BOX:
        write_random_box(draft)


def _preprocess_input(application: str, twice: bool = False) -> Callable[[Draft], None]:
    """Give the writer of an application's own scaling."""
    function = f"keras.applications.{application}.preprocess_input"

    def write(draft: Draft) -> None:
        draft.call(function, draft.floats)
        draft.to_floats()
        if twice:
            draft.call(function, "image", note="a second time")

    return write


def _raw(draft: Draft) -> None:
    draft.set(draft.floats, "levels 0 to 255, unscaled")
    draft.to_floats()


def _half(draft: Draft) -> None:
    draft.set(f"{draft.floats} / 128.0")
    draft.to_floats()


def _unit(draft: Draft) -> None:
    if not draft.stages.converts_first:
        write_unit(draft)


def _unit_twice(draft: Draft) -> None:
    draft.set(f"{draft.floats} / 255.0 / 255.0", "scaled twice")
    draft.to_floats()


def _symmetric(draft: Draft) -> None:
    _unit(draft)
    draft.set("(image - 0.5) * 2.0")


def _symmetric_twice(draft: Draft) -> None:
    _symmetric(draft)
    draft.set("(image / 255.0 - 0.5) * 2.0", "a second time")


_SCALES: dict[ScaleRule, Callable[[Draft], None]] = {
    ScaleRule.KERAS: _preprocess_input("mobilenet_v2"),
    ScaleRule.UNIT: _unit,
    ScaleRule.SYMMETRIC: _symmetric,
    ScaleRule.RAW: _raw,
    ScaleRule.HALF: _half,
    ScaleRule.KERAS_TWICE: _preprocess_input("mobilenet_v2", twice=True),
    ScaleRule.UNIT_TWICE: _unit_twice,
    ScaleRule.SYMMETRIC_TWICE: _symmetric_twice,
    ScaleRule.CAFFE: _preprocess_input("resnet50"),
    ScaleRule.CAFFE_TWICE: _preprocess_input("resnet50", twice=True),
    ScaleRule.TORCH: _preprocess_input("densenet"),
    ScaleRule.TORCH_TWICE: _preprocess_input("densenet", twice=True),
}
