"""The named preprocessing modes: one table row each.

To add a mode, write a row in `MODES`. A mode that carries a published name must give, bit for bit,
what the published snippet gives; ``tests/engine/test_modes.py`` runs the real library calls beside
it. Modes marked `wrong` are mistakes made on purpose, so that a bug is known by its fingerprint.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from inspector.core.errors import UsageError
from inspector.core.input_range import CAFFE, LEVELS, SYMMETRIC, TORCH, UNIT, InputRange
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
    Preprocessing,
    Resize,
    ResizeLibrary,
    ResizeMethod,
    ScaleRule,
)
from inspector.core.sources import nearest_hint

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.pairs import PairSpec, ReleaseSpec

_TF_BILINEAR = Resize(ResizeLibrary.TF, ResizeMethod.BILINEAR)
_TF_JPEG = Decode(Decoder.TF_JPEG)

KERAS = Preprocessing()
KERAS_DATASET = Preprocessing(decode=Decode(Decoder.TF_IMAGE), resize=_TF_BILINEAR)
HUB = Preprocessing(decode=_TF_JPEG, resize=_TF_BILINEAR, scale=ScaleRule.UNIT)
_TF1_BILINEAR = Resize(ResizeLibrary.TF1, ResizeMethod.BILINEAR)
SLIM_EVAL = Preprocessing(
    decode=_TF_JPEG,
    crop=Crop(CropKind.CENTRAL, 0.875),
    resize=_TF1_BILINEAR,
    scale=ScaleRule.SYMMETRIC,
)
SLIM_TRAIN = replace(
    SLIM_EVAL,
    crop=Crop(CropKind.RANDOM_BOX),
    resize=Resize(ResizeLibrary.TF1, ResizeMethod.RANDOM),
    augment=Augment(AugmentKind.SLIM),
)
RETRAIN = replace(HUB, resize=_TF1_BILINEAR, augment=Augment(AugmentKind.RETRAIN))
RESIZE_WITH_PAD = replace(
    HUB, resize=Resize(ResizeLibrary.TF, ResizeMethod.BILINEAR, aspect=Aspect.PAD)
)
IDENTICAL = Preprocessing(
    decode=Decode(Decoder.REFERENCE, Alpha.WHITE),
    resize=Resize(ResizeLibrary.PILLOW, ResizeMethod.BILINEAR),
)

_SCALE_OF_RANGE: dict[InputRange, ScaleRule] = {
    SYMMETRIC: ScaleRule.KERAS,
    UNIT: ScaleRule.UNIT,
    LEVELS: ScaleRule.RAW,
    CAFFE: ScaleRule.CAFFE,
    TORCH: ScaleRule.TORCH,
}

_TWICE: dict[ScaleRule, ScaleRule] = {
    ScaleRule.KERAS: ScaleRule.KERAS_TWICE,
    ScaleRule.UNIT: ScaleRule.UNIT_TWICE,
    ScaleRule.SYMMETRIC: ScaleRule.SYMMETRIC_TWICE,
    ScaleRule.RAW: ScaleRule.RAW,
    ScaleRule.CAFFE: ScaleRule.CAFFE_TWICE,
    ScaleRule.TORCH: ScaleRule.TORCH_TWICE,
}

_KERAS_MODES = frozenset({"keras", "keras_dataset"})
"""Modes that scale with the ``preprocess_input`` of a Keras application."""


@dataclass(frozen=True, slots=True)
class Mode:
    """A named preprocessing.

    Attributes
    ----------
    id
        Name in pair files, on the command line and in reports.
    title
        Short name for menus.
    summary
        One line that says what it does and where it is published.
    make
        Gives the stages for one side, from its release and the one on the other side.
    wrong
        Whether it is a mistake made on purpose.
    seeded
        Whether it draws random numbers from a seed.
    """

    id: str
    title: str
    summary: str
    make: Callable[[ReleaseSpec, ReleaseSpec], Preprocessing]
    wrong: bool = False
    seeded: bool = False


def scale_for_range(declared: InputRange) -> ScaleRule:
    """Give the rule that turns levels 0 to 255 into a declared input range."""
    return _SCALE_OF_RANGE[declared]


def own_stages(release: ReleaseSpec) -> Preprocessing:
    """Give the preprocessing that a release declares, whatever is on the other side."""
    return find_mode(release.mode).make(release, release)


def _keras_scale(release: ReleaseSpec, other: ReleaseSpec) -> ScaleRule:
    """Give the rule of a release's own ``preprocess_input``.

    A release in [0, 1] that is none of Keras' has none; it is given the one that belongs to the
    other side's, or MobileNetV2's.
    """
    if release.mode in _KERAS_MODES or release.range != UNIT:
        return scale_for_range(release.range)
    return scale_for_range(other.range) if other.range != UNIT else ScaleRule.KERAS


def _scaled_twice(stages: Preprocessing) -> Preprocessing:
    return replace(stages, scale=_TWICE[stages.scale])


def _other_scale(release: ReleaseSpec, other: ReleaseSpec) -> ScaleRule:
    if other.range != release.range:
        return scale_for_range(other.range)
    return ScaleRule.UNIT if release.range != UNIT else ScaleRule.KERAS


MODES: tuple[Mode, ...] = (
    Mode(
        "keras",
        "Keras",
        "keras.utils.load_img (Pillow, nearest) and the release's own preprocess_input",
        lambda own, other: replace(KERAS, scale=_keras_scale(own, other)),
    ),
    Mode(
        "keras_dataset",
        "Keras dataset",
        "keras.utils.image_dataset_from_directory (bilinear) and the own preprocess_input",
        lambda own, other: replace(KERAS_DATASET, scale=_keras_scale(own, other)),
    ),
    Mode(
        "hub",
        "TF Hub",
        "decode_jpeg, convert_image_dtype to [0, 1], tf.image.resize bilinear without antialias",
        lambda own, other: HUB,
    ),
    Mode(
        "slim_eval",
        "Slim evaluation",
        "slim's inception_preprocessing for evaluation: central crop 0.875, bilinear, [-1, 1]",
        lambda own, other: SLIM_EVAL,
    ),
    Mode(
        "slim_train",
        "Slim training",
        "slim's inception_preprocessing for training: random box, flip, colour distortion; seeded",
        lambda own, other: SLIM_TRAIN,
        seeded=True,
    ),
    Mode(
        "retrain",
        "Hub retrain",
        "Hub's retrain.py: decode_jpeg, [0, 1], bilinear; optional flip, crop, scale, brightness",
        lambda own, other: RETRAIN,
        seeded=True,
    ),
    Mode(
        "resize_with_pad",
        "Resize with pad",
        "the Hub snippet with tf.image.resize_with_pad: proportions kept, black borders",
        lambda own, other: RESIZE_WITH_PAD,
    ),
    Mode(
        "identical",
        "Identical pixels",
        "one decode and one antialiased resize for both sides, each in its own range",
        lambda own, other: replace(IDENTICAL, scale=scale_for_range(own.range)),
    ),
    Mode(
        "other_range",
        "Wrong: other range",
        "a mistake on purpose: own preprocessing, scaled to the other release's range",
        lambda own, other: replace(own_stages(own), scale=_other_scale(own, other)),
        wrong=True,
    ),
    Mode(
        "other_own",
        "Wrong: the other's own",
        "a mistake on purpose: the whole preprocessing that the other release declares",
        lambda own, other: own_stages(other),
        wrong=True,
    ),
    Mode(
        "raw_0_255",
        "Wrong: raw 0 to 255",
        "a mistake on purpose: own preprocessing without any scaling",
        lambda own, other: replace(own_stages(own), scale=ScaleRule.RAW),
        wrong=True,
    ),
    Mode(
        "half_range",
        "Wrong: divided by 128",
        "a mistake on purpose: own preprocessing, x/128 with no offset",
        lambda own, other: replace(own_stages(own), scale=ScaleRule.HALF),
        wrong=True,
    ),
    Mode(
        "scaled_twice",
        "Wrong: scaled twice",
        "a mistake on purpose: own preprocessing with its scaling applied a second time",
        lambda own, other: _scaled_twice(own_stages(own)),
        wrong=True,
    ),
    Mode(
        "bgr",
        "Wrong: BGR",
        "a mistake on purpose: own preprocessing with red and blue exchanged",
        lambda own, other: replace(own_stages(own), channel_order=ChannelOrder.BGR),
        wrong=True,
    ),
)
"""All named modes, in the order of the menus."""

_BY_ID = {mode.id: mode for mode in MODES}
MODE_IDS: tuple[str, ...] = tuple(_BY_ID)
OWN_MODE_IDS: tuple[str, ...] = tuple(mode.id for mode in MODES if not mode.wrong)
"""The modes that a release may declare as its own."""

OWN = "own"
"""Stands for the mode that the side's release declares."""

