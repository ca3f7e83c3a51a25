"""Keras models of other kinds: weights with a configuration, features, Keras 2, odd inputs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import h5py
import keras
import numpy as np
import pytest

from inspector.core.errors import ReleaseError, ReleaseMissingError
from inspector.core.pairs import OutputKind, PairSpec
from inspector.core.sources import Source, SourceKind
from inspector.engine.loading import load_release
from inspector.engine.scan_legacy import legacy_cause, load_fault
from inspector.engine.weights import read_weights
from tests.support import models

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.core.pairs import ReleaseSpec

SHAPE = (models.SIZE, models.SIZE, 3)


def batch(count: int = 3) -> np.ndarray:
    return np.random.default_rng(3).random((count, *SHAPE), dtype=np.float32)


def refuse(spec: ReleaseSpec, words: str, kind: type[Exception] = ReleaseError) -> Any:
    with pytest.raises(kind, match=words) as caught:
        load_release(spec)
    assert caught.value.mend  # type: ignore[attr-defined]
    assert "\n" not in str(caught.value)
    return caught.value


# Weights with a configuration beside them


def described(folder: Path, model: Any) -> tuple[Path, Path]:
    weights, config = folder / "made.weights.h5", folder / "made.json"
    model.save_weights(weights)
    config.write_text(model.to_json())
    return weights, config


def weights_spec(weights: Path, config: Path | str = "") -> ReleaseSpec:
    options = (("config", str(config)),) if config else ()
    return models.keras_spec("", source=Source(SourceKind.KERAS_WEIGHTS, str(weights), options))


def test_weights_with_a_configuration(tmp_path: Path) -> None:
    model = models.keras_model()
    loaded = load_release(weights_spec(*described(tmp_path, model)))
    assert loaded.size == SHAPE[:2]
    outputs = loaded.run(batch())
    np.testing.assert_array_equal(outputs.raw, np.asarray(model(batch(), training=False)))
    assert outputs.logits is not None
    assert len(read_weights(loaded)) == len(model.weights)


def test_weights_alone_name_both_builders(tmp_path: Path) -> None:
    weights, config = described(tmp_path, models.keras_model())
    plain = weights.rename(tmp_path / "renamed.h5")
    for spec in (weights_spec(plain), models.keras_spec(plain)):
        error = refuse(spec, "weights only")
        assert "keras-weights:renamed.h5?config=renamed.json" in error.mend
        assert "keras-application:NAME?weights=renamed.h5" in error.mend
    error = refuse(weights_spec(plain, config), "do not fit")
    assert "renamed.weights.h5" in error.mend


def test_weights_that_do_not_fit(tmp_path: Path) -> None:
    weights, config = described(tmp_path, models.keras_model())
    config.write_text(models.keras_model(classes=7).to_json())
    error = refuse(weights_spec(weights, config), "do not fit")
    assert "made.weights.h5" in error.message
    assert "made.json" in error.message
    weights.write_bytes(weights.read_bytes()[:900])
    refuse(weights_spec(weights, config), "made.weights.h5")
    refuse(weights_spec(weights, tmp_path / "none.json"), "none.json", ReleaseMissingError)
    refuse(weights_spec(tmp_path / "none.h5", config), "none.h5", ReleaseMissingError)


def test_a_configuration_that_is_no_model(tmp_path: Path) -> None:
    weights, config = described(tmp_path, models.keras_model())
    config.write_text(json.dumps(keras.saving.serialize_keras_object(keras.layers.Dense(3))))
    refuse(weights_spec(weights, config), "of a Dense, not of a model")
    bare = keras.Sequential([keras.layers.Dense(3)])
    config.write_text(bare.to_json())
    refuse(weights_spec(weights, config), "nothing about the input")


# Features of applications


def application(**options: str) -> ReleaseSpec:
    common = {"weights": "none", "alpha": "0.35", "size": "96"}
    spec = models.application_spec(*(common | options).items())
    return models.keras_spec("", source=spec.source, output=OutputKind.FEATURES)


@pytest.mark.parametrize(("top", "pooling"), [("false", "avg"), ("0", "max")])
def test_an_application_without_its_top(top: str, pooling: str) -> None:
    loaded = load_release(application(include_top=top, pooling=pooling))
    outputs = loaded.run(np.zeros((2, 96, 96, 3), np.float32))
    assert outputs.raw.shape == (2, 1280)
    assert outputs.logits is None


def test_features_are_no_probabilities() -> None:
    """Whatever a model of features ends in, nothing before it is looked for."""
    loaded = load_release(application(include_top="true"))
    assert loaded.run(np.zeros((1, 96, 96, 3), np.float32)).logits is None


def test_wrong_options_of_features() -> None:
    assert "pooling=avg" in refuse(application(include_top="false"), "map of features").mend
    assert "true or false" in refuse(application(include_top="no"), "include_top='no'").mend
    assert "pooling=max" in refuse(application(pooling="sum"), "pooling='sum'").mend


# Keras 2


def old_file(folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """Write an old-style ``.h5`` file whose layers are described as Keras 2 does it."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input(SHAPE),
            keras.layers.DepthwiseConv2D(3, name="wide"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(4, activation="softmax"),
        ]
    )
    path = folder / "old.h5"
    model.save(path)
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        for layer in config["config"]["layers"]:
            for key in ("module", "registered_name", "build_config"):
                layer.pop(key, None)
            layer["config"]["dtype"] = "float32"
            if layer["class_name"] == "InputLayer":
                layer["config"]["batch_input_shape"] = layer["config"].pop("batch_shape")
        change(config)
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"] = "2.15.0"
    return path


