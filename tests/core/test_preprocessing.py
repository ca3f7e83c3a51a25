from __future__ import annotations

import json
from dataclasses import replace

import pytest

from inspector.core.modes import HUB, IDENTICAL, KERAS, MODES, resolve_mode
from inspector.core.preprocessing import (
    RESIZE_METHODS,
    STAGES,
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
    Preprocessing,
    Resize,
    ResizeLibrary,
    ResizeMethod,
    ScaleRule,
)
from inspector.core.wording import STAGE_TITLES, describe, describe_stage, word
from tests.support.results import LEFT, RIGHT

ENUMS = (
    *(Decoder, Alpha, Orientation, CropKind, ResizeLibrary, Aspect, ScaleRule),
    *(ChannelOrder, AugmentKind),
)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
def test_stages_as_json(mode: object) -> None:
    stages = resolve_mode(mode.id, LEFT, RIGHT)  # type: ignore[attr-defined]
    table = json.loads(json.dumps(stages.to_json()))
    assert tuple(table) == STAGES
    assert table["decode"]["decoder"] == str(stages.decode.decoder)
    assert table["resize"]["antialias"] is stages.resize.antialias
    assert table["scale"] == str(stages.scale)


@pytest.mark.parametrize(
    ("library", "scale", "first"),
    [
        (ResizeLibrary.TF, ScaleRule.UNIT, True),
        (ResizeLibrary.TF1, ScaleRule.SYMMETRIC, True),
        (ResizeLibrary.TF, ScaleRule.KERAS, False),
        (ResizeLibrary.TF, ScaleRule.UNIT_TWICE, False),
        (ResizeLibrary.PILLOW, ScaleRule.UNIT, False),
    ],
)
def test_where_the_conversion_to_unit_levels_comes(
    library: ResizeLibrary, scale: ScaleRule, first: bool
) -> None:
    stages = Preprocessing(resize=Resize(library), scale=scale)
    assert stages.converts_first is first


def test_antialiasing() -> None:
    assert not Resize(ResizeLibrary.PILLOW, ResizeMethod.NEAREST, antialias=True).antialiases
    assert Resize(ResizeLibrary.PILLOW, ResizeMethod.BILINEAR).antialiases
    assert not Resize(ResizeLibrary.TF, ResizeMethod.BILINEAR).antialiases
    assert Resize(ResizeLibrary.TF, ResizeMethod.BILINEAR, antialias=True).antialiases
    assert not Resize(ResizeLibrary.TF1, ResizeMethod.BILINEAR, antialias=True).antialiases


def test_every_library_has_its_methods_and_no_random_one() -> None:
    assert set(RESIZE_METHODS) == set(ResizeLibrary)
    for methods in RESIZE_METHODS.values():
        assert len(set(methods)) == len(methods)
        assert ResizeMethod.RANDOM not in methods


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: kind.__name__)
def test_every_choice_has_a_word_of_its_own(kind: type) -> None:
    words = [word(value) for value in kind]  # type: ignore[var-annotated]
    assert len(set(words)) == len(words)
    assert not any("_" in text for text in words if not text.startswith("tf."))


def test_stages_in_words() -> None:
    assert set(STAGE_TITLES) == set(STAGES)
    assert describe(KERAS) == "Pillow → Pillow nearest → x/127.5 - 1"
    assert describe(HUB) == "tf.image.decode_jpeg → tf.image.resize bilinear → x/255"
    assert "antialiased" in describe(IDENTICAL)
    assert "alpha on white" in describe(IDENTICAL)
    assert describe_stage("crop", Crop(CropKind.CENTRAL, 0.875)) == "central 0.875 per side"
    assert describe_stage("crop", Crop(CropKind.RANDOM_BOX)) == "random box"
    assert describe_stage("augment", Augment(AugmentKind.SLIM, seed=7)).endswith("seed 7")
    assert describe_stage("augment", Augment()) == "none"
    assert describe_stage("decode", Decode()) == "Pillow"
    assert "padded" in describe_stage("resize", Resize(aspect=Aspect.PAD))
    assert describe_stage("channel_order", ChannelOrder.BGR) == "BGR"


def test_a_changed_stage_shows_in_the_line() -> None:
    line = describe(replace(KERAS, orient=Orientation.EXIF, channel_order=ChannelOrder.BGR))
    assert "EXIF orientation applied" in line
    assert line.endswith("BGR")
