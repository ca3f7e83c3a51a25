"""Every part of a preprocessing that can be set by hand: one table row each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from inspector.core.auxiliary import plain_auxiliary, restored_auxiliary
from inspector.core.modes import MODE_IDS, OWN
from inspector.core.pairs import Side
from inspector.core.preprocessing import (
    RESIZE_METHODS,
    Alpha,
    Aspect,
    AugmentKind,
    ChannelOrder,
    CropKind,
    Decoder,
    Orientation,
    Preprocessing,
    ResizeLibrary,
    ResizeMethod,
    ScaleRule,
)
from inspector.core.scores import OutputSwitches
from inspector.core.training import plain_training, restored_training
from inspector.session import CUSTOM, Choices, SideChoice

if TYPE_CHECKING:
    from collections.abc import Callable

Value = StrEnum | bool | int | float


def _always(_: Preprocessing) -> bool:
    return True


def _retrains(stages: Preprocessing) -> bool:
    return stages.augment.kind is AugmentKind.RETRAIN


@dataclass(frozen=True, slots=True)
class StageField:
    """One part of a stage.

    Attributes
    ----------
    stage, part
        Name of the stage, and of its attribute; an empty part stands for the stage itself.
    title
        What the row is called.
    kind
        The choice's enum, or bool, int or float.
    used
        Whether it does anything, given the other stages.
    low, high, step
        Limits of a number.
    suffix
        Unit of a number.
    tip
        What it does, one line.
    """

    stage: str
    part: str
    title: str
    kind: type[StrEnum] | type[bool] | type[int] | type[float]
    used: Callable[[Preprocessing], bool] = _always
    low: float = 0
    high: float = 0
    step: float = 1
    suffix: str = ""
    tip: str = ""

    @property
    def key(self) -> str:
        """Give the name that the settings store it under."""
        return f"{self.stage}.{self.part}" if self.part else self.stage

    def get(self, stages: Preprocessing) -> Value:
        """Read it."""
        value: Any = getattr(stages, self.stage)
        found: Value = getattr(value, self.part) if self.part else value
        return found

    def put(self, stages: Preprocessing, value: Value) -> Preprocessing:
        """Give the stages with it changed; a method that the library lacks becomes bilinear."""
        stage: Any = value
        if self.part:
            stage = replace(getattr(stages, self.stage), **{self.part: value})
        changed: Any = {self.stage: stage}
        return _with_known_method(replace(stages, **changed))

    def options(self, stages: Preprocessing) -> tuple[StrEnum, ...]:
        """Give the choices of an enum, given the other stages."""
        if self.kind is ResizeMethod:
            return methods_of(stages.resize.library)
        return tuple(self.kind) if issubclass(self.kind, StrEnum) else ()


def methods_of(library: ResizeLibrary) -> tuple[ResizeMethod, ...]:
    """Give the resize methods to choose from; slim's random choice is TensorFlow's alone."""
    methods = RESIZE_METHODS[library]
    return methods if library is ResizeLibrary.PILLOW else (*methods, ResizeMethod.RANDOM)


def _with_known_method(stages: Preprocessing) -> Preprocessing:
    if stages.resize.method in methods_of(stages.resize.library):
        return stages
    return replace(stages, resize=replace(stages.resize, method=ResizeMethod.BILINEAR))


STAGE_FIELDS: tuple[StageField, ...] = (
    StageField("decode", "decoder", "Decode", Decoder, tip="What turns the file into a picture"),
    StageField("decode", "alpha", "Alpha", Alpha, tip="What becomes of transparency"),
    StageField("orient", "", "Orient", Orientation, tip="Whether the EXIF orientation is applied"),
    StageField("crop", "kind", "Crop", CropKind, tip="Which part of the picture is used"),
    StageField(
        "crop",
        "fraction",
        "Crop part",
        float,
        lambda s: s.crop.kind is CropKind.CENTRAL,
        0.05,
        1.0,
        0.025,
        " per side",
        "Share of each side that the central crop keeps",
    ),
    StageField("resize", "library", "Resize by", ResizeLibrary, tip="Who resizes"),
    StageField("resize", "method", "Method", ResizeMethod, tip="Interpolation"),
    StageField(
        "resize",
        "antialias",
        "Antialias",
        bool,
        lambda s: s.resize.library is ResizeLibrary.TF,
        tip="tf.image.resize leaves it off; Pillow always does it, nearest aside",
    ),
    StageField(
        "resize", "aspect", "Fit", Aspect, tip="What happens where the proportions are different"
    ),
    StageField("augment", "kind", "Augment", AugmentKind, tip="Random changes of training"),
    StageField(
        "augment",
        "seed",
        "Seed",
        int,
        lambda s: (
            s.augment.kind is not AugmentKind.NONE
            or s.crop.kind is CropKind.RANDOM_BOX
            or s.resize.method is ResizeMethod.RANDOM
        ),
        0,
        2**31 - 1,
        tip="The same seed gives the same random changes",
    ),
    StageField("augment", "flip", "Random flip", bool, _retrains, tip="retrain.py's flip"),
    StageField(
        "augment", "crop_percent", "Random crop", int, _retrains, 0, 100, 5, " %", "retrain.py's"
    ),
    StageField(
        "augment", "scale_percent", "Random scale", int, _retrains, 0, 100, 5, " %", "retrain.py's"
    ),
    StageField(
        "augment",
        "brightness_percent",
        "Brightness",
        int,
        _retrains,
        0,
        100,
        5,
        " %",
        "retrain.py's random brightness",
    ),
    StageField("scale", "", "Scale", ScaleRule, tip="How levels become the model's numbers"),
    StageField("channel_order", "", "Channels", ChannelOrder, tip="Order of the colour channels"),
)
"""In the order of the stages."""


def plain_choices(choices: Choices) -> dict[str, Any]:
    """Give choices as plain JSON objects."""
    plain: dict[str, Any] = {"apply_exif": choices.apply_exif}
    for side in Side:
        choice = choices.side(side)
        stages = choice.custom
        plain[str(side)] = {
            "mode": choice.mode,
            "softmax": choice.output.softmax,
            "drop_background": choice.output.drop_background,
            "stages": None if stages is None else {f.key: f.get(stages) for f in STAGE_FIELDS},
            "training": plain_training(choice.training),
            "auxiliary": plain_auxiliary(choice.auxiliary),
        }
    return plain


def restored_choices(plain: Any) -> Choices:
    """Give choices from plain JSON objects; what is missing or unknown is as a release has it."""
    if not isinstance(plain, dict):
        return Choices()
    choices = Choices(apply_exif=plain.get("apply_exif") is True)
    for side in Side:
        entry = plain.get(str(side))
        if isinstance(entry, dict):
            choices = choices.with_side(side, _restored_side(entry))
    return choices


def _restored_side(entry: dict[str, Any]) -> SideChoice:
    output = OutputSwitches(
        _switch(entry.get("softmax")),
        _switch(entry.get("drop_background")),
    )
    runs = restored_training(entry.get("training")), restored_auxiliary(entry.get("auxiliary"))
    mode = entry.get("mode")
    if mode == CUSTOM and isinstance(entry.get("stages"), dict):
        return SideChoice(CUSTOM, _restored_stages(entry["stages"]), output, *runs)
    return SideChoice(mode if mode in MODE_IDS else OWN, None, output, *runs)


def _restored_stages(entry: dict[str, Any]) -> Preprocessing:
    stages = Preprocessing()
    for field in STAGE_FIELDS:
        try:
            value = field.kind(entry[field.key])
        except (KeyError, TypeError, ValueError):
            continue
        if field.kind in {int, float} and not field.low <= float(value) <= field.high:
            continue
        stages = field.put(stages, value)
    return stages


def _switch(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None
