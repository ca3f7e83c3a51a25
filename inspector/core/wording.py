"""Stages and modes in plain words, for the dock, the verdict, the figure's footer and the help."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from inspector.core.modes import MODE_IDS, find_mode
from inspector.core.preprocessing import (
    Alpha,
    Aspect,
    Augment,
    AugmentKind,
    ChannelOrder,
    Crop,
    CropKind,
    Decode,
    Decoder,
    Orientation,
    Resize,
    ResizeLibrary,
    ScaleRule,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

    from inspector.core.preprocessing import Preprocessing

STAGE_TITLES: dict[str, str] = {
    "decode": "Decode",
    "orient": "Orient",
    "crop": "Crop",
    "resize": "Resize",
    "augment": "Augment",
    "scale": "Scale",
    "channel_order": "Channel order",
}

_WORDS: dict[StrEnum, str] = {
    Decoder.PILLOW: "Pillow",
    Decoder.TF_JPEG: "tf.image.decode_jpeg",
    Decoder.TF_JPEG_ACCURATE: "tf.image.decode_jpeg, INTEGER_ACCURATE",
    Decoder.TF_IMAGE: "tf.image.decode_image",
    Decoder.REFERENCE: "Pillow, 16-bit kept right",
    Alpha.DROP: "alpha dropped",
    Alpha.WHITE: "alpha on white",
    Alpha.BLACK: "alpha on black",
    Alpha.GREY: "alpha on mid-grey",
    Orientation.AS_STORED: "as stored",
    Orientation.EXIF: "EXIF orientation applied",
    CropKind.CENTRAL: "central part",
    CropKind.RANDOM_BOX: "random box",
    ResizeLibrary.PILLOW: "Pillow",
    ResizeLibrary.TF: "tf.image.resize",
    ResizeLibrary.TF1: "tf.compat.v1 resize",
    Aspect.STRETCH: "stretched",
    Aspect.PAD: "padded",
    Aspect.FILL: "centre cropped to the model's proportions",
    ScaleRule.KERAS: "x/127.5 - 1",
    ScaleRule.UNIT: "x/255",
    ScaleRule.SYMMETRIC: "(x/255 - 0.5)·2",
    ScaleRule.RAW: "unscaled, 0 to 255",
    ScaleRule.CAFFE: "BGR - ImageNet means",
    ScaleRule.TORCH: "(x/255 - means)/deviations",
    ScaleRule.HALF: "x/128",
    ScaleRule.KERAS_TWICE: "x/127.5 - 1, twice",
    ScaleRule.UNIT_TWICE: "x/255, twice",
    ScaleRule.SYMMETRIC_TWICE: "(x/255 - 0.5)·2, twice",
    ScaleRule.CAFFE_TWICE: "BGR - ImageNet means, twice",
    ScaleRule.TORCH_TWICE: "(x/255 - means)/deviations, twice",
    ChannelOrder.RGB: "RGB",
    ChannelOrder.BGR: "BGR",
    AugmentKind.SLIM: "slim's training distortion",
    AugmentKind.SLIM_FAST: "slim's training distortion, fast mode",
    AugmentKind.RETRAIN: "retrain.py's distortions",
}


_WHOLE = "whole picture"
_NOTHING = "none"

NO_BREAK = "\N{NO-BREAK SPACE}"
_UNITS = re.compile(r"(?<=\d) (?=(?:%|px|ms|pp|levels?)(?!\w))")
"""A blank between a number and what it counts."""


def keep_together(text: str) -> str:
    """Put no-break spaces between numbers and their units, for text that is broken into lines."""
    return _UNITS.sub(NO_BREAK, text)


def levels_text(count: float) -> str:
    """Write a distance between pixels, such as ``1 level of 255`` or ``2.4 levels of 255``."""
    written = f"{count:.2g}"
    return f"{written} {'level' if written == '1' else 'levels'} of 255"


def mode_title(mode: str) -> str:
    """Give the name of a side's mode as the dock shows it; stages set by hand are ``Custom``."""
    return find_mode(mode).title if mode in MODE_IDS else mode.capitalize()


def mode_text(mode: str) -> str:
    """Name a side's mode where nothing else says that it is one, such as ``mode TF Hub``."""
    if mode not in MODE_IDS:
        return f"{mode} stages"
    return mode_title(mode) if find_mode(mode).wrong else f"mode {mode_title(mode)}"


def mode_with_id(mode: str) -> str:
    """Name a mode with what the command line and pair files call it, such as ``TF Hub (hub)``."""
    return f"{mode_title(mode)} ({mode})" if mode in MODE_IDS else mode_title(mode)


def word(value: StrEnum) -> str:
    """Give the plain word for one choice of a stage.

    Members of different enumerations with the same text are equal as keys, so "none" is told apart
    here.
    """
    if value is CropKind.NONE:
        return _WHOLE
    return _WORDS.get(value, str(value))


def describe_stage(name: str, value: Any) -> str:
    """Say in a few words what one stage does.

    Parameters
    ----------
    name
        Name of the stage, one of :data:`inspector.core.preprocessing.STAGES`.
    value
        The stage's value.
    """
    composed = _COMPOSED.get(name)
    return composed(value) if composed else word(value)


def describe(preprocessing: Preprocessing) -> str:
    """Say in one line what a preprocessing does, leaving out stages that do nothing."""
    quiet = {_WHOLE, _NOTHING, "as stored", "RGB"}
    parts = [describe_stage(name, value) for name, value in preprocessing.stages()]
    return " → ".join(part for part in parts if part not in quiet)


def _decode(stage: Decode) -> str:
    alpha = "" if stage.alpha is Alpha.DROP else f", {word(stage.alpha)}"
    return word(stage.decoder) + alpha


def _crop(stage: Crop) -> str:
    if stage.kind is CropKind.NONE:
        return _WHOLE
    if stage.kind is CropKind.CENTRAL:
        return f"central {stage.fraction:g} per side"
    return word(stage.kind)


def _resize(stage: Resize) -> str:
    parts = [f"{word(stage.library)} {stage.method}"]
    if stage.antialiases:
        parts.append("antialiased")
    if stage.aspect is not Aspect.STRETCH:
        parts.append(word(stage.aspect))
    return ", ".join(parts)


def _augment(stage: Augment) -> str:
    if stage.kind is AugmentKind.NONE:
        return _NOTHING
    return f"{word(stage.kind)}, seed {stage.seed}"


_COMPOSED: dict[str, Callable[[Any], str]] = {
    "decode": _decode,
    "crop": _crop,
    "resize": _resize,
    "augment": _augment,
}
