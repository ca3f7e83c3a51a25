from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from inspector.core.errors import PictureError, ReleaseError
from inspector.core.modes import HUB
from inspector.core.pairs import OutputKind, ReleaseSpec, Side
from inspector.core.picture import PictureSource
from inspector.core.result import SideSettings
from inspector.core.scores import OutputSwitches, interpret
from inspector.core.sources import SourceKind
from inspector.core.training import BatchFrom, Training
from inspector.engine.checks import input_size
from inspector.engine.decode import decode_picture, inspect_picture
from inspector.engine.engine import Engine, Opened
from inspector.engine.keras_release import KerasClassifier
from inspector.engine.preprocess import make_input
from inspector.engine.saved_model_release import SavedModelClassifier, load_saved_model_release
from inspector.engine.training import run_training
from inspector.engine.training_batch import make_batch
from inspector.session import Session
from tests.support import models, pictures
from tests.support.tf1_modules import Inception, make_module

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from inspector.core.scores import Scores
    from inspector.core.training import TrainingEffect
    from inspector.engine.classifier import Classifier

SIZE = 16
COUNT = 4


def network(dropout: float = 0.5, *, batch: int | None = None) -> Any:
    keras.utils.set_random_seed(1)
    layers = [
        keras.Input((SIZE, SIZE, 3), batch_size=batch),
        keras.layers.Conv2D(8, 3, name="convolution"),
        keras.layers.BatchNormalization(momentum=0.5, name="norm"),
        keras.layers.ReLU(),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dropout(dropout, name="dropout"),
        keras.layers.Dense(10, activation="softmax", kernel_initializer="orthogonal"),
    ]
    model = keras.Sequential(layers)
    random = np.random.default_rng(3)
    mean, variance = random.normal(0, 0.3, 8), random.uniform(0.1, 0.4, 8)
    model.get_layer("norm").set_weights([np.full(8, 3.0), random.normal(0, 1, 8), mean, variance])
    return model


def keras_classifier(model: Any, **changes: Any) -> KerasClassifier:
    return KerasClassifier(models.keras_spec("made.keras", mode="hub", **changes), model)


@pytest.fixture(scope="module")
def opened(photo: Path) -> Opened:
    return open_picture(photo)


def open_picture(path: Path) -> Opened:
    source = PictureSource.from_path(path)
    data = path.read_bytes()
    return Opened(data, inspect_picture(data, source), {})


@pytest.fixture(scope="module")
def plain() -> KerasClassifier:
    """Give a model with batch norm and dropout; what the tests do must not change it."""
    return keras_classifier(network())


def inputs(opened: Opened, model: Classifier) -> NDArray[np.float32]:
    zeros = np.zeros((*input_size(model), 3), np.float32)
    return make_batch(opened, HUB, Training(), model, zeros, 2).inputs[1]


def inputs_of(path: Path, model: Classifier) -> NDArray[np.float32]:
    data = path.read_bytes()
    picture, _ = decode_picture(
        data, inspect_picture(data, PictureSource.from_path(path)), HUB.decode
    )
    return make_input(picture, HUB, input_size(model))


def inference(model: Classifier, model_input: NDArray[np.float32]) -> Scores:
    spec = model.spec
    raw = model.run(model_input[None]).raw[0]
    return interpret(raw, spec.output, spec.background, OutputSwitches())


def run(opened: Opened, model: Classifier, **changes: Any) -> TrainingEffect:
    settings = SideSettings("hub", HUB, OutputSwitches(), Training(count=COUNT, **changes))
    picture = inputs(opened, model)
    effect = run_training(opened, settings, model, picture, inference(model, picture))
    assert effect is not None
    return effect


def values(model: Any) -> list[bytes]:
    return [np.asarray(variable).tobytes() for variable in model.variables]


def test_nothing_is_run_where_nothing_is_asked_for(opened: Opened, plain: KerasClassifier) -> None:
    settings = SideSettings("hub", HUB, OutputSwitches())
    picture = inputs(opened, plain)
    assert run_training(opened, settings, plain, picture, inference(plain, picture)) is None