def layers_of(config: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = config["config"]["layers"]
    return found


def test_a_file_of_keras_2_opens(tmp_path: Path) -> None:
    loaded = load_release(models.keras_spec(old_file(tmp_path, lambda _: None)))
    np.testing.assert_allclose(loaded.run(batch()).raw.sum(axis=1), 1, atol=1e-5)


def test_what_keras_3_does_not_take_is_named(tmp_path: Path) -> None:
    path = old_file(tmp_path, lambda c: layers_of(c)[1]["config"].__setitem__("groups", 1))
    error = refuse(models.keras_spec(path), "saved by Keras 2")
    assert "takes no 'groups' for the DepthwiseConv2D layer 'wide'" in error.message
    assert "tf.saved_model.save" in error.mend
    layer = {"class_name": "TFOpLambda", "config": {"name": "tf.math.truediv"}}
    path = old_file(tmp_path, lambda c: layers_of(c).insert(1, layer))
    error = refuse(models.keras_spec(path), "TFOpLambda")
    assert "'tf.math.truediv'" in error.message


def test_a_layer_that_fails_is_named_without_its_configuration(tmp_path: Path) -> None:
    config = json.loads(models.keras_model().to_json())
    config["config"]["layers"][1]["config"]["kernel_shape"] = [3, 3]
    weights, path = described(tmp_path, models.keras_model())
    path.write_text(json.dumps(config))
    error = refuse(weights_spec(weights, path), "the Conv2D layer 'convolution'")
    assert "kernel_shape" in error.message
    assert len(error.message) < 300


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (None, ""),
        ({"class_name": "Sequential", "config": {"layers": []}}, ""),
        ({"class_name": "Model", "keras_version": "2.4.0"}, "cannot read its configuration"),
        ([{"class_name": "InputLayer", "config": {"batch_input_shape": []}}], "cannot read"),
        ({"class_name": "InputLayer", "config": None}, ""),
    ],
)
def test_causes(config: Any, words: str) -> None:
    assert words in legacy_cause(config)
    assert bool(legacy_cause(config)) == bool(words)


def test_an_unknown_class_is_named() -> None:
    error = load_fault("a.keras", TypeError("Could not locate class 'Mine'. Make…"), None, "Mend.")
    assert error.message == (
        "a.keras could not be opened as a Keras model: it needs the unknown class Mine."
    )


def test_no_word_is_cut_in_the_middle() -> None:
    words = {f"word_{index}": None for index in range(40)}
    text = (
        "Error when deserializing class 'Dense' using\nconfig={'name': 'top'}.\n\nException "
        f"encountered: Unrecognized keyword arguments passed to Dense: {words}"
    )
    said = load_fault("a.keras", TypeError(text), None, "Mend.").message
    assert said.endswith(" ….")
    kept = re.findall(r"\w+", said.partition("takes no ")[2])
    assert len(kept) > 5
    assert set(kept) <= {*words, "None"}


# Inputs and outputs that are no picture and no row


def test_outputs_of_a_dict_have_the_users_names(tmp_path: Path) -> None:
    one = keras.Input(SHAPE)
    row = keras.layers.GlobalAveragePooling2D()(one)
    heads = {"species": keras.layers.Dense(3)(row), "age": keras.layers.Dense(4)(row)}
    error = refuse(file_of(tmp_path, keras.Model(one, heads)), "gives 2 outputs")
    assert "age (None, 4), species (None, 3)" in error.message


def test_a_dict_of_one_output_is_taken(tmp_path: Path) -> None:
    one = keras.Input(SHAPE)
    row = keras.layers.GlobalAveragePooling2D()(one)
    spec = file_of(tmp_path, keras.Model(one, {"species": keras.layers.Dense(3)(row)}))
    assert load_release(spec).run(np.zeros((2, *SHAPE), np.float32)).raw.shape == (2, 3)


def file_of(folder: Path, model: Any) -> ReleaseSpec:
    return models.keras_spec(models.keras_file(folder, model))


def test_several_inputs_and_outputs(tmp_path: Path) -> None:
    one, two = keras.Input(SHAPE, name="one"), keras.Input(SHAPE, name="two")
    row = keras.layers.GlobalAveragePooling2D()
    both = keras.Model([one, two], row(keras.layers.Add()([one, two])))
    assert "one" in refuse(file_of(tmp_path, both), "takes 2 inputs").message
    double = keras.Model(one, [row(one), keras.layers.GlobalMaxPooling2D(name="top")(one)])
    assert "one output" in refuse(file_of(tmp_path, double), "gives 2 outputs").mend


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((16, 16, 1), "takes grey pictures"),
        ((3, 16, 16), "channels first"),
        ((16, 16, 5), "5 channels"),
        ((7,), "does not take one RGB picture"),
        ((4, 16, 16, 3), "does not take one RGB picture"),
    ],
)
def test_what_is_no_rgb_picture(tmp_path: Path, shape: tuple[int, ...], words: str) -> None:
    model = keras.Sequential([keras.Input(shape), keras.layers.Flatten(), keras.layers.Dense(3)])
    refuse(file_of(tmp_path, model), words)


def test_own_weights_of_an_application(starter: PairSpec) -> None:
    """An application's weights need no configuration: its name is the builder."""
    assert starter.left.source.kind is SourceKind.KERAS_APPLICATION
    assert load_release(starter.left).size == (96, 96)
