from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from inspector.core.auxiliary import AuxiliaryHead
from inspector.core.errors import ReleaseError, ReleaseMissingError
from inspector.core.hdf5 import HDF5_MAGIC
from inspector.core.modes import HUB
from inspector.core.pairs import OutputKind
from inspector.core.result import SideSettings
from inspector.core.scores import OutputSwitches, interpret, softmax
from inspector.engine.auxiliary import find_endpoint, run_auxiliary
from inspector.engine.auxiliary_head import head_logits, random_head, read_head
from inspector.engine.endpoints import read_endpoint
from inspector.engine.keras_release import KerasClassifier
from inspector.engine.saved_model_release import load_saved_model_release
from tests.support import models
from tests.support.auxiliary_heads import (
    SCOPE,
    STEM,
    head_weights,
    numpy_head,
    write_checkpoint,
)
from tests.support.tf1_modules import Inception, Tf1Module, keras_twin, make_module

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.auxiliary import AuxiliaryScores
    from inspector.engine.classifier import Classifier

MADE = Inception(size=107, width=1 / 32)
CLASSES = MADE.classes
ENDPOINT = "InceptionV3/Mixed_6e"
CHANNELS = MADE.channels(768)


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Tf1Module:
    """Make an InceptionV3 of few channels whose ``Mixed_6e`` is 5 × 5."""
    return make_module(tmp_path_factory.mktemp("inception") / "module", MADE)


@pytest.fixture(scope="module")
def hub(module: Tf1Module) -> Classifier:
    return load_saved_model_release(models.hub_spec(module.folder))


@pytest.fixture(scope="module")
def twin(module: Tf1Module) -> KerasClassifier:
    return KerasClassifier(models.keras_spec("twin.keras"), keras_twin(module))


@pytest.fixture(scope="module")
def weights(module: Tf1Module) -> dict[str, Any]:
    return {**head_weights(CHANNELS, 1, CLASSES), STEM: module.weights[STEM]}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory, weights: dict[str, Any]) -> Path:
    return write_checkpoint(tmp_path_factory.mktemp("checkpoint"), weights)


def picture(model: Classifier) -> np.ndarray:
    low, high = model.spec.range
    assert model.size is not None
    random = np.random.default_rng(2).random((*model.size, 3), np.float32)
    return (random * (high - low) + low).astype(np.float32)


def run(model: Classifier, head: AuxiliaryHead, drop: bool | None = None) -> AuxiliaryScores:
    settings = SideSettings("hub", HUB, OutputSwitches(drop_background=drop), auxiliary=head)
    image = picture(model)
    spec = model.spec
    raw = model.run(image[None]).raw[0]
    read = interpret(raw, spec.output, spec.background, settings.output)
    found = run_auxiliary(settings, model, image, read)
    assert found is not None
    return found


def test_nothing_is_attached_where_nothing_is_asked_for(hub: Classifier) -> None:
    settings = SideSettings("hub", HUB, OutputSwitches())
    read = interpret(np.zeros(11, np.float32), OutputKind.LOGITS, True, OutputSwitches())
    assert run_auxiliary(settings, hub, picture(hub), read) is None