class TestKeras:
    def test_the_model_stays_bit_for_bit_the_same(
        self, opened: Opened, plain: KerasClassifier
    ) -> None:
        picture = inputs(opened, plain)
        before, answer = values(plain.model), plain.run(picture[None]).raw
        assert run(opened, plain, seed=11).max_abs_difference > 0.01
        assert values(plain.model) == before
        assert np.array_equal(plain.run(picture[None]).raw, answer)

    def test_it_is_what_the_model_itself_gives(self, opened: Opened) -> None:
        model = keras_classifier(network(dropout=0.0))
        picture = inputs(opened, model)
        before = inference(model, picture).probabilities
        found = run(opened, model)
        batch = make_batch(opened, HUB, Training(), model, picture, COUNT).inputs
        expected = np.asarray(model.model(batch, training=True))[0]
        assert np.allclose(found.scores.probabilities, expected, rtol=1e-5)
        assert not found.random
        largest = float(np.abs(expected - before).max())
        assert found.max_abs_difference == pytest.approx(largest, rel=1e-3)

    def test_the_seed_decides_the_numbers(self, opened: Opened, plain: KerasClassifier) -> None:
        one, other, again = run(opened, plain, seed=1), run(opened, plain, seed=2), None
        again = run(opened, plain, seed=1)
        assert np.array_equal(one.scores.probabilities, again.scores.probabilities)
        assert not np.array_equal(one.scores.probabilities, other.scores.probabilities)
        assert one.random

    def test_a_frozen_batch_norm_is_told(self, opened: Opened) -> None:
        model = network(dropout=0.0)
        model.get_layer("norm").trainable = False
        effect = run(opened, keras_classifier(model))
        assert effect.max_abs_difference < 1e-6
        assert effect.note.startswith("Its batch norm layers are frozen (trainable=False)")

    def test_a_model_of_one_batch_size(self, opened: Opened) -> None:
        effect = run(opened, keras_classifier(network(batch=3)))
        assert "batches of 3 only" in effect.note
        assert effect.scores.probabilities.size == 10

    def test_the_output_is_read_as_in_inference(
        self, opened: Opened, plain: KerasClassifier
    ) -> None:
        settings = SideSettings(
            "hub", HUB, OutputSwitches(softmax=True), Training(count=COUNT, seed=4)
        )
        picture = inputs(opened, plain)
        spec = plain.spec
        raw = plain.run(picture[None]).raw[0]
        read = interpret(raw, spec.output, spec.background, settings.output)
        effect = run_training(opened, settings, plain, picture, read)
        assert effect is not None
        assert effect.scores.applied_softmax
        assert effect.max_abs_difference < 0.2


class Reusable(tf.Module):  # type: ignore[misc]
    """A reusable SavedModel: batch norm whose statistics move, and dropout without a seed."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        random = np.random.default_rng(5)
        self.kernel = tf.Variable(random.normal(0, 3, (3, 11)), dtype=tf.float32)
        self.mean = tf.Variable([0.2, 0.3, 0.4], trainable=False)
        self.dropout = dropout
        self.__call__ = tf.function(self.call, autograph=False)
        images = tf.TensorSpec([None, SIZE, SIZE, 3], tf.float32)
        for training in (False, True):
            self.__call__.get_concrete_function(images, training)

    def call(self, images: Any, training: bool = False) -> Any:
        x = tf.reduce_mean(images, [1, 2])
        mean = self.mean
        if training:
            mean = tf.reduce_mean(x, 0)
            self.mean.assign(self.mean * 0.5 + mean * 0.5)
            if self.dropout:
                x = tf.nn.dropout(x, self.dropout)
        return tf.matmul(x - mean, self.kernel)


@pytest.fixture(scope="module", params=[0.5, 0.0], ids=["dropout", "no dropout"])
def reusable(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SavedModelClassifier:
    folder = tmp_path_factory.mktemp("reusable")
    path = models.saved_model(folder, Reusable(request.param))
    return load_saved_model_release(models.hub_spec(path))


class TestReusableSavedModel:
    def test_its_variables_stay_bit_for_bit_the_same(
        self, opened: Opened, reusable: SavedModelClassifier
    ) -> None:
        picture = inputs(opened, reusable)
        mean, answer = reusable.loaded.mean.numpy(), reusable.run(picture[None]).raw
        assert run(opened, reusable).max_abs_difference > 0.01
        assert np.array_equal(reusable.loaded.mean.numpy(), mean)
        assert np.array_equal(reusable.run(picture[None]).raw, answer)

    def test_its_own_training_call_gives_the_same(
        self, opened: Opened, reusable: SavedModelClassifier, request: pytest.FixtureRequest
    ) -> None:
        effect = run(opened, reusable)
        picture = inputs(opened, reusable)
        batch = make_batch(opened, HUB, Training(), reusable, picture, COUNT).inputs
        before = reusable.loaded.mean.numpy()
        logits = reusable.loaded(tf.constant(batch), training=True).numpy()[0]
        assert not np.array_equal(reusable.loaded.mean.numpy(), before), "the call does move it"
        reusable.loaded.mean.assign(before)
        same = np.allclose(effect.scores.logits, logits[1:], atol=1e-4)
        assert same is ("no dropout" in request.node.name)

    def test_the_seed_decides_the_numbers(
        self, opened: Opened, reusable: SavedModelClassifier, request: pytest.FixtureRequest
    ) -> None:
        effects = [run(opened, reusable, seed=seed) for seed in (1, 2, 1)]
        rows = [effect.scores.logits for effect in effects]
        assert np.array_equal(rows[0], rows[2])
        assert not np.array_equal(rows[0], rows[1])
        assert effects[0].random is ("no dropout" not in request.node.name)

    def test_a_call_without_a_training_argument(self, opened: Opened, tmp_path: Path) -> None:
        twin = models.HubStyle(models.keras_model(activation=None))
        classifier = load_saved_model_release(models.hub_spec(models.saved_model(tmp_path, twin)))
        with pytest.raises(ReleaseError, match="published for inference only") as error:
            run(opened, classifier)
        assert "training" in error.value.message
        assert "Switch training mode off" in error.value.mend


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a module of Hub's TF1 format."""
    folder = tmp_path_factory.mktemp("tf1") / "module"
    return make_module(folder, Inception(size=75, width=1 / 64, dropout=0.5)).folder


