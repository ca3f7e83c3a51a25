"""What releases of every kind offer, as their files and the opened models say it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from inspector.core.description import DescribeTask, Description, undeclared
from inspector.core.errors import ReleaseError, ReleaseMissingError
from inspector.core.input_range import LEVELS
from inspector.core.reports.description_report import description_json, description_text
from inspector.core.sources import Source, SourceKind
from inspector.engine.describe import DESCRIBERS
from inspector.engine.describe_tflite import ends_in_sigmoid, ends_in_softmax
from inspector.engine.tasks import do_task
from inspector.engine.watcher import Watcher
from tests.support import models
from tests.support.tf1_modules import Tf1Module, make_module

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.pairs import PairSpec
    from inspector.engine.engine import Engine


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Tf1Module:
    return make_module(tmp_path_factory.mktemp("tf1") / "module")


def described(engine: Engine, kind: SourceKind, path: Path, **options: str) -> Description:
    source = Source(kind, str(path), tuple(options.items()))
    found = do_task(engine, DescribeTask(undeclared(source)), Watcher())
    assert isinstance(found, Description)
    json.dumps(description_json(found), allow_nan=False)
    for everything in (False, True):
        lines = description_text(found, everything).splitlines()
        assert max(len(line) for line in lines if "bytes" not in line) <= 100
    return found


def test_every_kind_of_source_has_a_describer() -> None:
    assert set(DESCRIBERS) == set(SourceKind)


def test_a_tf1_module(engine: Engine, module: Tf1Module) -> None:
    found = described(engine, SourceKind.HUB, module.folder)
    assert found.kind == "TensorFlow Hub module in TF1's format"
    assert [graph.tags for graph in found.graphs] == [(), ("train",)]
    graph = found.graphs[0]
    assert [s.name for s in graph.signatures] == [
        "default",
        "image_classification",
        "image_feature_vector",
    ]
    (images,) = graph.signatures[0].inputs
    assert (images.name, images.dtype, images.shape) == ("images", "float32", (None, 107, 107, 3))
    outputs = {tensor.name: tensor.shape for tensor in graph.signatures[1].outputs}
    assert outputs["default"] == (None, 11)
    assert outputs["InceptionV3/Mixed_6e"] == (None, 5, 5, 48)
    ops = dict(graph.ops)
    assert ops["Conv2D"] == 35
    assert [count for _, count in graph.ops] == sorted(ops.values(), reverse=True)
    assert found.size == (107, 107)
    assert found.weights is not None
    assert found.weights.tensors == len(module.weights)
    assert found.weights.numbers == sum(values.size for values in module.weights.values())
    assert [endpoint.name for endpoint in found.endpoints] == list(module.endpoints)
    assert "the signature 'image_classification'" in found.call
    assert "nothing (inference)" in found.call
    roles = {file.path.rsplit("/", 1)[-1]: file.role for file in found.files}
    assert roles["saved_model.pb"] == "graph"
    assert roles["variables.index"] == "weights"
    assert roles["tfhub_module.pb"] == "mark of Hub's TF1 format"
    text = description_text(found)
    assert "Graph tagged train" in text
    assert "\n  signature image_feature_vector\n" in text
    assert "gives default float32 [any, 11]" in text


def test_options_are_described(engine: Engine, module: Tf1Module) -> None:
    found = described(
        engine, SourceKind.HUB, module.folder, tags="train", signature="image_feature_vector"
    )
    called = "the signature 'image_feature_vector' of the graph tagged train"
    assert found.call == f"{called} and reads its output 'default'"
    inner = described(engine, SourceKind.HUB, module.folder, output="InceptionV3/Mixed_6e")
    assert inner.call.endswith("and reads its output 'InceptionV3/Mixed_6e'")
    assert found.source.endswith("?tags=train&signature=image_feature_vector")
    with pytest.raises(ReleaseError, match="has no output 'nothing'"):
        described(engine, SourceKind.HUB, module.folder, output="nothing")
    with pytest.raises(ReleaseError, match="has no signature 'image_clasification'") as caught:
        described(engine, SourceKind.HUB, module.folder, signature="image_clasification")
    assert caught.value.mend == "Did you mean 'image_classification'?"
    with pytest.raises(ReleaseError, match="no graph tagged eval"):
        described(engine, SourceKind.HUB, module.folder, tags="eval")


def test_both_sides_of_a_pair(engine: Engine, tiny: PairSpec) -> None:
    keras_side = do_task(engine, DescribeTask(tiny.left), Watcher())
    hub_side = do_task(engine, DescribeTask(tiny.right), Watcher())
    assert keras_side.kind == "Keras application MobileNetV2"
    assert len(keras_side.layers) == 156
    first = keras_side.layers[1]
    assert (first.name, first.kind, first.shape) == ("Conv1", "Conv2D", (None, 16, 16, 16))
    assert first.parameters == 3 * 3 * 3 * 16
    assert sum(layer.parameters for layer in keras_side.layers) == keras_side.weights.numbers
    assert keras_side.inputs[0].shape == (None, 32, 32, 3)
    assert keras_side.outputs[0].shape == (None, 10)
    assert [file.role for file in keras_side.files] == ["weights"]
    assert hub_side.kind == "SavedModel of TF2"
    assert hub_side.call == "the object itself"
    assert hub_side.outputs[0].shape == (None, 11)
    assert len(hub_side.endpoints) == 65
    assert "FusedBatchNormV3" in dict(hub_side.graphs[0].ops), "functions are counted too"
    assert not any(op.startswith("__inference") for op, _ in hub_side.graphs[0].ops)


def test_a_model_that_is_not_trusted_is_described_without_being_opened(
    engine: Engine, tmp_path: Path
) -> None:
    target = tmp_path / "written"
    made = tf.Module()

    @tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 3], tf.float32)])
    def write(inputs: Any) -> Any:
        tf.io.write_file(str(target), "x")
        return tf.reduce_mean(inputs, [1, 2])

    path = models.saved_model(tmp_path, made, signatures={"serving_default": write})
    found = described(engine, SourceKind.SAVED_MODEL, path)
    assert found.graphs[0].signatures[0].name == "serving_default"
    assert "WriteFile" in dict(found.graphs[0].ops)
    assert any("was not opened" in note for note in found.notes)
    assert found.endpoints == ()
    assert not target.exists()


def _tflite(folder: Path) -> Path:
    images = np.random.default_rng(0).random((4, 1, 16, 16, 3), dtype=np.float32)
    converter = tf.lite.TFLiteConverter.from_keras_model(models.keras_model())
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([image] for image in images)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.uint8
    path = folder / "model.tflite"
    path.write_bytes(converter.convert())
    return path


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_a_quantised_tflite_file(engine: Engine, tmp_path: Path) -> None:
    found = described(engine, SourceKind.TFLITE, _tflite(tmp_path))
    (given,) = found.inputs
    assert given.dtype == "uint8"
    assert given.quantisation is not None
    assert given.quantisation.scales[0] == pytest.approx(1 / 255, rel=0.05)
    assert found.size == (16, 16)
    assert "CONV_2D" in dict(found.graphs[0].ops)
    kernels = [each for each in found.quantised if each.axis is not None]
    assert kernels, "a scale for each channel"
    assert "stored as whole numbers" in description_text(found)
    assert description_json(found)["inputs"][0]["quantisation"]["zero_points"] == [0]
    assert ends_in_softmax(tmp_path / "model.tflite")
    converter = tf.lite.TFLiteConverter.from_keras_model(models.keras_model(activation="sigmoid"))
    (tmp_path / "sigmoid.tflite").write_bytes(converter.convert())
    assert not ends_in_softmax(tmp_path / "sigmoid.tflite")
    assert ends_in_sigmoid(tmp_path / "sigmoid.tflite")
    assert not ends_in_sigmoid(tmp_path / "model.tflite")


def test_a_frozen_graph(engine: Engine, tmp_path: Path) -> None:
    v1 = tf.compat.v1
    with tf.Graph().as_default() as graph:
        images = v1.placeholder(tf.float32, [None, 16, 16, 3], name="images")
        kernel = tf.constant(np.ones((3, 3, 3, 4), np.float32), name="kernel")
        relu = tf.nn.relu(tf.nn.conv2d(images, kernel, 1, "SAME"), name="block/Relu")
        tf.nn.softmax(tf.reduce_mean(relu, [1, 2]), name="scores")
    path = tmp_path / "graph.pb"
    path.write_bytes(graph.as_graph_def().SerializeToString())
    found = described(engine, SourceKind.FROZEN_GRAPH, path)
    assert found.kind == "frozen graph"
    assert [(tensor.name, tensor.shape) for tensor in found.inputs] == [
        ("images", (None, 16, 16, 3))
    ]
    assert found.outputs[0].shape == (None, 4)
    assert dict(found.graphs[0].ops)["Conv2D"] == 1
    assert "block/Relu" in [endpoint.name for endpoint in found.endpoints]
    for end in ("input", "output"):
        with pytest.raises(ReleaseError, match=f"no tensor 'nope' to be its {end}"):
            described(engine, SourceKind.FROZEN_GRAPH, path, **{end: "nope"})


@pytest.mark.parametrize("dtype", [tf.uint8, tf.float16, tf.float32])
def test_the_type_that_an_object_takes(engine: Engine, tmp_path: Path, dtype: Any) -> None:
    made = tf.Module()

    @tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 3], dtype)])
    def call(inputs: Any) -> Any:
        return tf.reduce_mean(tf.cast(inputs, tf.float32), [1, 2])

    made.__call__ = call
    path = models.saved_model(tmp_path, made)
    source = Source(SourceKind.SAVED_MODEL, str(path))
    task = DescribeTask(replace(undeclared(source), range=LEVELS))
    found = do_task(engine, task, Watcher())
    assert found.call == "the object itself"
    assert [tensor.dtype for tensor in found.inputs] == [dtype.name]
    assert [tensor.dtype for tensor in found.outputs] == ["float32"]


@pytest.mark.parametrize(
    ("sizes", "size", "words"),
    [
        ((8, 8), (8, 8), "expects 8 × 8 pixels"),
        ((None, None), None, "takes any size"),
        ((8, 12), None, "its files do not tell which size it takes"),
    ],
)
def test_the_size_of_what_was_not_opened(
    engine: Engine,
    tmp_path: Path,
    sizes: tuple[int | None, int | None],
    size: tuple[int, int] | None,
    words: str,
) -> None:
    """Two signatures without a known name: nothing says which of them is meant."""
    made = tf.Module()
    signatures = {
        f"signature_{place}": tf.function(
            lambda picture: {"means": tf.reduce_mean(picture, [1, 2])},
            input_signature=[tf.TensorSpec([None, length, length, 3], tf.float32)],
        )
        for place, length in enumerate(sizes)
    }
    path = models.saved_model(tmp_path, made, signatures=signatures)
    found = described(engine, SourceKind.SAVED_MODEL, path)
    assert "?signature=signature_0" in found.notes[-1]
    assert (found.call, found.size) == ("", size)
    assert f"\n  {words}\n" in description_text(found)
    assert description_json(found)["size_known"] is ("tell" not in words)


def test_a_keras_model_that_is_no_release(engine: Engine, tmp_path: Path) -> None:
    inputs = keras.Input((12, 12, 3))
    inner = keras.layers.Conv2D(4, 3, name="inner")(inputs)
    pooled = keras.layers.GlobalAveragePooling2D()(inner)
    outputs = [keras.layers.Dense(n, name=name)(pooled) for name, n in (("head", 5), ("box", 4))]
    path = models.keras_file(tmp_path, keras.Model(inputs, outputs))
    found = described(engine, SourceKind.KERAS_FILE, path)
    assert [(tensor.name, tensor.shape) for tensor in found.outputs] == [
        ("head", (None, 5)),
        ("box", (None, 4)),
    ]
    assert [layer.name for layer in found.layers][1:2] == ["inner"]
    assert found.size == (12, 12)
    assert found.weights is not None
    assert found.weights.numbers == (27 * 4 + 4) + (4 * 5 + 5) + (4 * 4 + 4)
    assert "gives 2 outputs: head (None, 5), box (None, 4)" in found.notes[-1]
    path = models.keras_file(tmp_path, models.keras_model(channels=1), "grey.keras")
    grey = described(engine, SourceKind.KERAS_FILE, path)
    assert "takes grey pictures" in grey.notes[-1]
    assert grey.size == (16, 16)


@pytest.mark.parametrize("kind", [SourceKind.HUB, SourceKind.KERAS_FILE, SourceKind.TFLITE])
def test_what_is_not_there(engine: Engine, tmp_path: Path, kind: SourceKind) -> None:
    with pytest.raises(ReleaseMissingError):
        described(engine, kind, tmp_path / "nothing")


@pytest.mark.parametrize(
    ("kind", "name"), [(SourceKind.KERAS_FILE, "bad.keras"), (SourceKind.TFLITE, "bad.tflite")]
)
def test_what_is_no_model(engine: Engine, tmp_path: Path, kind: SourceKind, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"no model" * 99)
    with pytest.raises(ReleaseError, match="bad"):
        described(engine, kind, path)


def test_a_broken_saved_model(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "saved_model.pb").write_bytes(b"no model" * 99)
    with pytest.raises(ReleaseError, match="no SavedModel"):
        described(engine, SourceKind.SAVED_MODEL, tmp_path)