PAIR_MODES: dict[str, str] = {
    "own": "Own: each side uses its own preprocessing",
    "identical": "Identical: both receive the same pixels",
    "swapped": "Swapped: each side uses the other's preprocessing",
    "both_left": "Both use the left side's preprocessing",
    "both_right": "Both use the right side's preprocessing",
}
"""Modes of the pair: id and title."""


def find_mode(mode_id: str) -> Mode:
    """Give the mode called `mode_id`.

    Raises
    ------
    UsageError
        Where there is none; the message names the nearest.
    """
    try:
        return _BY_ID[mode_id]
    except KeyError:
        raise UsageError(
            f"There is no preprocessing mode {mode_id!r}.",
            nearest_hint(mode_id, MODE_IDS, "mode"),
        ) from None


def resolve_mode(mode_id: str, release: ReleaseSpec, other: ReleaseSpec) -> Preprocessing:
    """Give the stages of a mode for one side of a pair.

    Parameters
    ----------
    mode_id
        A mode's name, or ``own`` for the one that `release` declares.
    release, other
        The side's release, and the one on the other side.
    """
    return own_stages(release) if mode_id == OWN else find_mode(mode_id).make(release, other)


def pair_mode_ids(pair_mode: str, pair: PairSpec) -> tuple[str, str]:
    """Give the left and the right mode of a mode of the pair."""
    left, right = pair.left.mode, pair.right.mode
    table = {
        "own": (left, right),
        "identical": ("identical", "identical"),
        "swapped": (_borrowed(pair.left, pair.right), _borrowed(pair.right, pair.left)),
        "both_left": (left, _borrowed(pair.right, pair.left)),
        "both_right": (_borrowed(pair.left, pair.right), right),
    }
    if pair_mode not in table:
        raise UsageError(
            f"There is no mode of the pair {pair_mode!r}.",
            nearest_hint(pair_mode, tuple(PAIR_MODES), "mode of the pair"),
        )
    return table[pair_mode]


def pair_mode_of(left: str, right: str, pair: PairSpec) -> str | None:
    """Name the mode of the pair that two modes make, the plainest first; None for any other two.

    Parameters
    ----------
    left, right
        The sides' modes; ``own`` stands for what the side's release declares.
    pair
        The two releases.
    """
    modes = tuple(
        release.mode if mode == OWN else mode
        for mode, release in ((left, pair.left), (right, pair.right))
    )
    return next((name for name in PAIR_MODES if pair_mode_ids(name, pair) == modes), None)


def _borrowed(release: ReleaseSpec, other: ReleaseSpec) -> str:
    """Name the mode that does to one side's pictures what the other side's release declares.

    That release's own mode, but where it scales by the release it is used on.
    """
    same = resolve_mode(other.mode, release, other) == own_stages(other)
    return other.mode if same else "other_own"
