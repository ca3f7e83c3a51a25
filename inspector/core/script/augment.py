"""Random changes, as source, with the draws of :mod:`inspector.engine.augment`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.preprocessing import AugmentKind
from inspector.core.script.code import call
from inspector.core.script.draft import Draft, Form, Numbers

if TYPE_CHECKING:
    from inspector.core.preprocessing import Augment

_CHANGES = {
    "brightness": "tf.image.stateless_random_brightness(x, 32 / 255, seed=({seed}, 4))",
    "saturation": "tf.image.stateless_random_saturation(x, 0.5, 1.5, seed=({seed}, 5))",
    "hue": "tf.image.stateless_random_hue(x, 0.2, seed=({seed}, 6))",
    "contrast": "tf.image.stateless_random_contrast(x, 0.5, 1.5, seed=({seed}, 7))",
}
_ORDERS: dict[AugmentKind, tuple[str, ...]] = {
    AugmentKind.SLIM: (
        "brightness saturation hue contrast",
        "saturation brightness contrast hue",
        "contrast hue brightness saturation",
        "hue saturation contrast brightness",
    ),
    AugmentKind.SLIM_FAST: ("brightness saturation", "saturation brightness"),
}


def write_unit(draft: Draft) -> None:
    """Bring levels 0 to 255 to [0, 1]: uint8 by ``convert_image_dtype``, float levels by x/255."""
    if draft.numbers is Numbers.FLOAT32:
        draft.set("image / 255.0")
    elif draft.numbers is Numbers.UINT8:
        draft.call("tf.image.convert_image_dtype", draft.levels, "tf.float32")
    else:
        draft.block(
            "if image.dtype == tf.uint8:  # TensorFlow keeps it where nothing is interpolated",
            "    image = tf.image.convert_image_dtype(image, tf.float32)",
            "else:",
            "    image = image / 255.0",
        )
    draft.to_floats()


def write_random_box(draft: Draft) -> None:
    """Write slim's random box: aspect 0.75 to 1.33, area 0.05 to 1."""
    if draft.form is not Form.LEVELS:
        draft.set(draft.levels)
        draft.to_levels()
    draft.add(
        call(
            "begin, extent, _",
            "tf.image.stateless_sample_distorted_bounding_box",
            "tf.shape(image)",
            "bounding_boxes=tf.constant([[[0.0, 0.0, 1.0, 1.0]]])",
            f"seed=({draft.stages.augment.seed}, 0)",
            "min_object_covered=0.1",
            "aspect_ratio_range=(0.75, 1.33)",
            "area_range=(0.05, 1.0)",
            "max_attempts=100",
            "use_image_if_no_bounding_boxes=True",
        )
    )
    draft.call("tf.slice", "image", "begin", "extent")


def write_augment(draft: Draft) -> None:
    """Write the augment stage, in [0, 1] and back to levels where the scale comes later."""
    augment = draft.stages.augment
    if augment.kind is AugmentKind.RETRAIN and not _retrain_changes(augment):
        return
    if not draft.stages.converts_first:
        write_unit(draft)
    if augment.kind is AugmentKind.RETRAIN:
        _retrain(draft)
    else:
        _slim(draft)
    if not draft.stages.converts_first:
        draft.set("image * 255.0")


def _retrain_changes(augment: Augment) -> bool:
    return bool(
        augment.flip or augment.scale_percent or augment.crop_percent or augment.brightness_percent
    )


def _retrain(draft: Draft) -> None:
    augment = draft.stages.augment
    height, width = draft.size
    if augment.crop_percent or augment.scale_percent:
        shape = f"({height}, {width}, 3)"
        draft.call("tf.image.stateless_random_crop", "image", shape, f"seed=({augment.seed}, 9)")
    if augment.flip:
        _flip(draft, stream=10)
    if augment.brightness_percent:
        reach = augment.brightness_percent / 100.0
        shape_and_seed = ("()", f"({augment.seed}, 11)")
        bounds = (repr(1.0 - reach), repr(1.0 + reach))
        draft.add(call("factor", "tf.random.stateless_uniform", *shape_and_seed, *bounds))
        draft.set("image * factor")


def _slim(draft: Draft) -> None:
    augment = draft.stages.augment
    orders = _ORDERS[augment.kind]
    used = orders[0].split()
    _flip(draft, stream=2)
    draft.block(
        "changes = {",
        *(f'    "{name}": lambda x: {_CHANGES[name].format(seed=augment.seed)},' for name in used),
        "}",
        "orders = (",
        *(f'    "{order}",' for order in orders),
        ")",
        "order = tf.random.stateless_uniform("
        f"(), ({augment.seed}, 3), 0, {len(orders)}, dtype=tf.int32)",
        "for change in orders[int(order)].split():",
        "    image = changes[change](image)",
    )
    draft.call("tf.clip_by_value", "image", "0.0", "1.0")


def _flip(draft: Draft, stream: int) -> None:
    seed = f"seed=({draft.stages.augment.seed}, {stream})"
    draft.call("tf.image.stateless_random_flip_left_right", "image", seed)
