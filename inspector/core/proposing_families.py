"""Known networks: what their layers are called, and the range that their first layer receives.

To add one, write a row in `FAMILIES`. The names are those of Keras' applications and of slim; both
outlive an export. Networks that scale their input inside are told by that instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.input_range import CAFFE, LEVELS, SYMMETRIC, TORCH, InputRange
from inspector.core.proposing_range import Family

if TYPE_CHECKING:
    from collections.abc import Iterable

FAMILIES: tuple[Family, ...] = (
    Family("MobileNetV2", ("expanded_conv_depthwise", "block_1_expand"), SYMMETRIC),
    Family("MobileNetV2", ("MobilenetV2/expanded_conv",), SYMMETRIC),
    Family("MobileNetV2", ("MobileNetV2/expanded_conv",), SYMMETRIC),
    Family("MobileNet", ("conv_dw_1", "conv_pw_1"), SYMMETRIC),
    Family("InceptionV3", ("InceptionV3/Mixed_5b",), SYMMETRIC),
    Family("InceptionV3", ("mixed0", "mixed10"), SYMMETRIC),
    Family("InceptionResNetV2", ("mixed_5b", "conv_7b"), SYMMETRIC),
    Family("Xception", ("block2_sepconv1", "block14_sepconv1"), SYMMETRIC),
    Family("NASNet", ("stem_bn1", "normal_concat_"), SYMMETRIC),
    Family("ResNetV2", ("conv2_block1_preact_bn", "conv2_block1_1_conv"), SYMMETRIC),
    Family("DenseNet", ("conv2_block1_0_bn", "pool2_conv"), TORCH),
    Family("ResNet", ("conv1_conv", "conv2_block1_1_conv"), CAFFE),
    Family("VGG", ("block1_conv1", "block5_conv3"), CAFFE),
)
"""The first row counts whose marks are all found in the names of a graph."""

_DOCUMENTED: tuple[tuple[str, InputRange], ...] = (
    ("MobileNetV3", LEVELS),
    ("EfficientNet", LEVELS),
    ("ConvNeXt", LEVELS),
    ("RegNet", LEVELS),
    ("DenseNet", TORCH),
    ("VGG", CAFFE),
    ("MobileNet", SYMMETRIC),
    ("Inception", SYMMETRIC),
    ("Xception", SYMMETRIC),
    ("NASNet", SYMMETRIC),
)


def family_of(names: Iterable[str]) -> Family | None:
    """Give the known network that a graph's operations are named after, or None."""
    text = "\n".join(names)
    return next((each for each in FAMILIES if all(mark in text for mark in each.marks)), None)


def documented_range(application: str) -> InputRange | None:
    """Give the range that Keras documents for one of its applications, or None."""
    if application.startswith("ResNet"):
        return SYMMETRIC if application.endswith("V2") else CAFFE
    return next((wanted for name, wanted in _DOCUMENTED if application.startswith(name)), None)
