"""Explanations of pairs with a side in Keras' "caffe" or "torch" convention.

Each model is the twin of one in [-1, 1]: a 1 × 1 convolution undoes the convention first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest

from inspector.core.causes.closing import Change, applied
from inspector.core.findings import Level
from inspector.core.input_range import CAFFE, SYMMETRIC, TORCH, UNIT, InputRange
from inspector.core.pairs import PairSpec, Side
from inspector.core.picture import PictureSource
from inspector.core.preprocessing import ScaleRule
from inspector.session import Session
from tests.support.models import HubStyle, hub_spec, keras_model, keras_spec, pair_of, saved_model

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.causes.explanation import Explanation
    from inspector.engine.engine import Engine

SIZE = 24
SHARPNESS = 6.0
"""Enlarges the classifier's weights, so that the small model is sensitive to its input."""


def undoing(declared: InputRange) -> tuple[np.ndarray, np.ndarray]:
    """Give kernel and bias of the convolution that turns a range's numbers into [-1, 1] RGB."""
    offset = SYMMETRIC.from_unit(declared.to_unit(np.zeros((1, 3), np.float32)))[0]
    columns = SYMMETRIC.from_unit(declared.to_unit(np.eye(3, dtype=np.float32)))
    return (columns - offset)[None, None], offset


def twins(folder: Path, declared: InputRange) -> PairSpec:
    """Save a model that wants `declared` on the left, and its twin in [0, 1] on the right."""
    base = keras_model(size=SIZE, seed=4, activation=None)
    classes = base.get_layer("classes")
    classes.set_weights([weight * SHARPNESS for weight in classes.get_weights()])
    inputs = keras.Input((SIZE, SIZE, 3))
    undo = keras.layers.Conv2D(3, 1, name="undo")
    model = keras.Model(inputs, keras.layers.Softmax()(base(undo(inputs))))
    undo.set_weights(list(undoing(declared)))
    model.save(folder / "left.keras")
    saved_model(folder, HubStyle(base))
    left = keras_spec(folder / "left.keras", range=declared)
    return pair_of(left, hub_spec(folder / "hub"))


@pytest.fixture(scope="module", params=[CAFFE, TORCH], ids=["caffe", "torch"])
def declared(request: pytest.FixtureRequest) -> InputRange:
    known: InputRange = request.param
    return known


@pytest.fixture(scope="module")
def pair(declared: InputRange, tmp_path_factory: pytest.TempPathFactory) -> PairSpec:
    return replace(twins(tmp_path_factory.mktemp(declared.name), declared), id=declared.name)


def explained(engine: Engine, session: Session, photo: Path) -> Explanation:
    session.set_picture(PictureSource.from_path(photo))
    request = session.request()
    assert request is not None
    return engine.explain(request)


def identical(pair: PairSpec, side: Side | None = None, **stages: Any) -> Session:
    """Give both sides the same pixels; change stages of one side."""
    session = Session(pair)
    session.set_pair_mode("identical")
    if side is not None:
        now = session.settings(side).preprocessing
        session.set_preprocessing(side, replace(now, **stages))
    return session


def test_the_twins_agree_on_the_same_pixels(engine: Engine, pair: PairSpec, photo: Path) -> None:
    found = explained(engine, identical(pair), photo)
    assert found.verdict.agrees
    assert not {"input_range", "channel_order"} & {finding.code for finding in found.findings}
    own = explained(engine, Session(pair), photo)
    assert own.verdict.code == "preprocessing"
    assert own.attribution.largest is not None
    assert own.attribution.largest.stage in {"resize", "decode"}
    assert own.cross_feed.by_model < 1e-4 < own.cross_feed.by_input


def test_numbers_in_another_range_are_found(engine: Engine, pair: PairSpec, photo: Path) -> None:
    session = identical(pair, Side.LEFT, scale=ScaleRule.KERAS)
    found = explained(engine, session, photo)
    assert found.findings[0].code == "input_range"
    assert pair.left.range.text in found.findings[0].mend
    assert [finding.code for finding in found.findings if finding.level is Level.ERROR] == [
        "input_range"
    ]
    assert found.attribution.largest is not None
    assert found.attribution.largest.stage == "scale"
    mend = found.proposals[0]
    assert mend.changes == (Change(Side.LEFT, "scale", "declared"),)
    assert mend.closes
    settings = applied(mend.left, session.settings(Side.LEFT), pair.left)
    assert settings.preprocessing.output_range == pair.left.range
    assert settings.mode == "identical"


