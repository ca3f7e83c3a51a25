"""Declared conventions held against real models, through the engine's own door."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import keras
import numpy as np
import pytest

from inspector.core.errors import PairFileError, ReleaseError
from inspector.core.facts import SideNoise
from inspector.core.pairs import OutputKind, PairSpec, ReleaseSpec
from inspector.core.picture import PictureSource
from inspector.core.verdict import VerdictCode
from inspector.engine.checks import check_pair, input_size, probe
from inspector.engine.classifier import Outputs
from inspector.engine.engine import Engine
from inspector.engine.loading import load_release
from inspector.session import Session
from tests.support import models, pictures

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.result import Result
    from inspector.engine.classifier import Classifier


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def left(folder: Path) -> ReleaseSpec:
    return models.keras_spec(models.keras_file(folder, models.keras_model()))


@pytest.fixture(scope="module")
def right(folder: Path) -> ReleaseSpec:
    twin = models.HubStyle(models.keras_model(activation=None))
    return models.hub_spec(models.saved_model(folder, twin))


def run(pair: PairSpec) -> Result:
    session = Session(pair)
    session.set_picture(PictureSource("picture", data=pictures.png(40, 30)))
    request = session.request()
    assert request is not None
    return Engine().compare(request)


def refuse(left: ReleaseSpec, right: ReleaseSpec, labels: str = "indices") -> Any:
    with pytest.raises((ReleaseError, PairFileError)) as caught:
        Engine().load(models.pair_of(left, right, labels))
    assert caught.value.mend
    return caught.value


def test_a_pair_as_declared(left: ReleaseSpec, right: ReleaseSpec) -> None:
    loaded = Engine().load(models.pair_of(left, right))
    assert loaded.check.same_function is True
    assert 0 <= loaded.check.noise_floor < 1e-5
    assert loaded.labels.names[0] == "class 0"
    assert len(loaded.labels.names) == models.CLASSES


def test_declared_probabilities_that_are_logits(left: ReleaseSpec, right: ReleaseSpec) -> None:
    error = refuse(left, replace(right, output=OutputKind.PROBABILITIES))
    assert "declared to give probabilities" in error.message
    assert '"logits"' in error.mend


def test_declared_logits_that_are_probabilities(left: ReleaseSpec, right: ReleaseSpec) -> None:
    error = refuse(replace(left, output=OutputKind.LOGITS), right)
    assert "holds probabilities" in error.message
    assert '"probabilities"' in error.mend


def test_a_background_class_that_is_not_declared(left: ReleaseSpec, right: ReleaseSpec) -> None:
    error = refuse(left, replace(right, background=False))
    assert "11 outputs without a background class" in error.message
    assert "background" in error.mend


def test_a_declared_background_class_that_is_not_there(
    left: ReleaseSpec, right: ReleaseSpec
) -> None:
    error = refuse(replace(left, background=True), right)
    assert "10 outputs with a background class" in error.message


def test_labels_of_another_number_of_classes(
    left: ReleaseSpec, right: ReleaseSpec, tmp_path: Path
) -> None:
    error = refuse(left, right, "imagenet")
    assert "1000 labels" in error.message
    assert "10 classes" in error.message
    path = tmp_path / "labels.txt"
    path.write_text("\n".join("abcdefghij"))
    loaded = Engine().load(models.pair_of(left, right, str(path)))
    assert loaded.labels.name(9) == "j"


def test_1000_labels_on_1001_outputs(folder: Path) -> None:
    wide = models.keras_model(classes=1001)
    spec = models.keras_spec(models.keras_file(folder, wide, "wide.keras"))
    error = refuse(spec, spec, "imagenet")
    assert isinstance(error, PairFileError)
    assert "1001 classes" in error.message


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_declared_size_that_is_not_the_models(
    left: ReleaseSpec, right: ReleaseSpec, side: str
) -> None:
    sides = {"left": left, "right": right}
    sides[side] = replace(sides[side], size=(224, 224))
    error = refuse(sides["left"], sides["right"])
    assert "takes 16 × 16 pixels" in error.message
    assert "size = [16, 16]" in error.mend


def test_a_model_of_any_size_takes_the_declared_or_224(folder: Path, right: ReleaseSpec) -> None:
    free = models.keras_model(size=None)
    spec = models.keras_spec(models.keras_file(folder, free, "free.keras"))
    loaded = load_release(spec)
    assert loaded.size is None
    assert input_size(loaded) == (224, 224)
    result = run(models.pair_of(replace(spec, size=(16, 16)), right))
    assert result.left.model_input.shape == (16, 16, 3)
    assert result.verdict.code is VerdictCode.PREPROCESSING


def test_sizes_that_differ_can_be_compared_but_not_fed_the_same(
    folder: Path, right: ReleaseSpec
) -> None:
    large = models.keras_model(size=24)
    spec = models.keras_spec(models.keras_file(folder, large, "large.keras"))
    result = run(models.pair_of(spec, right))
    assert result.left.model_input.shape == (24, 24, 3)
    assert result.right.model_input.shape == (16, 16, 3)
    assert result.verdict.code is VerdictCode.DIFFERENT_GRAPH
    assert "inputs of different sizes. Same checkpoint" in result.verdict.text


def test_a_feature_extractor_is_no_classifier(folder: Path, right: ReleaseSpec) -> None:
    features = keras.Sequential(
        [keras.Input((16, 16, 3)), keras.layers.Conv2D(4, 3, activation="relu")]
    )
    spec = models.keras_spec(models.keras_file(folder, features, "features.keras"))
    error = refuse(spec, right)
    assert "[1, 14, 14, 4]" in error.message


def test_weights_that_are_not_a_number_are_a_finding(folder: Path, right: ReleaseSpec) -> None:
    model = models.keras_model()
    layer = model.get_layer("classes")
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel * np.nan, bias])
    spec = models.keras_spec(models.keras_file(folder, model, "nan.keras"))
    result = run(models.pair_of(spec, right))
    assert "non_finite" in [finding.code for finding in result.findings]
    assert "not finite" in result.verdict.text
    assert np.isfinite(result.comparison.noise_floor)


def test_logits_that_overflow_are_a_finding(folder: Path, left: ReleaseSpec) -> None:
    model = models.keras_model(activation=None)
    layer = model.get_layer("classes")
    layer.set_weights([np.full_like(values, 3e38) for values in layer.get_weights()])
    spec = models.hub_spec(models.saved_model(folder, models.HubStyle(model), "overflow"))
    result = run(models.pair_of(left, spec))
    assert "non_finite" in [finding.code for finding in result.findings]


def test_a_constant_output_is_a_finding(folder: Path, right: ReleaseSpec) -> None:
    model = models.keras_model()
    layer = model.get_layer("classes")
    layer.set_weights([values * 0 for values in layer.get_weights()])
    spec = models.keras_spec(models.keras_file(folder, model, "constant.keras"))
    result = run(models.pair_of(spec, right))
    assert "constant_output" in [finding.code for finding in result.findings]


def test_other_weights_are_told_from_other_pixels(folder: Path, right: ReleaseSpec) -> None:
    other = models.keras_model(seed=8)
    spec = models.keras_spec(models.keras_file(folder, other, "other.keras"))
    result = run(models.pair_of(spec, right))
    assert result.verdict.code is not VerdictCode.PREPROCESSING
    assert not result.verdict.agrees


class Restless:
    """A release whose first class depends on chance, or on how many pictures it is given."""

    size = (4, 4)

    def __init__(self, spec: ReleaseSpec, again: float = 0.0, batch: float = 0.0) -> None:
        self.spec = spec
        self.again = again
        self.batch = batch
        self.runs = 0

    def run(self, batch: np.ndarray) -> Outputs:
        self.runs += 1
        moved = self.again * (self.runs == 2) + self.batch * (len(batch) > 1)
        row = [0.6 - moved, 0.3 + moved, 0.1]
        return Outputs(np.asarray([row] * len(batch), np.float32))


@pytest.mark.parametrize(("again", "batch"), [(0.3, 0.0), (0.0, 0.4), (0.0, 0.0)])
def test_the_noise_of_each_side_is_kept(left: ReleaseSpec, again: float, batch: float) -> None:
    still, restless = Restless(left), Restless(left, again, batch)
    check, _ = check_pair(cast("Classifier", still), cast("Classifier", restless))
    assert check.left_noise == SideNoise(0.0, 0.0)
    assert check.right_noise is not None
    assert check.right_noise.again == pytest.approx(again, abs=1e-6)
    assert check.right_noise.batch == pytest.approx(batch, abs=1e-6)
    assert check.noise_floor == pytest.approx(max(again, batch), abs=1e-6)
    assert check.restless is (again + batch > 0)
    assert check.tolerance <= 1e-3


def test_the_probe_is_the_same_each_time_and_spans_the_range() -> None:
    made = probe((20, 28))
    assert made.shape == (3, 20, 28, 3)
    assert made.dtype == np.float32
    assert np.array_equal(made, probe((20, 28)))
    assert (made.min(axis=(1, 2, 3)) == 0).all()
    np.testing.assert_allclose(made.max(axis=(1, 2, 3)), 1)
    assert np.abs(np.diff(made, axis=1)).max() > 0.01
