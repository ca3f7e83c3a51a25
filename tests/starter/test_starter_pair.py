"""The two releases that ship are one checkpoint, and both know the shipped golf ball."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from inspector.starter.architecture import network
from inspector.starter.checkpoint import read_checkpoint
from inspector.starter.keras_twin import checkpoint_from_model

if TYPE_CHECKING:
    from pathlib import Path

GOLF_BALL = 574
SIZE = 96
# Logits lie within ±15; the same sums in another order differ by a few float32 steps.
FLOAT_NOISE = 5e-5


def _keras_weights(model: Any) -> dict[str, np.ndarray]:
    return dict(checkpoint_from_model(model).weights)


def _hub_weights(loaded: Any) -> dict[str, np.ndarray]:
    return {variable.name.removesuffix(":0"): variable.numpy() for variable in loaded.variables}


def _keras_input(file: Path) -> np.ndarray:
    import keras

    picture = keras.utils.img_to_array(keras.utils.load_img(file, target_size=(SIZE, SIZE)))
    return np.asarray(picture / 127.5 - 1.0, np.float32)[None]


def _hub_input(file: Path) -> Any:
    import tensorflow as tf

    decoded = tf.image.decode_jpeg(tf.io.read_file(str(file)), channels=3)
    picture = tf.image.convert_image_dtype(decoded, tf.float32)
    return tf.image.resize(picture, (SIZE, SIZE))[None]


def _softmax(logits: Any) -> np.ndarray:
    powers = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def test_both_releases_hold_the_same_weights(keras_starter: Any, hub_starter: Any) -> None:
    left, right = _keras_weights(keras_starter), _hub_weights(hub_starter)
    names = network(0.35).slim_names()
    assert sorted(names.values()) == sorted(right)
    for key, slim in names.items():
        if key == "predictions/kernel":
            assert right[slim].shape == (1, 1, 1280, 1001)
            right[slim] = right[slim][0, 0, :, 1:]
        elif key == "predictions/bias":
            assert right[slim].shape == (1001,)
            right[slim] = right[slim][1:]
        np.testing.assert_array_equal(left[key], right[slim], err_msg=key)


def test_same_logits_on_noise(keras_starter: Any, hub_starter: Any, noise: np.ndarray) -> None:
    left = np.asarray(keras_starter(noise * 2.0 - 1.0))
    right = np.asarray(hub_starter(noise))
    assert left.shape == (3, 1000)
    assert right.shape == (3, 1001)
    assert left.std(axis=1).min() > 0.5
    np.testing.assert_allclose(left, right[:, 1:], rtol=0, atol=FLOAT_NOISE)


def test_same_logits_on_a_picture(keras_starter: Any, hub_starter: Any, resources: Path) -> None:
    picture = np.asarray(_hub_input(resources / "samples" / "golf_ball.jpg"))
    left, right = keras_starter(picture * 2.0 - 1.0), hub_starter(picture)
    np.testing.assert_allclose(left, np.asarray(right)[:, 1:], rtol=0, atol=FLOAT_NOISE)


def test_both_name_the_golf_ball(keras_starter: Any, hub_starter: Any, resources: Path) -> None:
    file = resources / "samples" / "golf_ball.jpg"
    left = _softmax(keras_starter(_keras_input(file)))[0]
    right = _softmax(hub_starter(_hub_input(file)))[0, 1:]
    for scores in (left, right):
        assert scores.argmax() == GOLF_BALL
        assert scores[GOLF_BALL] > 0.8


def test_the_known_differences(keras_starter: Any, hub_starter: Any, noise: np.ndarray) -> None:
    """The same numbers given unchanged to both, as in the known case: they must not agree."""
    left = _softmax(keras_starter(noise))
    right = np.asarray(hub_starter(noise))
    assert left.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert np.abs(right.sum(axis=1) - 1.0).min() > 0.1
    assert not np.allclose(left, _softmax(right)[:, 1:], rtol=0.8)


def test_the_checkpoint_gives_the_shipped_weights(
    keras_starter: Any, hub_starter: Any, checkpoint_file: Path
) -> None:
    checkpoint = read_checkpoint(checkpoint_file)
    assert (checkpoint.alpha, checkpoint.classes, checkpoint.background) == (0.35, 1000, True)
    shipped = _keras_weights(keras_starter)
    for key, value in checkpoint.without_background().weights.items():
        np.testing.assert_array_equal(shipped[key], value, err_msg=key)
    right = _hub_weights(hub_starter)
    for key, slim in checkpoint.network.slim_names().items():
        value = checkpoint.weights[key]
        np.testing.assert_array_equal(right[slim].reshape(value.shape), value, err_msg=slim)


def test_what_ships_is_small_and_names_no_folder_of_its_maker(resources: Path) -> None:
    files = [file for file in (resources / "starter").rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 16_000_000
    root = str(resources.parent.resolve()).encode()
    for file in files:
        assert root not in file.read_bytes()
