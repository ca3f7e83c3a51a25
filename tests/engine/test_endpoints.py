"""Named activations of loaded releases, and their values."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from inspector.core.endpoints import EndpointKind
from inspector.core.errors import ReleaseError
from inspector.core.pairs import OutputKind
from inspector.core.sources import Source, SourceKind
from inspector.engine import endpoints as endpoints_module
from inspector.engine.endpoints import endpoints_of, read_endpoint
from inspector.engine.graph_walk import Walk
from inspector.engine.keras_release import KerasClassifier
from inspector.engine.loading import load_release
from tests.support import models
from tests.support.tf1_modules import Tf1Module, keras_twin, make_module

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.engine.engine import LoadedPair
    from inspector.engine.saved_model_release import SavedModelClassifier


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Tf1Module:
    return make_module(tmp_path_factory.mktemp("tf1") / "module")


@pytest.fixture(scope="module")
def loaded(module: Tf1Module) -> Any:
    return load_release(models.hub_spec(module.folder))


@pytest.fixture(scope="module")
def twin(module: Tf1Module) -> KerasClassifier:
    return KerasClassifier(models.keras_spec("/twin.keras"), keras_twin(module))


def batch(count: int = 2, size: int = 107) -> np.ndarray:
    return np.random.default_rng(3).random((count, size, size, 3), dtype=np.float32)


def names_of(model: Any, blocks: bool = False) -> list[str]:
    return [e.name for e in endpoints_of(model).endpoints if e.ends_block or not blocks]


def test_outputs_of_a_tf1_module(module: Tf1Module, loaded: Any) -> None:
    """In the order of depth, which is not that of the names, and without the answer itself."""
    found = endpoints_of(loaded).endpoints
    assert [endpoint.name for endpoint in found] == list(module.endpoints)
    by_name = {endpoint.name: endpoint for endpoint in found}
    assert by_name["InceptionV3/Conv2d_1a_3x3"].shape == (53, 53, 2)
    assert by_name["InceptionV3/Mixed_6e"].shape == (5, 5, 48)
    assert by_name["InceptionV3/Logits"].shape == (11,)
    assert {endpoint.kind for endpoint in found} == {EndpointKind.NAMED_OUTPUT}


def test_both_releases_of_one_checkpoint_agree_inside(loaded: Any, twin: Any) -> None:
    slim = read_endpoint(loaded, batch(), "InceptionV3/Mixed_6e")
    own = read_endpoint(twin, batch() * 2 - 1, "mixed7")
    assert slim.shape == (2, 5, 5, 48)
    np.testing.assert_allclose(slim, own, atol=1e-5)


def test_an_unknown_endpoint_names_the_nearest(loaded: Any) -> None:
    with pytest.raises(ReleaseError, match="no endpoint 'InceptionV3/Mixed_6f'") as caught:
        read_endpoint(loaded, batch(), "InceptionV3/Mixed_6f")
    assert "'InceptionV3/Mixed_6e'" in caught.value.mend


def test_layers_of_a_keras_model(twin: KerasClassifier) -> None:
    found = endpoints_of(twin).endpoints
    assert [e.name for e in found if e.made_by == "Concatenate"] == [f"mixed{i}" for i in range(11)]
    assert len(found) == len(twin.model.layers) - 1, "all but the input"
    ends = {e.made_by for e in found if e.ends_block}
    assert ends == {"Activation", "MaxPooling2D", "Concatenate", "GlobalAveragePooling2D", "Dense"}
    assert {"Conv2D", "BatchNormalization"} <= {e.made_by for e in found if not e.ends_block}


def test_layers_of_models_inside_a_model() -> None:
    inner = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            keras.layers.Conv2D(4, 3, name="convolution"),
            keras.layers.ReLU(name="relu"),
        ],
        name="inner",
    )
    middle_in = keras.Input((16, 16, 3))
    scaled = keras.layers.Rescaling(0.5, name="half")(middle_in)
    middle = keras.Model(middle_in, inner(scaled), name="middle")
    outer = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            middle,
            keras.layers.GlobalAveragePooling2D(name="pool"),
            keras.layers.Dropout(0.5, name="dropout"),
            keras.layers.Dense(3, activation="softmax", name="classes"),
        ]
    )
    model = KerasClassifier(models.keras_spec("/outer.keras"), outer)
    expected = ["middle/half", "middle/inner/convolution", "middle/inner/relu"]
    assert names_of(model) == [*expected, "pool", "dropout", "classes"]
    assert "dropout" not in names_of(model, blocks=True)
    x = batch(2, 16)
    relu = np.asarray(inner(x * 0.5))
    np.testing.assert_allclose(read_endpoint(model, x, "middle/inner/relu"), relu, atol=1e-6)


def test_a_layer_that_is_called_twice() -> None:
    inputs = keras.Input((16, 16, 3))
    shared = keras.layers.Conv2D(3, 3, padding="same", name="shared")
    pooled = keras.layers.GlobalAveragePooling2D()(shared(shared(inputs)))
    model = KerasClassifier(models.keras_spec("/twice.keras"), keras.Model(inputs, pooled))
    assert names_of(model)[:2] == ["shared", "shared_call_2"]
    x = batch(1, 16)
    twice = np.asarray(shared(shared(x)))
    np.testing.assert_allclose(read_endpoint(model, x, "shared_call_2"), twice, atol=1e-6)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_fixed_batch_size_takes_any_batch(tmp_path: Path, count: int) -> None:
    made = models.keras_model(batch=2)
    free = KerasClassifier(models.keras_spec("/free.keras"), models.keras_model())
    fixed = KerasClassifier(models.keras_spec("/fixed.keras"), made)
    x = batch(count, 16)
    expected = read_endpoint(free, x, "convolution")
    np.testing.assert_allclose(read_endpoint(fixed, x, "convolution"), expected, atol=1e-6)


def test_operations_of_a_saved_model(tiny_loaded: LoadedPair) -> None:
    """The same points as the layers of the Keras twin, by the manner of slim's names."""
    names = names_of(tiny_loaded.right)
    assert "MobilenetV2/expanded_conv_2/depthwise/Relu6" in names
    assert "MobilenetV2/expanded_conv_2/output" not in names, "it only hands the sum on"
    assert "MobilenetV2/expanded_conv_2/add" in names
    assert not any("PartitionedCall" in name for name in names)
    left = names_of(tiny_loaded.left, blocks=True)
    assert len(names) == len(left) + 1, "and the scaling"
    x = batch(2, 32)
    own = read_endpoint(tiny_loaded.left, x * 2 - 1, "block_2_add")
    slim = read_endpoint(tiny_loaded.right, x, "MobilenetV2/expanded_conv_2/add")
    np.testing.assert_allclose(own, slim, atol=1e-5)