class TestTf1Module:
    def test_it_is_the_graph_tagged_train(self, opened: Opened, module: Path) -> None:
        source = replace(
            models.hub_spec(module).source, options=(("signature", "image_feature_vector"),)
        )
        model = load_saved_model_release(
            models.hub_spec(module, source=source, output=OutputKind.FEATURES, background=False)
        )
        effect = run(opened, model)
        picture = inputs(opened, model)
        batch = make_batch(opened, HUB, Training(), model, picture, COUNT).inputs
        loaded = tf.saved_model.load(str(module), tags=["train"])
        signature = loaded.signatures["image_feature_vector"]
        expected = signature(images=tf.constant(batch))["default"].numpy()[0]
        assert np.allclose(effect.scores.probabilities, expected, atol=1e-4)
        assert not np.allclose(model.run(picture[None]).raw[0], expected, atol=1e-2)
        assert not effect.random, "dropout comes behind the features"

    def test_dropout_follows_the_seed(self, opened: Opened, module: Path) -> None:
        model = load_saved_model_release(models.hub_spec(module))
        answer = model.run(inputs(opened, model)[None]).raw
        one, other, again = (run(opened, model, seed=seed) for seed in (1, 2, 1))
        assert one.random
        assert np.array_equal(one.scores.logits, again.scores.logits)
        assert not np.array_equal(one.scores.logits, other.scores.logits)
        assert np.array_equal(model.run(inputs(opened, model)[None]).raw, answer)

    def test_a_signature_without_a_graph_for_training(self, opened: Opened, tmp_path: Path) -> None:
        module = tf.Module()
        images = tf.TensorSpec([None, SIZE, SIZE, 3], tf.float32)
        module.f = tf.function(
            lambda x: {"logits": tf.reduce_mean(x, [1, 2])}, input_signature=[images]
        )
        path = models.saved_model(tmp_path, module, signatures={"serving_default": module.f})
        classifier = load_saved_model_release(
            models.hub_spec(path, SourceKind.SAVED_MODEL, background=False)
        )
        with pytest.raises(ReleaseError, match="no graph tagged 'train'"):
            run(opened, classifier)


class Frozen:
    """A release of another kind."""

    def __init__(self, kind: SourceKind) -> None:
        source = replace(models.hub_spec("x").source, kind=kind)
        self.spec: ReleaseSpec = models.hub_spec("x", source=source, output=OutputKind.LOGITS)
        self.size = (SIZE, SIZE)

    def run(self, batch: NDArray[np.float32]) -> Any:
        raise AssertionError("not needed")

    def trace(self, batch: Any) -> Any:
        raise AssertionError("not needed")


