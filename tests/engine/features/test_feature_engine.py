"""Pairs that give features, from the models' files to findings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import keras
import numpy as np
import pytest

from inspector.core.errors import ReleaseError
from inspector.core.features.explanation import FeatureExplanation
from inspector.core.features.facts import FeatureCheck
from inspector.core.features.result import FeatureResult
from inspector.core.findings import Level
from inspector.core.pairs import OutputKind, PairSpec, Side
from inspector.core.picture import PictureSource
from inspector.core.preprocessing import ScaleRule
from inspector.core.scores import OutputSwitches
from inspector.core.verdict import VerdictCode
from inspector.engine.engine import Engine
from inspector.engine.features.checks import many_probes
from inspector.engine.messages import Compared
from inspector.session import Session
from tests.support import feature_models as models

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.pairs import ReleaseSpec

IDENTICAL = ("identical", "identical")


class Releases:
    """Every release that a test here needs, each saved once."""

    def __init__(self, folder: Path) -> None:
        model = models.body()
        self.keras = models.save_keras(folder, model, "features")
        self.hub = models.save_hub(folder, model, "hub")
        self.squeezed = models.save_hub(folder, model, "squeezed", shape=(1, 1))
        self.scaled = models.save_hub(folder, model, "scaled", factor=0.5)
        order = np.random.default_rng(0).permutation(models.FEATURES)
        self.order = order
        self.reordered = models.save_hub(folder, model, "reordered", order=order)
        self.other = models.save_keras(folder, models.body(seed=5), "other")
        self.short = models.save_keras(folder, models.body(features=20), "short")
        map_only = keras.Model(model.inputs, model.get_layer("second").output)
        self.map = models.save_keras(folder, map_only, "map")


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    return Releases(tmp_path_factory.mktemp("features"))


@pytest.fixture(scope="module")
def feature_engine() -> Engine:
    return Engine()


@pytest.fixture(scope="module")
def twins(releases: Releases) -> PairSpec:
    return models.feature_pair(releases.keras, releases.hub)


def session_of(pair: PairSpec, photo: Path, modes: tuple[str, str] | None = None) -> Session:
    session = Session(pair)
    session.set_picture(PictureSource.from_path(photo))
    for side, mode in zip(Side, modes or (), strict=False):
        session.set_mode(side, mode)
    return session


def run(engine: Engine, session: Session) -> FeatureResult:
    request = session.request()
    assert request is not None
    result = engine.compare(request)
    assert isinstance(result, FeatureResult)
    return result


def explain(engine: Engine, session: Session) -> FeatureExplanation:
    request = session.request()
    assert request is not None
    found = engine.explain(request)
    assert isinstance(found, FeatureExplanation)
    return found


def test_equal_twins_agree_to_float_noise(
    feature_engine: Engine, twins: PairSpec, photo: Path
) -> None:
    result = run(feature_engine, session_of(twins, photo, IDENTICAL))
    assert result.verdict.agrees
    assert result.comparison.cosine == pytest.approx(1.0, abs=1e-9)
    assert result.comparison.relative_l2 < 1e-5
    assert result.comparison.dimensions == models.FEATURES
    assert result.findings == ()
    assert result.match is None


def test_the_features_are_the_models_own(
    feature_engine: Engine, twins: PairSpec, photo: Path
) -> None:
    result = run(feature_engine, session_of(twins, photo))
    model = keras.models.load_model(twins.left.source.target, compile=False)
    published = np.asarray(model(result.left.model_input[None], training=False))[0]
    assert np.allclose(result.left.raw, published, atol=1e-6)
    assert result.left.features.dtype == np.float64
    assert (result.left.features == result.left.raw).all()


def test_different_preprocessing_is_blamed_on_it(
    feature_engine: Engine, twins: PairSpec, photo: Path
) -> None:
    result = run(feature_engine, session_of(twins, photo))
    assert result.verdict.code is VerdictCode.PREPROCESSING
    found = explain(feature_engine, session_of(twins, photo))
    assert found.attribution.total == pytest.approx(result.comparison.relative_l2)
    shares = {share.stage: share.value for share in found.attribution.shares}
    assert sum(shares.values()) == pytest.approx(found.attribution.total)
    assert shares["weights"] < 1e-4 * found.attribution.total
    assert found.cross_feed.by_input > 100 * found.cross_feed.by_model
    assert found.proposals[0].closes


@pytest.mark.parametrize(
    ("mode", "code", "stage"),
    [
        ("other_range", "input_range", "scale"),
        ("raw_0_255", "input_range", "scale"),
        ("bgr", "channel_order", "channel_order"),
    ],
)
def test_a_wrong_preprocessing_is_found_first(
    feature_engine: Engine, twins: PairSpec, photo: Path, mode: str, code: str, stage: str
) -> None:
    session = session_of(twins, photo, (mode, "own"))
    found = explain(feature_engine, session)
    for findings in (found.findings, found.result.findings):
        assert (findings[0].code, findings[0].side) == (code, "left")
        assert findings[0].level is Level.ERROR
    largest = found.attribution.largest
    assert largest is not None
    assert largest.stage == stage
    assert "relative L2 distance goes from" in found.findings[0].evidence
    assert [change.stage for change in found.proposals[0].changes] == [stage]


def test_other_weights_are_told(feature_engine: Engine, releases: Releases, photo: Path) -> None:
    pair = models.feature_pair(releases.other, releases.hub)
    result = run(feature_engine, session_of(pair, photo, IDENTICAL))
    assert result.verdict.code in {VerdictCode.DIFFERENT_WEIGHTS, VerdictCode.DIFFERENT_MODELS}
    assert not result.verdict.agrees
    assert result.match is not None
    assert not result.match.reordered
    found = explain(feature_engine, session_of(pair, photo, IDENTICAL))
    largest = found.attribution.largest
    assert largest is not None
    assert (largest.stage, round(largest.share, 6)) == ("weights", 1.0)
    assert found.audit is not None
    assert not found.audit.same_checkpoint


def test_rows_of_one_by_one_maps_are_flattened(
    feature_engine: Engine, releases: Releases, photo: Path
) -> None:
    pair = models.feature_pair(releases.keras, releases.squeezed)
    result = run(feature_engine, session_of(pair, photo, IDENTICAL))
    assert result.verdict.agrees
    assert result.right.raw.shape == (models.FEATURES,)
    found = explain(feature_engine, session_of(pair, photo, IDENTICAL))
    frozen = {row.side: row.max_abs_difference for row in found.noise if row.what == "frozen"}
    assert frozen[Side.RIGHT] is not None
    assert frozen[Side.RIGHT] < 1e-4
    assert found.audit is not None
    assert found.audit.same_checkpoint


def test_a_factor_is_found(feature_engine: Engine, releases: Releases, photo: Path) -> None:
    pair = models.feature_pair(releases.keras, releases.scaled)
    result = run(feature_engine, session_of(pair, photo, IDENTICAL))
    assert result.verdict.code is VerdictCode.SCALED
    assert result.comparison.factor == pytest.approx(2.0, rel=1e-5)
    assert result.comparison.cosine == pytest.approx(1.0)


def test_another_order_is_found(feature_engine: Engine, releases: Releases, photo: Path) -> None:
    pair = models.feature_pair(releases.keras, releases.reordered)
    result = run(feature_engine, session_of(pair, photo, IDENTICAL))
    assert result.verdict.code is VerdictCode.REORDERED
    assert result.findings[0].code == "reordered_features"
    assert result.match is not None
    known = result.match.order >= 0
    assert known.mean() > 0.9
    assert (releases.order[result.match.order[known]] == np.flatnonzero(known)).all()


def test_lengths_that_differ_are_both_named(feature_engine: Engine, releases: Releases) -> None:
    with pytest.raises(ReleaseError, match=r"20 features.*48") as raised:
        feature_engine.load(models.feature_pair(releases.short, releases.hub))
    assert "pooling" in raised.value.mend


def test_a_map_of_features_is_refused(feature_engine: Engine, releases: Releases) -> None:
    with pytest.raises(ReleaseError, match=r"map of 13 × 13 × 48") as raised:
        feature_engine.load(models.feature_pair(releases.map, releases.hub))
    assert "pooling=avg" in raised.value.mend


def test_features_are_not_compared_with_scores(feature_engine: Engine, releases: Releases) -> None:
    scores: ReleaseSpec = replace(releases.hub, output=OutputKind.LOGITS)
    with pytest.raises(ReleaseError, match="declared to give logits"):
        feature_engine.load(models.feature_pair(releases.keras, scores))


def test_switches_of_the_output_change_nothing(
    feature_engine: Engine, twins: PairSpec, photo: Path
) -> None:
    session = session_of(twins, photo)
    plain = run(feature_engine, session)
    session.set_output(Side.LEFT, OutputSwitches(softmax=True))
    switched = run(feature_engine, session)
    assert (switched.left.raw == plain.left.raw).all()
    assert switched.left.settings.output == OutputSwitches()


def test_the_pair_was_measured_by_relative_l2(feature_engine: Engine, twins: PairSpec) -> None:
    check = feature_engine.load(twins).check
    assert isinstance(check, FeatureCheck)
    assert check.dimensions == models.FEATURES
    assert check.same_function
    assert 0.0 <= check.noise_floor < 1e-5


def test_probes_are_many_and_in_range() -> None:
    probes = many_probes((8, 6))
    assert probes.shape == (24, 8, 6, 3)
    assert probes.min() >= 0.0
    assert probes.max() <= 1.0
    assert len({probe.tobytes() for probe in probes}) == 24


def test_a_result_crosses_to_the_window(
    feature_engine: Engine, twins: PairSpec, photo: Path
) -> None:
    import io

    from inspector.engine import wire

    stream = io.BytesIO()
    found = explain(feature_engine, session_of(twins, photo))
    for message in (Compared(3, found.result), found):
        wire.send(stream, message)
    stream.seek(0)
    back = wire.receive(stream)
    assert back.result.comparison.relative_l2 == found.result.comparison.relative_l2
    assert wire.receive(stream).attribution == found.attribution


def test_the_scaling_that_fits_can_be_applied(
    feature_engine: Engine, twins: PairSpec, photo: Path
) -> None:
    from inspector.core.causes.closing import applied

    session = session_of(twins, photo, ("other_range", "own"))
    found = explain(feature_engine, session)
    left = applied(found.proposals[0].left, session.settings(Side.LEFT), twins.left)
    assert left.preprocessing.scale is ScaleRule.KERAS
    session.set_preprocessing(Side.LEFT, left.preprocessing)
    again = run(feature_engine, session)
    assert again.comparison.relative_l2 == pytest.approx(found.proposals[0].remaining, rel=0.1)
