"""The Hub twin keeps the conventions of tf2-preview and computes what Keras computes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from inspector.core.errors import ReleaseError
from inspector.starter.hub_twin import HubMobileNetV2, publish_hub_twin
from inspector.starter.keras_twin import keras_model
from inspector.starter.tiny import random_checkpoint

if TYPE_CHECKING:
    from pathlib import Path


def test_interface_of_a_reusable_saved_model(hub_starter: Any) -> None:
    assert len(hub_starter.variables) == 262
    assert len(hub_starter.trainable_variables) == 262 - 2 * 52
    assert list(hub_starter.regularization_losses) == []
    signature = hub_starter.signatures["serving_default"]
    (positional, named) = signature.structured_input_signature
    assert positional == ()
    assert list(named) == ["inputs"]
    assert named["inputs"].shape.as_list() == [None, 96, 96, 3]
    assert signature.structured_outputs["logits"].shape.as_list() == [None, 1001]


def test_every_way_to_call_it_agrees(hub_starter: Any, noise: np.ndarray) -> None:
    import tensorflow as tf

    plain = hub_starter(noise).numpy()
    signature = hub_starter.signatures["serving_default"]
    for other in (
        hub_starter(noise, False, 0.9),
        hub_starter(noise, training=False),
        hub_starter(noise, batch_norm_momentum=tf.constant(0.5)),
        signature(inputs=tf.constant(noise))["logits"],
    ):
        np.testing.assert_array_equal(plain, other)


def test_operations_carry_slim_names(hub_starter: Any) -> None:
    graph = hub_starter.__call__.concrete_functions[0].graph
    names = {operation.name for operation in graph.get_operations()}
    assert {
        "MobilenetV2/Conv/Conv2D",
        "MobilenetV2/Conv/Relu6",
        "MobilenetV2/expanded_conv_2/depthwise/depthwise",
        "MobilenetV2/expanded_conv_2/add",
        "MobilenetV2/expanded_conv_16/output",
        "MobilenetV2/Logits/Conv2d_1c_1x1/BiasAdd",
    } <= names


def test_training_uses_and_updates_batch_statistics() -> None:
    module = HubMobileNetV2(random_checkpoint(seed=1, alpha=0.1, classes=5))
    batch = np.random.default_rng(0).random((4, 32, 32, 3), dtype=np.float32)
    mean, variance = (
        module.named[f"MobilenetV2/Conv/BatchNorm/moving_{part}"] for part in ("mean", "variance")
    )
    old_mean, old_variance = mean.numpy(), variance.numpy()
    stem = _valid_convolution(batch, module.named["MobilenetV2/Conv/weights"].numpy())
    inference, trained = module.logits(batch).numpy(), module.logits(batch, True, 0.75).numpy()
    assert np.abs(inference - trained).max() > 0.1
    count = stem[..., 0].size
    new_mean = 0.75 * old_mean + 0.25 * stem.mean(axis=(0, 1, 2))
    new_variance = 0.75 * old_variance + 0.25 * stem.var(axis=(0, 1, 2)) * count / (count - 1)
    np.testing.assert_allclose(mean.numpy(), new_mean, atol=1e-5)
    np.testing.assert_allclose(variance.numpy(), new_variance, rtol=1e-4)


def _valid_convolution(batch: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Compute the stem by hand: scale to [-1, 1], one row of zeros below and right, stride 2."""
    padded = np.pad(batch * 2.0 - 1.0, ((0, 0), (0, 1), (0, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))[:, ::2, ::2]
    return np.einsum("bhwcij,ijco->bhwo", windows, kernel)


@pytest.mark.parametrize(("size", "alpha"), [(33, 0.1), (39, 0.5), (64, 1.4)])
def test_agrees_with_keras_at_odd_and_even_sizes(size: int, alpha: float) -> None:
    checkpoint = random_checkpoint(seed=size, alpha=alpha, classes=21)
    batch = np.random.default_rng(1).random((2, size, size, 3), dtype=np.float32)
    model = keras_model(checkpoint, size=size)
    right = HubMobileNetV2(checkpoint).logits(batch).numpy()[:, 1:]
    model.layers[-1].activation = None
    left = np.asarray(model(batch * 2.0 - 1.0))
    np.testing.assert_allclose(left, right, rtol=0, atol=1e-4)


def test_a_twin_of_a_keras_model(tmp_path: Path) -> None:
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(5)
    model = keras.applications.MobileNetV2(
        alpha=0.35, input_shape=(32, 32, 3), weights=None, classes=4
    )
    twin = tf.saved_model.load(str(publish_hub_twin(model, tmp_path / "twin")))
    batch = np.random.default_rng(2).random((2, 32, 32, 3), dtype=np.float32)
    scores = tf.nn.softmax(twin(batch)).numpy()
    assert scores.shape == (2, 5)
    shared = scores[:, 1:] / (1.0 - scores[:, :1])
    np.testing.assert_allclose(model(batch * 2.0 - 1.0), shared, rtol=0, atol=1e-6)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["twin"]


def test_what_is_no_mobilenet_v2_is_refused(tmp_path: Path) -> None:
    import keras

    other = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Flatten(), keras.layers.Dense(2)]
    )
    with pytest.raises(ReleaseError, match="no classifier"):
        publish_hub_twin(other, tmp_path / "twin")
    with pytest.raises(ReleaseError, match="needs the size"):
        publish_hub_twin(random_checkpoint(seed=0, classes=3), tmp_path / "twin")
    assert not list(tmp_path.iterdir())