def test_channels_in_the_wrong_order_are_found(engine: Engine, pair: PairSpec, photo: Path) -> None:
    session = Session(pair)
    session.set_mode(Side.LEFT, "bgr")
    found = explained(engine, session, photo)
    first = found.findings[0]
    assert first.code == "channel_order"
    assert first.title.endswith("given RGB" if pair.left.range.bgr else "given BGR")
    mend = found.proposals[0]
    assert mend.changes == (Change(Side.LEFT, "channel_order", "declared"),)
    restored = applied(mend.left, session.settings(Side.LEFT), pair.left)
    assert restored.preprocessing == Session(pair).settings(Side.LEFT).preprocessing


def test_swapped_preprocessing_is_found_on_both_sides(
    engine: Engine, pair: PairSpec, photo: Path
) -> None:
    session = Session(pair)
    session.set_pair_mode("swapped")
    found = explained(engine, session, photo)
    assert [(f.code, f.side) for f in found.findings[:2]] == [
        ("input_range", "left"),
        ("input_range", "right"),
    ]
    assert {(change.side, change.stage) for change in found.proposals[0].changes} == {
        (Side.LEFT, "scale"),
        (Side.RIGHT, "scale"),
    }


def test_a_range_declared_wrong_is_found(engine: Engine, pair: PairSpec, photo: Path) -> None:
    wanted = pair.left.range
    wrong = replace(pair, id=f"{pair.id}_wrong", left=replace(pair.left, range=SYMMETRIC))
    session = identical(wrong)
    found = explained(engine, session, photo)
    assert [f.code for f in found.findings if f.level is Level.ERROR] == ["input_range"]
    assert f"range = {wanted.text}" in found.findings[0].mend
    assert found.verdict.code == "preprocessing"
    assert wanted.text in found.verdict.text
    assert found.proposals[0].closes
    settings = applied(found.proposals[0].left, session.settings(Side.LEFT), wrong.left)
    assert settings.preprocessing.output_range == wanted


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> PairSpec:
    """Give one network twice, both in [-1, 1]; the right one takes BGR."""
    folder = tmp_path_factory.mktemp("copies")
    made = keras_model(size=SIZE, seed=4)
    classes = made.get_layer("classes")
    classes.set_weights([weight * SHARPNESS for weight in classes.get_weights()])
    made.save(folder / "rgb.keras")
    first = made.get_layer("convolution")
    kernel, bias = first.get_weights()
    first.set_weights([kernel[:, :, ::-1], bias])
    made.save(folder / "bgr.keras")
    return pair_of(keras_spec(folder / "rgb.keras"), keras_spec(folder / "bgr.keras"))


@pytest.mark.parametrize("turned", [False, True], ids=["bgr_right", "bgr_left"])
def test_of_two_copies_neither_is_said_to_take_bgr(
    engine: Engine, copies: PairSpec, photo: Path, turned: bool
) -> None:
    sides = (copies.right, copies.left) if turned else (copies.left, copies.right)
    pair = replace(copies, id=f"bgr_{turned}", left=sides[0], right=sides[1])
    found = explained(engine, identical(pair), photo)
    (error,) = (each for each in found.findings if each.level is Level.ERROR)
    assert (error.code, error.side) == ("channel_order", "")
    assert error.title == "One of the two models takes BGR"


@pytest.mark.parametrize("side", Side)
def test_of_two_copies_neither_is_said_to_want_another_range(
    engine: Engine, copies: PairSpec, photo: Path, side: Side
) -> None:
    one = copies.left
    specs = {side: replace(one, range=UNIT), side.other: one}
    pair = replace(copies, id=f"range_{side}", left=specs[Side.LEFT], right=specs[Side.RIGHT])
    found = explained(engine, identical(pair), photo)
    (error,) = (each for each in found.findings if each.level is Level.ERROR)
    assert (error.code, error.side) == ("input_range", "")
    given = {side: "[-1, 1]", side.other: "[0, 1]"}
    assert f"range = {given[Side.LEFT]} in the left entry" in error.mend
    assert f"range = {given[Side.RIGHT]} in the right one" in error.mend
    assert found.verdict.code == "preprocessing"
    assert "a wrong input range for one of the two models" in found.verdict.text
