"""TFLite files: their numbers, their quantisation, their weights, and what is refused."""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from inspector.core.errors import NoGraphError, ReleaseError, ReleaseMissingError
from inspector.core.input_range import LEVELS, UNIT
from inspector.core.pairs import OutputKind, Side
from inspector.core.sources import Source, SourceKind
from inspector.core.weights.audit import AuditCode
from inspector.core.weights.quantised import find_quantised
from inspector.engine.checks import check_pair
from inspector.engine.loading import load_release
from inspector.engine.scan_tflite import scan_tflite
from inspector.engine.weights import audit_pair, read_weights
from tests.support import models
from tests.support.tflite import convert, edit, tflite_spec

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.core.pairs import PairSpec
    from inspector.engine.tflite_release import TFLiteClassifier

pytest.importorskip("ai_edge_litert", reason="the extra 'tflite' is not installed")

SHAPE = (models.SIZE, models.SIZE, 3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tflite")


@pytest.fixture(scope="module")
def model() -> Any:
    """Give a Keras model with each kind of layer that keeps its kernel in an order of its own."""
    keras.utils.set_random_seed(2)
    layers = keras.layers
    made = keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Conv2D(6, 3, strides=2, use_bias=False, name="first"),
            layers.BatchNormalization(epsilon=1e-3),
            layers.ReLU(6.0),
            layers.DepthwiseConv2D(3, depth_multiplier=2, name="depthwise"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(models.CLASSES, activation="softmax", name="classes"),
        ]
    )
    random_numbers = np.random.default_rng(8)
    for weight in made.weights:
        if weight.path.endswith(("bias", "beta", "gamma", "moving_variance")):
            weight.assign(random_numbers.uniform(0.5, 1.5, weight.shape))
    return made


@pytest.fixture(scope="module")
def plain(folder: Path, model: Any) -> Path:
    return convert(model, folder / "plain.tflite")


@pytest.fixture(scope="module")
def whole(folder: Path, model: Any) -> Path:
    return convert(model, folder / "whole.tflite", tf.uint8)


def batch(count: int = 3) -> np.ndarray:
    made = np.random.default_rng(5).uniform(-1, 1, (count, *SHAPE))
    return made.astype(np.float32)


def load(path: Path, **options: Any) -> TFLiteClassifier:
    loaded: Any = load_release(tflite_spec(path, **options))
    return loaded  # type: ignore[no-any-return]


def refuse(path: Path, words: str, **options: Any) -> ReleaseError:
    with pytest.raises(ReleaseError, match=words) as caught:
        load(path, **options)
    assert path.name in caught.value.message
    assert caught.value.mend
    assert "\n" not in str(caught.value)
    return caught.value


# Numbers


@pytest.mark.parametrize("counts", [(1,), (3, 1, 4)])
def test_a_float_model_gives_what_keras_gives(
    plain: Path, model: Any, counts: tuple[int, ...]
) -> None:
    loaded = load(plain)
    assert loaded.size == SHAPE[:2]
    assert loaded.notes == ()
    assert loaded.spec.name == "plain.tflite"
    for count in counts:
        outputs = loaded.run(batch(count))
        assert outputs.step == 0
        np.testing.assert_allclose(outputs.raw, np.asarray(model(batch(count))), atol=2e-6)


def by_hand(path: Path, given: np.ndarray) -> np.ndarray:
    """Run a quantised model as TFLite's guide to post-training quantisation writes it."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(path))
    interpreter.allocate_tensors()
    entry, end = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    scale, zero = entry["quantization"]
    rows = []
    for picture in given:
        numbers = np.clip(np.round(picture / scale + zero), 0, 255).astype(np.uint8)
        interpreter.set_tensor(entry["index"], numbers[None])
        interpreter.invoke()
        out_scale, out_zero = end["quantization"]
        found = interpreter.get_tensor(end["index"]).astype(np.float32)
        rows.append((found - out_zero) * np.float32(out_scale))
    return np.concatenate(rows)


def test_a_quantised_model_gives_what_the_guide_gives(whole: Path, model: Any) -> None:
    loaded = load(whole)
    outputs = loaded.run(batch(5))
    np.testing.assert_array_equal(outputs.raw, by_hand(whole, batch(5)))
    assert outputs.step == pytest.approx(1 / 256)
    assert np.abs(outputs.raw - np.asarray(model(batch(5)))).max() < 0.03


def test_a_quantised_release_says_so(whole: Path) -> None:
    loaded = load(whole)
    assert loaded.spec.name == "whole.tflite (uint8 input)"
    given, found = loaded.notes
    assert given.startswith("input quantised to uint8, scale 0.0078")
    assert found == "output dequantised from uint8, scale 0.00390625, zero point 0"
    report = loaded.quantisation()
    assert report.text == "int8 weights per channel, uint8 input, uint8 output"
    assert report.input is not None
    assert report.input.reach == pytest.approx((-1.0, 1.0), abs=0.02)
    kernels = [tensor for tensor in report.tensors if len(tensor.shape) == 4]
    axes = {(tensor.axis, len(tensor.scales)) for tensor in kernels}
    assert axes == {(0, 6), (3, 12)}


def test_levels_are_given_as_they_are(whole: Path) -> None:
    """Declared as [0, 255], as TFLite's label_image does it."""
    from ai_edge_litert.interpreter import Interpreter

    loaded: Any = load_release(replace(tflite_spec(whole), range=LEVELS))
    assert loaded.notes[0] == "input given as uint8 levels"
    pictures = np.random.default_rng(1).integers(0, 256, (1, *SHAPE), dtype=np.uint8)
    interpreter = Interpreter(model_path=str(whole))
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], pictures)
    interpreter.invoke()
    levels = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    raw = loaded.run(pictures.astype(np.float32)).raw
    np.testing.assert_array_equal(raw, levels.astype(np.float32) / 256)


