"""The stages from file to model input, as frozen values.

This module only says *what* is done; :mod:`inspector.engine.preprocess` does it with the published
library calls. The order is: decode, orient, crop, resize, augment, scale, channel order. Where the
rule of the scale works on [0, 1] (``unit``, ``symmetric``) and TensorFlow resizes, the conversion
to [0, 1] comes directly after decoding, as Hub's and slim's published snippets do it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from inspector.core.input_range import (
    CAFFE,
    LEVELS,
    SYMMETRIC,
    TORCH,
    UNIT,
    InputRange,
    plain_range,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class Decoder(StrEnum):
    """What turns the file into a picture, uint8 RGB (height, width, 3)."""

    PILLOW = "pillow"
    TF_JPEG = "tf_jpeg"
    TF_JPEG_ACCURATE = "tf_jpeg_accurate"
    TF_IMAGE = "tf_image"
    REFERENCE = "reference"


class Alpha(StrEnum):
    """What becomes of transparency. `DROP` is what Pillow, Keras and TensorFlow publish."""

    DROP = "drop"
    WHITE = "white"
    BLACK = "black"
    GREY = "grey"


class Orientation(StrEnum):
    """Whether the EXIF orientation is applied. `AS_STORED` is what is published."""

    AS_STORED = "as_stored"
    EXIF = "exif"


class CropKind(StrEnum):
    """Which part of the picture is used."""

    NONE = "none"
    CENTRAL = "central"
    RANDOM_BOX = "random_box"


class ResizeLibrary(StrEnum):
    """Who resizes.

    `TF1` is ``tf.compat.v1.image.resize_images``, which samples at pixel corners rather than at
    pixel centres; slim and Hub's retrain.py were published with it.
    """

    PILLOW = "pillow"
    TF = "tf"
    TF1 = "tf1"


class ResizeMethod(StrEnum):
    """Interpolation, by the names that Pillow and ``tf.image.ResizeMethod`` share."""

    NEAREST = "nearest"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    AREA = "area"
    BOX = "box"
    HAMMING = "hamming"
    LANCZOS = "lanczos"
    LANCZOS3 = "lanczos3"
    LANCZOS5 = "lanczos5"
    GAUSSIAN = "gaussian"
    MITCHELLCUBIC = "mitchellcubic"
    RANDOM = "random"


RESIZE_METHODS: dict[ResizeLibrary, tuple[ResizeMethod, ...]] = {
    ResizeLibrary.PILLOW: (
        ResizeMethod.NEAREST,
        ResizeMethod.BILINEAR,
        ResizeMethod.BICUBIC,
        ResizeMethod.BOX,
        ResizeMethod.HAMMING,
        ResizeMethod.LANCZOS,
    ),
    ResizeLibrary.TF: (
        ResizeMethod.NEAREST,
        ResizeMethod.BILINEAR,
        ResizeMethod.BICUBIC,
        ResizeMethod.AREA,
        ResizeMethod.LANCZOS3,
        ResizeMethod.LANCZOS5,
        ResizeMethod.GAUSSIAN,
        ResizeMethod.MITCHELLCUBIC,
    ),
    ResizeLibrary.TF1: (
        ResizeMethod.BILINEAR,
        ResizeMethod.NEAREST,
        ResizeMethod.BICUBIC,
        ResizeMethod.AREA,
    ),
}
"""The methods that each library has."""


class Aspect(StrEnum):
    """What happens where picture and model input have different proportions."""

    STRETCH = "stretch"
    PAD = "pad"
    FILL = "fill"


class ScaleRule(StrEnum):
    """How uint8 levels become the numbers that the network receives.

    `KERAS`, `CAFFE` and `TORCH` are Keras' ``preprocess_input`` in its modes "tf", "caffe" (which
    exchanges red and blue too) and "torch".
    """

    KERAS = "keras"
    UNIT = "unit"
    SYMMETRIC = "symmetric"
    RAW = "raw"
    CAFFE = "caffe"
    TORCH = "torch"
    HALF = "half"
    KERAS_TWICE = "keras_twice"
    UNIT_TWICE = "unit_twice"
    SYMMETRIC_TWICE = "symmetric_twice"
    CAFFE_TWICE = "caffe_twice"
    TORCH_TWICE = "torch_twice"


class ChannelOrder(StrEnum):
    """Order of the colour channels; `BGR` stands for red and blue exchanged after the scaling."""

    RGB = "rgb"
    BGR = "bgr"


class AugmentKind(StrEnum):
    """Random changes of training-time preprocessing, seeded."""

    NONE = "none"
    SLIM = "slim"
    SLIM_FAST = "slim_fast"
    RETRAIN = "retrain"


@dataclass(frozen=True, slots=True)
class Decode:
    """The decode stage."""

    decoder: Decoder = Decoder.PILLOW
    alpha: Alpha = Alpha.DROP


@dataclass(frozen=True, slots=True)
class Crop:
    """The crop stage; `fraction` (0 to 1, per side) belongs to the central crop."""

    kind: CropKind = CropKind.NONE
    fraction: float = 0.875


@dataclass(frozen=True, slots=True)
class Resize:
    """The resize stage; `antialias` is for TensorFlow: Pillow always does it, nearest aside."""

    library: ResizeLibrary = ResizeLibrary.PILLOW
    method: ResizeMethod = ResizeMethod.NEAREST
    antialias: bool = False
    aspect: Aspect = Aspect.STRETCH

    @property
    def antialiases(self) -> bool:
        """Tell whether large pictures are smoothed before they are sampled."""
        if self.library is ResizeLibrary.PILLOW:
            return self.method is not ResizeMethod.NEAREST
        return self.library is ResizeLibrary.TF and self.antialias


@dataclass(frozen=True, slots=True)
class Augment:
    """The augment stage.

    `flip`, `scale_percent`, `crop_percent` and `brightness_percent` belong to ``retrain`` (all off
    by default, as in Hub's retrain.py); slim's rules have their own fixed figures.
    """

    kind: AugmentKind = AugmentKind.NONE
    seed: int = 0
    flip: bool = False
    scale_percent: int = 0
    crop_percent: int = 0
    brightness_percent: int = 0


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """All stages from file to model input."""

    decode: Decode = field(default_factory=Decode)
    orient: Orientation = Orientation.AS_STORED
    crop: Crop = field(default_factory=Crop)
    resize: Resize = field(default_factory=Resize)
    augment: Augment = field(default_factory=Augment)
    scale: ScaleRule = ScaleRule.KERAS
    channel_order: ChannelOrder = ChannelOrder.RGB

    @property
    def converts_first(self) -> bool:
        """Tell whether levels become [0, 1] before crop and resize (see the module's text)."""
        tensorflow = self.resize.library is not ResizeLibrary.PILLOW
        return tensorflow and self.scale in {ScaleRule.UNIT, ScaleRule.SYMMETRIC}

    @property
    def output_range(self) -> InputRange:
        """Give what the scaling makes of levels 0 and 255."""
        return OUTPUT_RANGE[self.scale]

    def to_json(self) -> dict[str, Any]:
        """Give the stages as plain JSON objects, in the order they are done."""
        return {name: _plain(value) for name, value in self.stages()}

    def stages(self) -> Iterator[tuple[str, Any]]:
        """Yield each stage's name and value, in the order they are done."""
        for name in STAGES:
            yield name, getattr(self, name)


STAGES = ("decode", "orient", "crop", "resize", "augment", "scale", "channel_order")
"""Names of the stages, in the order they are done (see the module's text for the one exception)."""

OUTPUT_RANGE: dict[ScaleRule, InputRange] = {
    ScaleRule.KERAS: SYMMETRIC,
    ScaleRule.UNIT: UNIT,
    ScaleRule.SYMMETRIC: SYMMETRIC,
    ScaleRule.RAW: LEVELS,
    ScaleRule.CAFFE: CAFFE,
    ScaleRule.TORCH: TORCH,
    ScaleRule.HALF: plain_range(0.0, 255.0 / 128.0),
    ScaleRule.KERAS_TWICE: SYMMETRIC.applied_twice(),
    ScaleRule.UNIT_TWICE: UNIT.applied_twice(),
    ScaleRule.SYMMETRIC_TWICE: SYMMETRIC.applied_twice(),
    ScaleRule.CAFFE_TWICE: CAFFE.applied_twice(),
    ScaleRule.TORCH_TWICE: TORCH.applied_twice(),
}
"""What levels 0 and 255 become under each rule."""


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return str(value)
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    return value
