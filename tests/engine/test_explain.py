"""Explanations of real comparisons, mostly on the pair with real ImageNet weights."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from inspector.core.causes.closing import applied
from inspector.core.findings import Level
from inspector.core.input_range import SYMMETRIC, UNIT
from inspector.core.pairs import PairSpec, Side
from inspector.core.picture import PictureSource
from inspector.core.scores import OutputSwitches
from inspector.core.sources import Source, SourceKind
from inspector.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.causes.explanation import Explanation
    from inspector.engine.engine import Engine

WRONG_MODES = {
    "other_range": "input_range",
    "raw_0_255": "input_range",
    "half_range": "input_range",
    "scaled_twice": "input_range",
    "bgr": "channel_order",
}
SWITCHES = {
    "softmax_twice": (Side.LEFT, OutputSwitches(softmax=True)),
    "logits_as_probabilities": (Side.RIGHT, OutputSwitches(softmax=False)),
    "background_class": (Side.RIGHT, OutputSwitches(drop_background=False)),
}
SAMPLED = slice(None, None, 15)
"""Every fifteenth of the 59 photos for the many wrong modes; the first two tests take them all."""


def explain(engine: Engine, session: Session, picture: Path) -> Explanation:
    session.set_picture(PictureSource.from_path(picture))
    request = session.request()
    assert request is not None
    return engine.explain(request)


@pytest.fixture(scope="session")
def photos(data: Path) -> list[Path]:
    found = sorted((data / "photos" / "imagenet").glob("*.JPEG"))
    assert len(found) == 59
    return found


def test_own_modes_differ_by_the_preprocessing(
    engine: Engine, imagenet: PairSpec, photos: list[Path]
) -> None:
    session = Session(imagenet)
    causes: Counter[str] = Counter()
    for photo in photos:
        found = explain(engine, session, photo)
        assert found.verdict.code == "preprocessing"
        total = found.result.comparison.max_abs_difference
        assert sum(share.value for share in found.attribution.shares) == pytest.approx(
            total, abs=1e-6
        )
        weights = next(s for s in found.attribution.shares if s.stage == "weights")
        assert abs(weights.value) < 1e-5
        assert found.cross_feed.by_model < 1e-5 < found.cross_feed.by_input
        assert found.findings[0].level <= Level.WARNING
        assert found.attribution.largest is not None
        causes[found.attribution.largest.stage] += 1
    assert causes["resize"] >= 50
    assert set(causes) <= {"resize", "decode"}


def test_identical_pixels_raise_no_false_alarm(
    engine: Engine, imagenet: PairSpec, photos: list[Path]
) -> None:
    session = Session(imagenet)
    session.set_pair_mode("identical")
    for photo in photos:
        found = explain(engine, session, photo)
        assert found.verdict.code in {"float_noise", "identical"}
        assert all(finding.level is Level.NOTE for finding in found.findings)
        assert found.proposals == ()


@pytest.mark.parametrize("sides", [(Side.LEFT,), (Side.RIGHT,), (Side.LEFT, Side.RIGHT)])
@pytest.mark.parametrize("mode", WRONG_MODES)
def test_a_wrong_mode_is_found_first_and_mended_first(
    engine: Engine, imagenet: PairSpec, photos: list[Path], mode: str, sides: tuple[Side, ...]
) -> None:
    session = Session(imagenet)
    for side in sides:
        session.set_mode(side, mode)
    for photo in photos[SAMPLED]:
        found = explain(engine, session, photo)
        assert found.findings[0].code == WRONG_MODES[mode]
        assert found.findings[0].level is Level.ERROR
        mend = found.proposals[0]
        assert {change.side for change in mend.changes} == set(sides)
        assert {change.reason for change in mend.changes} == {"declared"}
        assert sum(share.value for share in found.attribution.shares) == pytest.approx(
            found.result.comparison.max_abs_difference, abs=1e-6
        )


@pytest.mark.parametrize("code", SWITCHES)
def test_an_output_switch_is_found_first(
    engine: Engine, imagenet: PairSpec, photos: list[Path], code: str
) -> None:
    session = Session(imagenet)
    session.set_output(*SWITCHES[code])
    for photo in photos[SAMPLED]:
        found = explain(engine, session, photo)
        assert found.findings[0].code == code
        assert found.verdict.code in {"output_convention", "label_shift"}
        assert [change.stage for change in found.proposals[0].changes] == ["output"]


def test_applying_the_first_proposal_gives_what_it_promised(
    engine: Engine, imagenet: PairSpec, photos: list[Path]
) -> None:
    session = Session(imagenet)
    session.set_mode(Side.LEFT, "other_range")
    session.set_output(Side.RIGHT, OutputSwitches(softmax=False))
    found = explain(engine, session, photos[3])
    for proposal in found.proposals:
        for side, form in ((Side.LEFT, proposal.left), (Side.RIGHT, proposal.right)):
            settings = applied(form, session.settings(side), imagenet.release(side))
            session.set_preprocessing(side, settings.preprocessing)
            session.set_output(side, settings.output)
        request = session.request()
        assert request is not None
        again = engine.compare(request).comparison.max_abs_difference
        assert again == pytest.approx(proposal.remaining, abs=5e-6)
        session.undo()
        session.undo()


def test_the_ends_of_the_attribution_are_the_comparison_itself(
    engine: Engine, imagenet: PairSpec, photos: list[Path]
) -> None:
    found = explain(engine, Session(imagenet), photos[0])
    comparison = found.result.comparison
    assert found.attribution.total == comparison.max_abs_difference
    runs = {frozenset(run.stages): run for run in found.attribution.runs}
    assert len(runs) == 8
    # Left's pixels through the right model, and the other way round, are the cross-feed's cells.
    crossed = runs[frozenset({"weights"})]
    cell = next(c for c in found.cross_feed.cells if c.key == "left/right")
    assert crossed.probability == pytest.approx(cell.probability, abs=1e-6)
    assert np.isclose(crossed.from_left, cell.distances["left/left"], atol=1e-6)


def test_noise_is_measured_in_three_ways(engine: Engine, tiny: PairSpec, photo: Path) -> None:
    found = explain(engine, Session(tiny), photo)
    measured = {(row.side, row.what): row.max_abs_difference for row in found.noise}
    assert set(measured) == {
        (side, what) for side in Side for what in ("run_again", "batch", "frozen")
    }
    assert all(gap is not None and gap < 1e-4 for gap in measured.values())


def test_a_range_declared_wrong_is_found(engine: Engine, starter: PairSpec, photo: Path) -> None:
    wrong = replace(starter, id="wrong", right=replace(starter.right, range=SYMMETRIC))
    session = Session(wrong)
    session.set_pair_mode("identical")
    found = explain(engine, session, photo)
    assert [f.code for f in found.findings if f.level is Level.ERROR] == ["input_range"]
    assert "[0, 1]" in found.findings[0].mend
    assert found.verdict.code == "preprocessing"
    assert found.proposals[0].closes
    settings = applied(found.proposals[0].right, session.settings(Side.RIGHT), wrong.right)
    assert settings.preprocessing.output_range == UNIT


def test_the_pair_is_studied_once(engine: Engine, tiny: PairSpec, photo: Path) -> None:
    first = explain(engine, Session(tiny), photo)
    second = explain(engine, Session(tiny), photo)
    assert second.noise is first.noise


def perturbed(spec: PairSpec, folder: Path, layer: str) -> PairSpec:
    """Give the pair with one tensor of its left release multiplied by 1.01."""
    import keras

    source = spec.left.source
    if source.kind is SourceKind.KERAS_FILE:
        model = keras.models.load_model(source.target, compile=False)
    else:
        model = keras.applications.MobileNetV2(
            alpha=0.35, input_shape=(96, 96, 3), weights=source.option("weights")
        )
    model.get_layer(layer).weights[0].assign(model.get_layer(layer).weights[0] * 1.01)
    model.save(folder / "perturbed.keras")
    changed = Source(SourceKind.KERAS_FILE, str(folder / "perturbed.keras"))
    return replace(spec, id="perturbed", left=replace(spec.left, source=changed))


@pytest.mark.parametrize(
    ("name", "layer"),
    [("imagenet", "block_5_expand"), ("starter", "block_3_project")],
)
def test_one_perturbed_tensor_is_named(
    engine: Engine,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    photo: Path,
    name: str,
    layer: str,
) -> None:
    pair = perturbed(request.getfixturevalue(name), tmp_path, layer)
    session = Session(pair)
    session.set_pair_mode("identical")
    found = explain(engine, session, photo)
    assert found.verdict.code == "different_weights"
    assert layer in found.verdict.text
    assert found.result.verdict.code == "different_weights"
    assert [f.code for f in found.findings if f.level >= Level.WARNING] == ["different_weights"]
    largest = found.attribution.largest
    assert largest is not None
    assert largest.stage == "weights"


def test_weights_from_int8_are_noted(engine: Engine, imagenet: PairSpec, photo: Path) -> None:
    session = Session(imagenet)
    session.set_pair_mode("identical")
    found = explain(engine, session, photo)
    assert {f.code for f in found.findings} == {"quantised_weights"}
    assert found.audit is not None
    assert found.audit.same_checkpoint