def test_rows_that_do_not_sum_to_one_are_probabilities_still(whole: Path, folder: Path) -> None:
    left = load(whole)
    check, classes = check_pair(left, left)
    assert classes == models.CLASSES
    assert check.model_gap == 0
    wrong = load_release(replace(tflite_spec(whole), output=OutputKind.LOGITS))
    with pytest.raises(ReleaseError, match="declared to give logits"):
        check_pair(wrong, wrong)


def test_runs_from_several_threads_wait_for_each_other(plain: Path) -> None:
    loaded = load(plain)
    batches = [batch(1 + i % 3) * np.float32(0.1 * i) for i in range(12)]
    alone = [loaded.run(one).raw for one in batches]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda one: loaded.run(one).raw, batches))
    for a, b in zip(alone, together, strict=True):
        np.testing.assert_array_equal(a, b)


def test_another_size_is_one_error(plain: Path, whole: Path) -> None:
    for path in (plain, whole):
        with pytest.raises(ReleaseError, match=r"shape \[1, 24, 24, 3\]") as caught:
            load(path).run(np.zeros((1, 24, 24, 3), np.float32))
        assert "size" in caught.value.mend


def test_a_free_size(folder: Path) -> None:
    free = models.keras_model(size=None)
    loaded = load(convert(free, folder / "free.tflite"))
    assert loaded.size is None
    for size in (12, 20, 12):
        pictures = np.random.default_rng(size).random((2, size, size, 3), dtype=np.float32)
        found = loaded.run(pictures).raw
        np.testing.assert_allclose(found, np.asarray(free(pictures)), atol=2e-6)


def test_it_is_no_part_of_a_graph(plain: Path) -> None:
    loaded = load(plain)
    with pytest.raises(NoGraphError, match="interpreter"):
        loaded.trace(batch(1))
    function = tf.function(loaded.trace, autograph=False)
    with pytest.raises(RuntimeError):
        function.get_concrete_function(tf.TensorSpec([1, *SHAPE], tf.float32))


# Weights


@pytest.mark.parametrize("name", ["plain", "half"])
def test_weights_are_found_in_keras(folder: Path, plain: Path, model: Any, name: str) -> None:
    path = plain
    if name == "half":
        path = folder / "half.tflite"
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
        path.write_bytes(converter.convert())
    shapes = {weight.name: weight.values.shape for weight in read_weights(load(path))}
    assert sorted(shapes.values()) == sorted(
        [(3, 3, 3, 6), (6,), (3, 3, 6, 2), (12,), (12, 10), (10,)]
    )
    if name == "plain":
        keras_side = load_release(models.keras_spec(models.keras_file(folder, model)))
        audit = audit_pair(keras_side, load(path))
        assert audit.code is AuditCode.SAME, audit.text


def test_dequantised_weights_are_near_those_of_keras(whole: Path, model: Any) -> None:
    """Batch norm is folded in, so that only layers without one can be compared directly."""
    found = {weight.name: weight.values for weight in read_weights(load(whole))}
    dense = next(values for values in found.values() if values.shape == (12, 10))
    expected = model.get_layer("classes").kernel.numpy()
    assert np.abs(dense - expected).max() < 0.01
    assert not np.array_equal(dense, expected)


# What is refused


def test_a_file_that_is_not_there(folder: Path) -> None:
    with pytest.raises(ReleaseMissingError, match=r"none\.tflite"):
        load(folder / "none.tflite")