def test_operations_of_a_keras_export(tmp_path: Path) -> None:
    """Its functions lie inside of functions, and batch norm is spelt out."""
    made = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            keras.layers.Conv2D(4, 3),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(5),
        ]
    )
    made.export(str(tmp_path / "export"), verbose=False)
    model = load_release(
        models.hub_spec(tmp_path / "export", SourceKind.SAVED_MODEL, background=False)
    )
    found = endpoints_of(model).endpoints
    assert [e.shape for e in found] == [(14, 14, 4), (4,), (5,)]
    x = batch(2, 16)
    relu = np.asarray(keras.Model(made.inputs, made.layers[2].output)([x]))
    np.testing.assert_allclose(read_endpoint(model, x, found[0].name), relu, atol=1e-6)


class _Offering(tf.Module):  # type: ignore[misc]
    """Gives endpoints where it is asked for them, as slim's Hub models do."""

    @tf.function
    def __call__(self, inputs: Any, training: bool = False, return_endpoints: bool = False) -> Any:
        zero = tf.nn.relu(inputs - 0.5)
        ten = tf.nn.max_pool2d(zero, 2, 2, "VALID")
        two = tf.reduce_mean(ten, [1, 2])
        answer = tf.concat([two, two], 1)
        if not return_endpoints:
            return answer
        return {"default": answer, "block_10": ten, "block_2": two, "block_0": zero}


def test_endpoints_that_a_call_gives_on_request(tmp_path: Path) -> None:
    made = _Offering()
    spec = tf.TensorSpec([None, 16, 16, 3], tf.float32)
    for asked in (False, True):
        made.__call__.get_concrete_function(spec, training=False, return_endpoints=asked)
    model = load_release(models.hub_spec(models.saved_model(tmp_path, made), background=False))
    assert names_of(model) == ["block_0", "block_10", "block_2"], "by depth"
    x = batch(3, 16)
    assert read_endpoint(model, x, "block_10").shape == (3, 8, 8, 3)
    np.testing.assert_allclose(
        read_endpoint(model, x, "block_0"), np.maximum(x - 0.5, 0), atol=1e-6
    )