class TestWithACheckpoint:
    def test_on_a_hub_module(
        self, hub: Classifier, checkpoint: Path, weights: dict[str, Any]
    ) -> None:
        found = run(hub, AuxiliaryHead(str(checkpoint)))
        activation = read_endpoint(hub, picture(hub)[None], ENDPOINT)[0]
        expected = numpy_head(weights, activation)
        assert activation.shape == (5, 5, CHANNELS)
        assert found.endpoint == ENDPOINT
        assert found.trained
        assert found.note == ""
        assert np.allclose(found.scores.logits, expected[1:], atol=1e-4)
        assert np.allclose(found.scores.probabilities, softmax(expected[1:]), atol=1e-5)
        assert found.scores.background == pytest.approx(softmax(expected)[0], abs=1e-5)
        assert np.ptp(expected) > 1, "the figures must be able to differ"

    def test_on_the_keras_twin_it_is_the_same(
        self, hub: Classifier, twin: KerasClassifier, checkpoint: Path
    ) -> None:
        one, other = (run(model, AuxiliaryHead(str(checkpoint))) for model in (hub, twin))
        assert other.endpoint == "mixed7"
        assert np.allclose(one.scores.probabilities, other.scores.probabilities, atol=1e-4)
        assert other.scores.background == pytest.approx(one.scores.background, abs=1e-4)

    def test_on_a_graph_whose_operations_are_all_there_is(
        self, hub: Classifier, twin: KerasClassifier, checkpoint: Path, tmp_path: Path
    ) -> None:
        call = models.HubStyle(twin.model)
        model = load_saved_model_release(models.hub_spec(models.saved_model(tmp_path, call)))
        one, other = (run(each, AuxiliaryHead(str(checkpoint))) for each in (hub, model))
        assert other.endpoint.endswith("/concat")
        assert np.allclose(one.scores.probabilities, other.scores.probabilities, atol=1e-4)

    def test_a_background_class_that_is_kept_changes_nothing(
        self, hub: Classifier, checkpoint: Path
    ) -> None:
        dropped, kept = (run(hub, AuxiliaryHead(str(checkpoint)), drop) for drop in (True, False))
        assert np.array_equal(dropped.scores.probabilities, kept.scores.probabilities)

    def test_a_head_without_a_background_class(
        self, hub: Classifier, tmp_path: Path, module: Tf1Module
    ) -> None:
        drawn = head_weights(CHANNELS, 1, CLASSES - 1)
        found = run(hub, AuxiliaryHead(str(write_checkpoint(tmp_path, drawn))))
        assert found.scores.background is None
        assert found.scores.probabilities.size == CLASSES - 1

    def test_another_networks_head_is_told(
        self, hub: Classifier, weights: dict[str, Any], tmp_path: Path
    ) -> None:
        foreign = {**weights, STEM: weights[STEM] + 0.1}
        found = run(hub, AuxiliaryHead(str(write_checkpoint(tmp_path, foreign))))
        assert "first convolutions differ" in found.note

    def test_a_gamma_is_used_where_there_is_one(
        self, weights: dict[str, Any], tmp_path: Path
    ) -> None:
        scope = f"{SCOPE}/Conv2d_1b_1x1"
        gamma = np.full(weights[f"{scope}/BatchNorm/beta"].shape, 0.5, np.float32)
        path = write_checkpoint(tmp_path, {**weights, f"{scope}/BatchNorm/gamma": gamma})
        head = read_head(str(path), (5, 5, CHANNELS), ENDPOINT)
        assert np.array_equal(head.reduce.gamma, gamma)
        assert np.all(head.whole.gamma == 1)

    @pytest.mark.parametrize("ending", ["", ".index", ".data-00000-of-00001"])
    def test_any_of_its_files_stands_for_it(self, checkpoint: Path, ending: str) -> None:
        head = read_head(f"{checkpoint}{ending}", (5, 5, CHANNELS), ENDPOINT)
        assert head.classes == CLASSES


class TestWrongCheckpoints:
    def test_one_that_is_not_there(self, hub: Classifier, tmp_path: Path) -> None:
        with pytest.raises(ReleaseMissingError, match="is not there"):
            run(hub, AuxiliaryHead(str(tmp_path / "gone.ckpt")))

    def test_what_is_no_checkpoint(self, hub: Classifier, tmp_path: Path) -> None:
        path = tmp_path / "notes.ckpt"
        path.write_text("no checkpoint")
        with pytest.raises(ReleaseError, match="is no TensorFlow checkpoint, or a damaged one"):
            run(hub, AuxiliaryHead(str(path)))

    @pytest.mark.parametrize(
        ("start", "words"),
        [
            (HDF5_MAGIC, "but an HDF5 file, as Keras writes them"),
            (b"\n<!DOCTYPE html>", "but a web page"),
        ],
    )
    def test_another_file_is_called_by_its_name(
        self, tmp_path: Path, start: bytes, words: str
    ) -> None:
        path = tmp_path / "model.h5"
        path.write_bytes(start + bytes(4000))
        with pytest.raises(ReleaseError) as caught:
            read_head(str(path), (5, 5, CHANNELS), ENDPOINT)
        assert caught.value.message == f"model.h5 is no TensorFlow checkpoint {words}."
        assert "inception_v3.ckpt" in caught.value.mend

    def test_one_without_the_head(
        self, hub: Classifier, weights: dict[str, Any], tmp_path: Path
    ) -> None:
        path = write_checkpoint(tmp_path, {STEM: weights[STEM]})
        with pytest.raises(ReleaseError, match="has no InceptionV3/AuxLogits/Conv2d_1b_1x1/weig"):
            run(hub, AuxiliaryHead(str(path)))

    def test_one_of_another_shape(self, hub: Classifier, tmp_path: Path) -> None:
        path = write_checkpoint(tmp_path, head_weights(CHANNELS + 1, 1, CLASSES))
        with pytest.raises(ReleaseError, match=f"has the shape 1 × 1 × {CHANNELS + 1} × 8"):
            run(hub, AuxiliaryHead(str(path)))

    def test_one_of_other_classes(self, hub: Classifier, tmp_path: Path) -> None:
        path = write_checkpoint(tmp_path, head_weights(CHANNELS, 1, 7))
        with pytest.raises(ReleaseError, match="has 7 classes"):
            run(hub, AuxiliaryHead(str(path)))