def test_without_the_interpreter(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    error = refuse(plain, "not installed")
    assert "pip install 'twin-inspector[tflite]'" in error.mend


def test_several_outputs(folder: Path, model: Any) -> None:
    features = model.layers[-2].output
    two = keras.Model(model.inputs, {"scores": model.outputs[0], "features": features})
    path = convert(two, folder / "two.tflite")
    message = refuse(path, "gives 2 outputs").message
    assert "float32 [any, 10]" in message
    assert "float32 [any, 12]" in message
    refuse(path, "no output 'score'", output="score")
    assert load(path, output="features").run(batch(2)).raw.shape == (2, 12)
    np.testing.assert_allclose(
        load(path, output="scores").run(batch(2)).raw, np.asarray(model(batch(2))), atol=2e-6
    )


def test_what_takes_no_picture(folder: Path) -> None:
    grey = convert(models.keras_model(channels=1), folder / "grey.tflite")
    refuse(grey, "takes grey pictures")
    one, two = keras.Input(SHAPE), keras.Input(SHAPE)
    both = keras.Model([one, two], keras.layers.Flatten()(keras.layers.Add()([one, two])))
    refuse(convert(both, folder / "both.tflite"), "takes 2 inputs")


def cut(data: bytearray, rng: random.Random) -> bytearray:
    return data[: rng.randrange(4, len(data) - 8)]


def bits(data: bytearray, rng: random.Random) -> bytearray:
    for _ in range(rng.choice([1, 4, 16])):
        data[rng.randrange(8, len(data))] ^= 1 << rng.randrange(8)
    return data


def words(data: bytearray, rng: random.Random) -> bytearray:
    for _ in range(rng.choice([1, 2, 4])):
        place = rng.randrange(8, len(data) - 4) & ~3
        value = rng.choice([0, 1, 3, 100, -1, 65536, 2**31 - 1])
        data[place : place + 4] = value.to_bytes(4, "little", signed=True)
    return data


@pytest.mark.parametrize("damage", [cut, bits, words])
def test_damage_is_found_or_harmless(
    whole: Path, tmp_path: Path, damage: Callable[[bytearray, random.Random], bytearray]
) -> None:
    """The check itself never fails in any other way than with one clear error."""
    rng, refused = random.Random(7), 0
    path = tmp_path / "damaged.tflite"
    for _ in range(150):
        path.write_bytes(damage(bytearray(whole.read_bytes()), rng))
        try:
            scan_tflite(path)
        except ReleaseError:
            refused += 1
    assert refused > (140 if damage is cut else 20)


def test_what_is_no_tflite_file(tmp_path: Path) -> None:
    for name, data in (("text.tflite", b"This is no model.\n" * 9), ("empty.tflite", b"")):
        path = tmp_path / name
        path.write_bytes(data)
        refuse(path, "it is no TFLite model")


def test_a_hostile_scale(whole: Path, tmp_path: Path) -> None:
    def change(model: Any) -> None:
        quantised = [t for t in model.subgraphs[0].tensors if t.quantization.scale is not None]
        quantised[0].quantization.scale = [float("nan")]

    refuse(edit(whole, tmp_path / "scale.tflite", change), "an impossible scale")


# The published files


@pytest.fixture(scope="session")
def published(data: Path, imagenet: PairSpec) -> dict[str, Any]:
    """Give both published int8 releases of MobileNetV2, declared as the Keras one."""
    specs = {
        path.stem: replace(
            imagenet.left, source=Source(SourceKind.TFLITE, str(path)), background=True
        )
        for path in sorted((data / "tflite").glob("*.tflite"))
    }
    return {name: load_release(spec) for name, spec in specs.items()}


PTQ, QAT = "tf2_mobilenet_v2_1.0_224_ptq", "mobilenet_v2_1.0_224_quant"


def test_the_published_files_are_quantised(published: dict[str, Any]) -> None:
    assert published[PTQ].quantisation().text.startswith("int8 weights per channel, uint8 input")
    assert published[QAT].quantisation().text.startswith("uint8 weights per tensor, uint8 input")
    for release in published.values():
        found = find_quantised(Side.RIGHT, read_weights(release))
        assert found is not None
        assert found.distinct <= 256
        assert found.tensors == found.checked > 10


def test_the_float_pair_holds_the_checkpoint_of_one_of_them(
    imagenet: PairSpec, published: dict[str, Any]
) -> None:
    left = load_release(imagenet.left)
    assert audit_pair(left, published[PTQ]).code is AuditCode.SAME
    assert audit_pair(left, published[QAT]).code is AuditCode.DIFFERENT_WEIGHTS
    check, classes = check_pair(left, published[PTQ])
    assert (check.left_step, check.right_step) == (0.0, 1 / 256)
    assert classes == 1000
    assert check.model_gap is not None
    assert check.model_gap < 0.1


def test_a_declared_range_that_is_not_the_models(published: dict[str, Any]) -> None:
    """Another range is quantised as it is declared: the model then sees half of its levels."""
    release = published[PTQ]
    spec = replace(release.spec, range=UNIT)
    assert load_release(spec).notes == release.notes
