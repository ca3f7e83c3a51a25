"""The resize stage, as source: Pillow, ``tf.image`` and ``tf.compat.v1.image``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.preprocessing import (
    Aspect,
    AugmentKind,
    CropKind,
    ResizeLibrary,
    ResizeMethod,
)
from inspector.core.script.code import Assign, call
from inspector.core.script.draft import Draft, Form, Numbers
from inspector.core.script.pixels import PATH

if TYPE_CHECKING:
    from inspector.core.preprocessing import Augment

Lengths = tuple[str, str]
"""Source of a height and a width."""

_V1_NAMES = {ResizeMethod.NEAREST: "NEAREST_NEIGHBOR"}
_SLIM_METHODS = ("bilinear", "nearest", "bicubic", "area")


def can_load_img(draft: Draft) -> bool:
    """Tell whether crop and resize are what ``keras.utils.load_img`` does."""
    resize = draft.stages.resize
    return (
        draft.stages.crop.kind is CropKind.NONE
        and resize.library is ResizeLibrary.PILLOW
        and resize.aspect is not Aspect.PAD
    )


def write_load_img(draft: Draft) -> None:
    """Write decode and resize in one, as Keras publishes it."""
    resize = draft.stages.resize
    height, width = _lengths(draft)
    arguments = [PATH, f"target_size=({height}, {width})"]
    if resize.method is not ResizeMethod.NEAREST:
        arguments.append(f'interpolation="{resize.method}"')
    if resize.aspect is Aspect.FILL:
        arguments.append("keep_aspect_ratio=True")
    draft.call("keras.utils.load_img", *arguments)


def write_resize(draft: Draft) -> None:
    """Write the resize stage."""
    lengths = _lengths(draft)
    if draft.stages.resize.library is ResizeLibrary.PILLOW:
        _by_pillow(draft, lengths)
        return
    if draft.stages.resize.aspect is Aspect.FILL:
        _cut_to_proportions(draft, lengths)
    if draft.stages.resize.library is ResizeLibrary.TF1:
        _by_tf1(draft, lengths)
    else:
        _by_tf(draft, lengths)


def _by_pillow(draft: Draft, lengths: Lengths) -> None:
    height, width = lengths
    resize = draft.stages.resize
    draft.to_pillow()
    size, method = f"({width}, {height})", f"Image.Resampling.{resize.method.name}"
    if resize.aspect is Aspect.PAD:
        draft.call("ImageOps.pad", "image", size, method)
    elif resize.aspect is Aspect.STRETCH:
        draft.call("image.resize", size, method)
    else:
        _fill_box(draft, lengths)
        draft.call("image.resize", size, method, "box=box")
    draft.numbers = Numbers.UINT8


def _fill_box(draft: Draft, lengths: Lengths) -> None:
    height, width = lengths
    draft.block(
        "# The largest centred box with the model's proportions, as load_img takes it",
        f"box_width = min(image.width, image.height * {width} // {height})",
        f"box_height = min(image.height, image.width * {height} // {width})",
        "x, y = (image.width - box_width) // 2, (image.height - box_height) // 2",
        "box = (x, y, x + box_width, y + box_height)",
    )


def _cut_to_proportions(draft: Draft, lengths: Lengths) -> None:
    height, width = lengths
    if draft.form is not Form.LEVELS:
        draft.set(draft.levels)
    draft.block("# The largest centred box with the model's proportions")
    if height == width:
        draft.add(Assign("side", "min(image.shape[:2])"))
        box = ("side", "side")
    else:
        draft.add(Assign("rows, columns", "image.shape[:2]"))
        box = (
            f"min(rows, columns * {height} // {width})",
            f"min(columns, rows * {width} // {height})",
        )
    draft.call("tf.image.resize_with_crop_or_pad", "image", *box)
    draft.to_levels()


def _by_tf(draft: Draft, lengths: Lengths) -> None:
    resize = draft.stages.resize
    arguments = []
    if resize.method is ResizeMethod.RANDOM:
        arguments.append(f"method={_drawn_method(draft)}")
    elif resize.method is not ResizeMethod.BILINEAR:
        arguments.append(f'method="{resize.method}"')
    if resize.antialias:
        arguments.append("antialias=True")
    if resize.aspect is Aspect.PAD:
        draft.call("tf.image.resize_with_pad", draft.levels, *lengths, *arguments)
    else:
        draft.call("tf.image.resize", draft.levels, _pair(lengths), *arguments)
    draft.to_levels()
    if resize.method is ResizeMethod.RANDOM:
        _may_keep_type(draft)
    elif resize.method is not ResizeMethod.NEAREST:
        draft.numbers = Numbers.FLOAT32


def _by_tf1(draft: Draft, lengths: Lengths) -> None:
    resize = draft.stages.resize
    arguments = []
    if resize.method is ResizeMethod.RANDOM:
        arguments.append(_drawn_v1_method(draft))
    elif resize.method is not ResizeMethod.BILINEAR:
        name = _V1_NAMES.get(resize.method, resize.method.name)
        arguments.append(f"tf.compat.v1.image.ResizeMethod.{name}")
    if resize.aspect is Aspect.PAD:
        function = "tf.compat.v1.image.resize_image_with_pad"
        draft.call(function, draft.levels, *lengths, *arguments)
    else:
        function = "tf.compat.v1.image.resize_images"
        draft.call(function, draft.levels, _pair(lengths), *arguments)
    draft.to_levels()
    if resize.method is ResizeMethod.RANDOM or not _surely_resized(draft):
        _may_keep_type(draft)
    elif resize.method is not ResizeMethod.NEAREST:
        draft.numbers = Numbers.FLOAT32


def _may_keep_type(draft: Draft) -> None:
    """Note that uint8 may have stayed uint8: nearest keeps it, and so does TF1 at equal sizes."""
    if draft.numbers is Numbers.UINT8 and draft.stages.resize.method is not ResizeMethod.NEAREST:
        draft.numbers = Numbers.EITHER


def _surely_resized(draft: Draft) -> bool:
    stages, size = draft.stages, draft.picture.size
    whole = stages.crop.kind is CropKind.NONE and stages.resize.aspect is Aspect.STRETCH
    exact = stages.augment.kind is not AugmentKind.RETRAIN
    return whole and exact and size is not None and sorted(size) != sorted(draft.size)


def _drawn_method(draft: Draft) -> str:
    if draft.stages.augment.kind is AugmentKind.SLIM_FAST:
        return '"bilinear"'
    names = ", ".join(f'"{name}"' for name in _SLIM_METHODS)
    draft.add(_draw("drawn", draft.stages.augment.seed))
    draft.add(Assign("method", f"({names})[drawn]"))
    return "method"


def _drawn_v1_method(draft: Draft) -> str:
    if draft.stages.augment.kind is AugmentKind.SLIM_FAST:
        return "tf.compat.v1.image.ResizeMethod.BILINEAR"
    draft.block("# One of bilinear, nearest, bicubic and area, by their numbers in ResizeMethod")
    draft.add(_draw("method", draft.stages.augment.seed))
    return "method"


def _draw(target: str, seed: int) -> Assign:
    uniform = f"tf.random.stateless_uniform((), ({seed}, 1), 0, 4, dtype=tf.int32)"
    return call(target, "int", uniform)


def _pair(lengths: Lengths) -> str:
    return f"({lengths[0]}, {lengths[1]})"


def _lengths(draft: Draft) -> Lengths:
    """Give the size to resize to; retrain.py's random crop needs a margin around the input."""
    height, width = draft.size
    augment = draft.stages.augment
    if augment.kind is not AugmentKind.RETRAIN:
        return str(height), str(width)
    margin = 1.0 + augment.crop_percent / 100.0
    if not augment.scale_percent:
        return str(int(margin * height)), str(int(margin * width))
    draft.add(_drawn_scale(augment))
    draft.add(
        Assign(
            "height, width",
            f"int({margin!r} * scale * {height}), int({margin!r} * scale * {width})",
        )
    )
    return "height", "width"


def _drawn_scale(augment: Augment) -> Assign:
    most = 1.0 + augment.scale_percent / 100.0
    uniform = f"tf.random.stateless_uniform((), ({augment.seed}, 8), 1.0, {most!r})"
    return call("scale", "float", uniform)