@pytest.mark.parametrize(
    ("kind", "why"),
    [(SourceKind.TFLITE, "a TFLite model"), (SourceKind.FROZEN_GRAPH, "a frozen graph")],
)
def test_what_holds_no_training_graph_says_so(opened: Opened, kind: SourceKind, why: str) -> None:
    model = Frozen(kind)
    settings = SideSettings("hub", HUB, OutputSwitches(), Training(count=2))
    raw = np.zeros(11, np.float32)
    read = interpret(raw, OutputKind.LOGITS, True, OutputSwitches())
    with pytest.raises(ReleaseError, match=f"for inference only: {why}"):
        run_training(opened, settings, model, np.zeros((SIZE, SIZE, 3), np.float32), read)


class TestBatch:
    def test_crops_follow_the_seed_and_the_picture_is_first(
        self, opened: Opened, plain: KerasClassifier
    ) -> None:
        first = inputs(opened, plain)
        one, again, other = (
            make_batch(opened, HUB, Training(seed=seed), plain, first, 5).inputs
            for seed in (1, 1, 2)
        )
        assert one.shape == (5, SIZE, SIZE, 3)
        assert np.array_equal(one[0], first)
        assert np.array_equal(one, again)
        assert not np.array_equal(one[1:], other[1:])
        assert len(np.unique(one.reshape(5, -1), axis=0)) == 5
        assert 0 <= one.min() < one.max() <= 1, "each is scaled by the side's own stages"

    def test_other_pictures_of_a_folder(
        self, plain: KerasClassifier, tmp_path: Path, opened: Opened
    ) -> None:
        for number in range(4):
            pictures.write(tmp_path, f"{number}.jpg", pictures.jpeg(40 + number, 30))
        (tmp_path / "broken.jpg").write_bytes(b"no picture")
        (tmp_path / "notes.txt").write_text("no picture")
        own = open_picture(tmp_path / "0.jpg")
        first = inputs(opened, plain)
        settings = Training(batch=BatchFrom.FOLDER, folder=str(tmp_path))
        whole = make_batch(own, HUB, settings, plain, first, 4)
        assert whole.inputs.shape[0] == 4
        assert whole.note == ""
        assert sorted(whole.pictures) == ["1.jpg", "2.jpg", "3.jpg"], "the picture itself is not"
        for name, row in zip(whole.pictures, whole.inputs[1:], strict=True):
            assert np.array_equal(row, inputs_of(tmp_path / name, plain)), name
        short = make_batch(own, HUB, settings, plain, first, 9)
        assert short.inputs.shape[0] == 4
        assert "4 pictures only, not 9" in short.note
        assert np.array_equal(short.inputs, whole.inputs)

    @pytest.mark.parametrize("exists", [True, False])
    def test_a_folder_that_gives_nothing(
        self, opened: Opened, plain: KerasClassifier, tmp_path: Path, exists: bool
    ) -> None:
        folder = tmp_path if exists else tmp_path / "gone"
        settings = Training(batch=BatchFrom.FOLDER, folder=str(folder))
        with pytest.raises(PictureError, match="no other picture" if exists else "not be read"):
            make_batch(opened, HUB, settings, plain, np.zeros((SIZE, SIZE, 3), np.float32), 4)


def test_a_comparison_carries_it(opened: Opened, tmp_path: Path, photo: Path) -> None:
    left = models.keras_spec(models.keras_file(tmp_path, network()))
    right = models.hub_spec(models.saved_model(tmp_path, Reusable(0.0)))
    session = Session(models.pair_of(left, right))
    session.set_picture(PictureSource.from_path(photo))
    engine, before = Engine(), session.request()
    for side in Side:
        session.set_training(side, Training(count=3))
    request = session.request()
    assert before is not None
    assert request is not None
    first, result, after = map(engine.compare, (before, request, before))
    for side in Side:
        effect = result.side(side).training
        assert first.side(side).training is None
        assert effect is not None
        assert effect.max_abs_difference > 1e-3
        assert effect.settings == Training(count=3)
        assert np.array_equal(first.side(side).raw, after.side(side).raw)
    again = engine.compare(request)
    assert again.left.training is result.left.training, "kept for the next comparison"
    session.set_mode(Side.LEFT, "bgr")
    other = session.request()
    assert other is not None
    changed = engine.compare(other)
    assert changed.left.training is not result.left.training
    assert changed.right.training is result.right.training
