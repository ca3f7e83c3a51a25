"""A twin computes what its model computes, keeps Hub's interface, and comes with its pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from inspector.core.errors import ExportError, ReleaseError, UntrustedModelError
from inspector.core.input_range import CAFFE, LEVELS, SYMMETRIC
from inspector.core.model_files import source_of_model
from inspector.core.pairs import OutputKind, read_pairs
from inspector.core.twin import Parity, PublishTask
from inspector.engine import twin as twin_module
from inspector.engine.engine import Engine
from inspector.engine.twin import publish_twin
from inspector.engine.watcher import Watcher
from tests.support import models
from tests.support.hostile import Hostile
from tests.support.transfer import CLASSES, SIZE, save_h5, transfer_model

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.core.twin import Published


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("twins")


@pytest.fixture(scope="module")
def model_file(folder: Path) -> Path:
    return save_h5(transfer_model(rescaling=True), folder / "flowers.h5")


@pytest.fixture(scope="module")
def made(folder: Path, model_file: Path) -> Published:
    task = PublishTask(source_of_model(str(model_file)), folder / "twin", background=True)
    return publish_twin(task, Watcher())


@pytest.fixture(scope="module")
def small(folder: Path) -> Path:
    return models.keras_file(folder, models.keras_model(), "small.keras")


def test_parity_is_float_noise(made: Published, model_file: Path, folder: Path) -> None:
    assert made.parity.is_noise
    model = keras.models.load_model(model_file, compile=False)
    twin = tf.saved_model.load(str(folder / "twin"))
    unit = np.random.default_rng(0).random((2, SIZE, SIZE, 3), dtype=np.float32)
    logits = np.asarray(twin(unit))
    assert logits.shape == (2, CLASSES + 1)
    shared = np.asarray(tf.nn.softmax(logits[:, 1:]))
    np.testing.assert_allclose(np.asarray(model(unit * 255.0)), shared, rtol=0, atol=1e-6)
    np.testing.assert_allclose(logits[:, 0], logits[:, 1:].mean(axis=1), rtol=0, atol=1e-5)


def test_it_found_the_range_itself(made: Published) -> None:
    assert made.range.value == LEVELS
    assert not made.range.is_doubtful


def test_interface_of_a_reusable_saved_model(made: Published) -> None:
    twin = tf.saved_model.load(str(made.folder))
    signature = twin.signatures["serving_default"]
    (_, named) = signature.structured_input_signature
    assert list(named) == ["inputs"]
    assert signature.structured_outputs["logits"].shape.as_list() == [None, CLASSES + 1]
    assert len(twin.trainable_variables) == 2
    assert len(twin.variables) > 200
    assert list(twin.regularization_losses) == []
    batch = np.full((1, SIZE, SIZE, 3), 0.5, np.float32)
    np.testing.assert_array_equal(twin(batch), twin(batch, training=False))
    np.testing.assert_array_equal(twin(batch), signature(inputs=tf.constant(batch))["logits"])
    runs = [np.asarray(twin(batch, training=True)) for _ in range(2)]
    assert np.abs(runs[0] - runs[1]).max() > 1e-3, "dropout is off in training"


def test_the_pair_beside_it_opens(made: Published) -> None:
    assert read_pairs(made.pair_file) == (made.pair,)
    text = made.pair_file.read_text(encoding="utf-8")
    assert 'source = "hub:twin"' in text
    assert 'source = "keras-file:flowers.h5"' in text
    check = Engine().load(made.pair).check
    assert check.same_function


def published(tmp_path: Path, model: Any, **changes: Any) -> Published:
    file = models.keras_file(tmp_path, model, "model.keras")
    wanted = {"range": SYMMETRIC} | changes
    return publish_twin(
        PublishTask(source_of_model(str(file)), tmp_path / "twin", **wanted), Watcher()
    )


def test_caffe_inputs_are_turned_round_inside(tmp_path: Path) -> None:
    model = models.keras_model(activation=None)
    found = published(tmp_path, model, range=CAFFE)
    unit = np.random.default_rng(1).random((2, models.SIZE, models.SIZE, 3), dtype=np.float32)
    twin = tf.saved_model.load(str(found.folder))
    own = np.asarray(model(CAFFE.from_unit(unit)))
    np.testing.assert_allclose(own, twin(unit), rtol=1e-4, atol=1e-3)
    assert found.pair.left.output is OutputKind.LOGITS
    assert found.range.certainty == "known"
    assert any("would have said" in note for note in found.notes)
    assert not any("not settled" in note for note in found.notes)
    text = found.pair_file.read_text(encoding="utf-8")
    assert '# Known: Named by the user.\nrange = "caffe"' in text
    assert "not settled" not in text


def test_a_softmax_that_cannot_be_taken_off(tmp_path: Path) -> None:
    inner = models.keras_model()
    inputs = keras.Input((models.SIZE, models.SIZE, 3))
    found = published(tmp_path, keras.Model(inputs, inner(inputs)))
    assert any("logarithms" in note for note in found.notes)
    unit = np.random.default_rng(2).random((2, models.SIZE, models.SIZE, 3), dtype=np.float32)
    rows = np.asarray(tf.nn.softmax(tf.saved_model.load(str(found.folder))(unit)))
    np.testing.assert_allclose(inner(unit * 2.0 - 1.0), rows, atol=1e-6)


@pytest.mark.parametrize("layer", ["softmax", "activation"])
def test_a_softmax_layer_of_its_own_is_taken_off(tmp_path: Path, layer: str) -> None:
    last = keras.layers.Softmax() if layer == "softmax" else keras.layers.Activation("softmax")
    model = keras.Sequential([*models.keras_model(activation=None).layers, last])
    model.build((None, models.SIZE, models.SIZE, 3))
    found = published(tmp_path, model)
    assert not any("logarithms" in note for note in found.notes)
    assert found.parity.is_noise


def test_regularised_weights_bring_their_losses(tmp_path: Path) -> None:
    inputs = keras.Input((16, 16, 3))
    x = keras.layers.GlobalAveragePooling2D()(inputs)
    x = keras.layers.Dense(4, kernel_regularizer="l2", name="classes")(x)
    found = published(tmp_path, keras.Model(inputs, x))
    twin = tf.saved_model.load(str(found.folder))
    (loss,) = twin.regularization_losses
    kernel = next(np.asarray(each) for each in twin.trainable_variables if each.shape.rank == 2)
    assert float(loss()) == pytest.approx(0.01 * float((kernel**2).sum()), rel=1e-5)


def test_a_model_of_one_picture_at_a_time(tmp_path: Path) -> None:
    found = published(tmp_path, models.keras_model(batch=1))
    assert found.parity.is_noise
    assert found.parity.pictures > 1


def test_an_unclear_range_has_to_be_named(small: Path, tmp_path: Path) -> None:
    task = PublishTask(source_of_model(str(small)), tmp_path / "twin")
    with pytest.raises(ReleaseError, match="not clear which range") as raised:
        publish_twin(task, Watcher())
    assert "--range" in raised.value.mend
    assert not list(tmp_path.iterdir())


def refused(model: Any, tmp_path: Path) -> str:
    with pytest.raises(ReleaseError) as raised:
        published(tmp_path, model)
    assert not (tmp_path / "twin").exists()
    assert not (tmp_path / "twin.toml").exists()
    return str(raised.value)


def test_several_inputs_are_refused(tmp_path: Path) -> None:
    inputs = [keras.Input((8, 8, 3)) for _ in range(2)]
    x = keras.layers.GlobalAveragePooling2D()(keras.layers.Add()(inputs))
    model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(x))
    assert "takes 2 inputs" in refused(model, tmp_path)


def test_several_outputs_are_refused(tmp_path: Path) -> None:
    inputs = keras.Input((8, 8, 3))
    x = keras.layers.GlobalAveragePooling2D()(inputs)
    model = keras.Model(inputs, [keras.layers.Dense(3)(x), keras.layers.Dense(3)(x)])
    assert "2 outputs" in refused(model, tmp_path)


def test_features_are_refused(tmp_path: Path) -> None:
    inputs = keras.Input((16, 16, 3))
    x = keras.layers.Conv2D(512, 3, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x))
    assert "not class scores" in refused(model, tmp_path)


def _nested_sigmoid() -> Any:
    inputs = keras.Input((models.SIZE, models.SIZE, 3))
    return keras.Model(inputs, models.keras_model(activation="sigmoid")(inputs))


def _unnamed_sigmoid() -> Any:
    return models.keras_model(activation="hard_sigmoid")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: models.keras_model(activation="sigmoid"), "ends in a sigmoid"),
        (_nested_sigmoid, "ends in a sigmoid"),
        (_unnamed_sigmoid, "as a sigmoid does"),
    ],
)
def test_a_sigmoid_is_refused(tmp_path: Path, make: Callable[[], Any], said: str) -> None:
    assert said in refused(make(), tmp_path)


def test_a_lambda_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / "hostile").mkdir()
    hostile = Hostile(tmp_path / "hostile")
    file = hostile.with_lambda(".keras")
    hostile.marker.unlink(missing_ok=True)
    with pytest.raises(UntrustedModelError):
        publish_twin(PublishTask(source_of_model(str(file)), tmp_path / "twin"), Watcher())
    assert not hostile.marker.exists()


def test_only_keras_models_have_twins(made: Published, tmp_path: Path) -> None:
    task = PublishTask(source_of_model(str(made.folder)), tmp_path / "twin")
    with pytest.raises(ReleaseError, match="no Keras model"):
        publish_twin(task, Watcher())


def test_what_is_there_is_kept_unless_forced(small: Path, tmp_path: Path) -> None:
    source = source_of_model(str(small))
    target = tmp_path / "twin"
    target.mkdir()
    with pytest.raises(ExportError, match="is there already"):
        publish_twin(PublishTask(source, target, SYMMETRIC), Watcher())
    (target / "diary.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ExportError, match="is no SavedModel"):
        publish_twin(PublishTask(source, target, SYMMETRIC, force=True), Watcher())
    assert (target / "diary.txt").read_text(encoding="utf-8") == "mine"
    (target / "diary.txt").unlink()
    again = PublishTask(source, target, SYMMETRIC, force=True)
    publish_twin(again, Watcher())
    publish_twin(again, Watcher())
    assert (target / "saved_model.pb").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["twin", "twin.toml"]


def test_a_folder_that_cannot_be_written_is_told_before_the_model_is_opened(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(twin_module, "load_release")
    blocker = tmp_path / "file"
    blocker.write_text("", encoding="utf-8")
    task = PublishTask(source_of_model(str(small)), blocker / "twin", SYMMETRIC)
    with pytest.raises(ExportError, match="could not be written"):
        publish_twin(task, Watcher())


def test_no_parity_no_twin(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twin_module, "_parity", lambda *_: Parity(0.5, 3.0, 7))
    with pytest.raises(ReleaseError, match="does not compute the same"):
        publish_twin(
            PublishTask(source_of_model(str(small)), tmp_path / "twin", SYMMETRIC), Watcher()
        )
    assert not list(tmp_path.iterdir())


def test_half_precision_is_named_where_it_is_the_reason(tmp_path: Path) -> None:
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = models.keras_model(classes=20)
    finally:
        keras.config.set_dtype_policy("float32")
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([kernel * 40, bias])
    said = refused(model, tmp_path)
    assert "computes in half precision (float16)" in said
    assert "Publish a float32 copy" in said


def test_a_twin_has_no_second_background_class(tmp_path: Path) -> None:
    model = models.keras_model(classes=1001)
    found = published(tmp_path, model, background=True)
    assert found.pair.right.background is True
    assert tf.saved_model.load(str(found.folder))(
        np.zeros((1, models.SIZE, models.SIZE, 3), np.float32)
    ).shape == (1, 1001)
    assert any("already" in note for note in found.notes)