def test_a_tf1_module_that_names_nothing_inside(tmp_path: Path) -> None:
    """Then the operations of its graph stand for endpoints, reference variables or not."""
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        images = v1.placeholder(tf.float32, [None, 16, 16, 3], name="images")
        kernel = v1.get_variable(
            "kernel", [3, 3, 3, 4], initializer=v1.ones_initializer(), use_resource=False
        )
        relu = tf.nn.relu(tf.nn.conv2d(images, kernel, 1, "SAME"), name="first/Relu")
        logits = tf.reduce_mean(relu, [1, 2], name="logits")
        session.run(v1.global_variables_initializer())
        v1.saved_model.simple_save(
            session, str(tmp_path / "plain"), {"images": images}, {"logits": logits}
        )
    model = load_release(models.hub_spec(tmp_path / "plain", SourceKind.SAVED_MODEL))
    assert names_of(model) == ["first/Relu", "logits"]
    x = batch(2, 16)
    values = read_endpoint(model, x, "first/Relu")
    np.testing.assert_allclose(values.mean(axis=(1, 2)), model.run(x).raw, rtol=1e-5)


class _Closed:
    """A release that lets nobody in, such as a TFLite file."""

    spec = models.keras_spec("/closed.tflite", output=OutputKind.LOGITS)
    size = (16, 16)

    def trace(self, inputs: Any) -> Any:
        raise RuntimeError("no graph")


def test_a_release_without_an_inside() -> None:
    with pytest.raises(ReleaseError, match=r"closed\.tflite gives no access") as caught:
        endpoints_of(_Closed())  # type: ignore[arg-type]
    assert caught.value.mend


def test_a_reader_is_made_once_and_goes_with_its_release() -> None:
    gc.collect()
    before = len(endpoints_module._known)
    model = KerasClassifier(models.keras_spec("/once.keras"), models.keras_model())
    assert endpoints_of(model) is endpoints_of(model)
    assert len(endpoints_module._known) == before + 1
    del model
    gc.collect()
    assert len(endpoints_module._known) == before


def test_a_wrapper_has_the_endpoints_of_what_it_wraps(loaded: SavedModelClassifier) -> None:
    class Wrapper:
        inner = loaded

    assert endpoints_of(Wrapper()) is endpoints_of(loaded)  # type: ignore[arg-type]


def test_a_walk_goes_from_the_input_to_the_output() -> None:
    with tf.Graph().as_default():
        x = tf.compat.v1.placeholder(tf.float32, [1, 4, 4, 3])
        scale = tf.constant(2.0) * tf.constant(3.0)
        chained = tf.nn.relu(x * scale + 1.0, name="relu")
        aside = tf.nn.relu(chained, name="aside")
        left = tf.nn.max_pool2d(chained, 1, 1, "VALID", name="left")
        padded = tf.pad(left, [[0, 0]] * 4, name="pad")
        joined = tf.add(padded, chained, name="joined")
        answer = tf.identity(joined, name="answer")
        walk = Walk(x, [answer])
    order = [operation.name for operation in walk.operations]
    assert [name for name in order if name in {"relu", "left", "pad", "joined"}] == [
        "relu",
        "left",
        "pad",
        "joined",
    ]
    assert aside.op.name not in order
    assert scale.op.name not in order, "it does not depend on the input"
    ends = [operation.name for operation in walk.operations if walk.ends_block(operation)]
    assert ends == ["relu", "left", "joined"]


def test_options_choose_the_graph_that_is_read(module: Tf1Module) -> None:
    source = Source(SourceKind.HUB, str(module.folder), (("tags", "train"),))
    training = load_release(models.hub_spec("", source=source))
    name = "InceptionV3/Conv2d_1a_3x3"
    several, alone = batch(3), batch(3)[:1]
    assert names_of(training) == list(module.endpoints)
    gap = read_endpoint(training, several, name)[:1] - read_endpoint(training, alone, name)
    assert np.abs(gap).max() > 1e-3, "batch norm takes the statistics of the batch"