class TestUntrained:
    def test_it_is_marked_and_seeded(self, hub: Classifier) -> None:
        one, again, other = (run(hub, AuxiliaryHead(seed=seed)) for seed in (1, 1, 2))
        assert not one.trained
        assert np.array_equal(one.scores.logits, again.scores.logits)
        assert not np.array_equal(one.scores.logits, other.scores.logits)
        assert one.scores.probabilities.size == CLASSES - 1
        assert one.scores.background is not None

    def test_its_figures_are_those_of_slim(self) -> None:
        head = random_head((17, 17, 768), 1001, 0, ENDPOINT)
        assert head.reduce.kernel.shape == (1, 1, 768, 128)
        assert head.whole.kernel.shape == (5, 5, 128, 768)
        assert head.kernel.shape == (1, 1, 768, 1001)
        assert head.reduce.kernel.var() == pytest.approx(2 / 768, rel=0.03)
        # A normal number cut at two standard deviations keeps 0.88 of the spread.
        assert head.whole.kernel.std() == pytest.approx(0.88 * 0.01, rel=0.01)
        assert head.kernel.std() == pytest.approx(0.88 * 0.001, rel=0.01)
        activation = np.random.default_rng(0).random((2, 17, 17, 768), np.float32)
        assert head_logits(head, activation).shape == (2, 1001)

    @pytest.mark.parametrize("side", [3, 4, 20])
    def test_an_endpoint_that_it_does_not_fit_on(self, side: int) -> None:
        with pytest.raises(ReleaseError, match=f"does not fit on .* of {side} × {side}"):
            random_head((side, side, 768), 1001, 0, ENDPOINT)


def test_the_head_at_full_size_against_keras_layers() -> None:
    """Build the head of Keras layers, at the size that InceptionV3 gives: 17 × 17 becomes 5 × 5."""
    drawn = head_weights(24, 5, 13)
    head = inputs = keras.Input((17, 17, 24))
    head = keras.layers.AveragePooling2D(5, 3)(head)
    layers: list[tuple[str, Any]] = []
    for name, channels, size in (("Conv2d_1b_1x1", 8, 1), ("Conv2d_2a_5x5", 12, 5)):
        convolution = keras.layers.Conv2D(channels, size, use_bias=False)
        norm = keras.layers.BatchNormalization(scale=False, epsilon=0.001)
        head = keras.layers.ReLU()(norm(convolution(head)))
        layers.append((name, (convolution, norm)))
    last = keras.layers.Conv2D(13, 1)
    model = keras.Model(inputs, keras.layers.Flatten()(last(head)))
    for name, (convolution, norm) in layers:
        scope = f"{SCOPE}/{name}"
        convolution.set_weights([drawn[f"{scope}/weights"]])
        parts = ("beta", "moving_mean", "moving_variance")
        norm.set_weights([drawn[f"{scope}/BatchNorm/{part}"] for part in parts])
    scope = f"{SCOPE}/Conv2d_2b_1x1"
    last.set_weights([drawn[f"{scope}/weights"], drawn[f"{scope}/biases"]])
    activation = np.random.default_rng(1).random((17, 17, 24), np.float32)
    expected = np.asarray(model(activation[None], training=False))[0]
    assert np.allclose(numpy_head(drawn, activation), expected, atol=1e-4)


class TestEndpoint:
    def test_another_network_is_told_what_it_lacks(self) -> None:
        model = KerasClassifier(models.keras_spec("small.keras"), models.keras_model())
        with pytest.raises(ReleaseError, match=r"is no InceptionV3: .*Mixed_6e.*mixed7"):
            run(model, AuxiliaryHead())

    def test_inception_v4_has_the_name_but_is_another(self, tmp_path: Path) -> None:
        outputs = ("InceptionV4/Mixed_6e", "InceptionV4/Mixed_6f", "logits")
        module = tf.Module()
        images = tf.TensorSpec([None, 16, 16, 3], tf.float32)
        module.f = tf.function(
            lambda x: {
                name: x * (number + 1.0) if name != "logits" else tf.reduce_mean(x, [1, 2])
                for number, name in enumerate(outputs)
            },
            input_signature=[images],
        )
        path = models.saved_model(tmp_path, module, signatures={"serving_default": module.f})
        model = load_saved_model_release(models.hub_spec(path, background=False))
        with pytest.raises(ReleaseError, match="is no InceptionV3"):
            find_endpoint(model)

    def test_the_layer_of_keras_applications(self) -> None:
        network = keras.applications.InceptionV3(weights=None, input_shape=(75, 75, 3), classes=4)
        spec = models.application_spec(("weights", "none"), name="InceptionV3")
        model = KerasClassifier(replace(spec, background=False), network)
        assert find_endpoint(model) == "mixed7"
        assert network.get_layer("mixed7").output.shape[-1] == 768
