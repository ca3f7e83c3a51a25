"""What a release's layers tell: scalings before the first one, names, batch norms, the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from inspector.core.input_range import CAFFE, UNIT
from inspector.core.model_files import source_of_model
from inspector.core.proposing import ProposeTask
from inspector.core.proposing_observation import Front
from inspector.engine.proposing import propose
from inspector.engine.proposing_graph import FirstLayers
from inspector.engine.proposing_layers import Last, Layers, layers_of
from inspector.engine.proposing_pictures import made_pictures
from inspector.engine.watcher import Watcher
from tests.support.tflite import convert

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def frozen(function: Any, size: int = 16) -> FirstLayers:
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2,
    )

    concrete = tf.function(function, autograph=False).get_concrete_function(
        tf.TensorSpec([None, size, size, 3], tf.float32)
    )
    return FirstLayers(convert_variables_to_constants_v2(concrete))


def test_the_front_of_a_graph_is_measured() -> None:
    kernel = tf.constant(np.ones((3, 3, 3, 4), np.float32))

    def caffe(x: Any) -> Any:
        x = x[..., ::-1] - tf.constant([103.939, 116.779, 123.68])
        return tf.nn.conv2d(x, kernel, 1, "SAME")

    front = frozen(caffe).front()
    assert front is not None
    np.testing.assert_allclose(front.matrix, np.eye(3)[::-1], atol=1e-4)
    np.testing.assert_allclose(front.offset, CAFFE.black, rtol=1e-5)
    assert frozen(lambda x: tf.nn.conv2d(x, kernel, 1, "SAME")).front() is None


def test_a_cast_is_no_scaling() -> None:
    kernel = tf.constant(np.ones((3, 3, 3, 4)), tf.float16)
    inside = frozen(lambda x: tf.nn.conv2d(tf.cast(x, tf.float16), kernel, 1, "SAME"))
    front = inside.front()
    assert front is not None
    assert front.passes_on
    assert not Front(np.eye(3) * 2.0, np.zeros(3)).passes_on


@pytest.mark.parametrize(
    ("last", "name"), [(tf.nn.softmax, "Softmax"), (tf.nn.sigmoid, "Sigmoid"), (tf.nn.relu, "Relu")]
)
def test_the_last_operation_is_named(last: Callable[[Any], Any], name: str) -> None:
    inside = frozen(lambda x: tf.cast(tf.identity(last(tf.reduce_mean(x, [1, 2]))), tf.float16))
    assert inside.last_operation() == name


@pytest.mark.parametrize("fused", [True, False])
def test_norms_are_found_fused_and_spelt_out(fused: bool) -> None:
    random = np.random.default_rng(0)
    kernel = tf.constant(random.normal(size=(3, 3, 3, 4)).astype(np.float32))
    mean = random.normal(size=4).astype(np.float32)
    variance = random.uniform(0.5, 2, 4).astype(np.float32)
    gamma, beta = np.full(4, 1.5, np.float32), np.zeros(4, np.float32)
    moving = tf.Variable(mean), tf.Variable(variance)

    def network(x: Any) -> Any:
        x = tf.nn.conv2d(x, kernel, 1, "SAME")
        if fused:
            return tf.compat.v1.nn.fused_batch_norm(
                x, gamma, beta, mean, variance, is_training=False
            )[0]
        return tf.nn.batch_normalization(x, *moving, beta, gamma, 1e-3)

    batch = made_pictures((16, 16), 2)
    (norm,) = frozen(network).norms(batch)
    np.testing.assert_allclose(norm.mean, mean, rtol=1e-6)
    np.testing.assert_allclose(norm.variance, variance, rtol=1e-6)
    entry = np.asarray(tf.nn.conv2d(batch, kernel, 1, "SAME"), dtype=np.float64)
    np.testing.assert_allclose(norm.seen_mean, entry.mean(axis=(0, 1, 2)), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(norm.seen_variance, entry.var(axis=(0, 1, 2)), rtol=1e-4)


def named_model(padding: str = "same", *, rescaling: bool = False, pad: bool = False) -> Any:
    """Make a small network whose layers have the names of a known one."""
    keras.utils.set_random_seed(4)
    layers = [
        keras.Input((16, 16, 3)),
        *([keras.layers.Rescaling([2.0, 2.0, 2.0], offset=-1.0)] if rescaling else []),
        *([keras.layers.ZeroPadding2D(1)] if pad else []),
        keras.layers.Conv2D(4, 3, strides=2, padding=padding, name="expanded_conv_depthwise"),
        keras.layers.Conv2D(6, 3, name="block_1_expand"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(5, activation="sigmoid"),
    ]
    return keras.Sequential(layers)


def tflite_layers(path: Path, model: Any) -> Layers:
    return layers_of(source_of_model(str(convert(model, path))), None)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_a_tflite_file_tells_its_layers(tmp_path: Path) -> None:
    bare = tflite_layers(tmp_path / "bare.tflite", named_model("valid", pad=True))
    assert (bare.front, bare.family, bare.last) == (None, "MobileNetV2", Last.SIGMOID)
    assert bare.may_hide, "a factor alone is folded into any first layer"
    scaled = tflite_layers(tmp_path / "scaled.tflite", named_model(rescaling=True))
    assert scaled.family == "MobileNetV2"
    assert not scaled.may_hide
    assert scaled.front is not None
    np.testing.assert_allclose(scaled.front.matrix, np.eye(3) * 2.0)
    np.testing.assert_allclose(scaled.front.offset, [-1.0] * 3)
    source = source_of_model(str(tmp_path / "scaled.tflite"))
    side = propose(ProposeTask(source), Watcher()).left
    assert side.range.value == UNIT
    assert any("multiplies its input by 2 and adds -1" in each for each in side.range.evidence)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_names_tell_nothing_where_the_input_goes_another_way_first(tmp_path: Path) -> None:
    inputs = keras.Input((16, 16, 3))
    inner = named_model()
    file = tmp_path / "turned.tflite"
    layers = tflite_layers(file, keras.Model(inputs, inner(inputs[..., ::-1])))
    assert layers.front is None
    assert layers.family == ""


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_names_tell_nothing_where_a_scaling_may_be_folded_into_the_first_layer(
    tmp_path: Path,
) -> None:
    layers = tflite_layers(tmp_path / "folded.tflite", named_model("valid", rescaling=True))
    assert layers.front is None
    assert layers.family == ""
    assert layers.last is Last.SIGMOID
