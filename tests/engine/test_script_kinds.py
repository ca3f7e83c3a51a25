"""Scripts of every kind of release print the numbers that the engine gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from inspector.core.features.result import FeatureResult
from inspector.core.input_range import LEVELS, SYMMETRIC
from inspector.core.pairs import OutputKind, PairSpec, Side
from inspector.core.picture import PictureSource
from inspector.core.script.python_script import result_script
from inspector.core.sources import Source, SourceKind
from inspector.session import Session
from tests.support import models
from tests.support.feature_models import body, feature_pair, save_hub, save_keras
from tests.support.scripts import run_scripts
from tests.support.tf1_modules import Inception, keras_twin, make_module
from tests.support.tflite import convert, edit, tflite_spec

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.features.kinds import AnyResult
    from inspector.core.pairs import ReleaseSpec
    from inspector.engine.engine import Engine

pytest.importorskip("ai_edge_litert", reason="the extra 'tflite' is not installed")

CLOSE = {"rtol": 1e-5, "atol": 1e-6}
EXACT = {"rtol": 0.0, "atol": 0.0}


class Dictionary(tf.Module):  # type: ignore[misc]
    """Takes uint8 pixels, and gives two outputs by name."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        taken = tf.TensorSpec([None, *model.input_shape[1:]], tf.uint8)
        self.__call__ = tf.function(self.outputs, input_signature=[taken])

    def outputs(self, pixels: Any) -> dict[str, Any]:
        logits = self.model(tf.cast(pixels, tf.float32) / 127.5 - 1.0, training=False)
        return {"aside": logits * 2.0, "logits": logits}


def with_weights(folder: Path, model: Any) -> ReleaseSpec:
    weights, config = folder / "made.weights.h5", folder / "made.json"
    model.save_weights(weights)
    config.write_text(model.to_json())
    source = Source(SourceKind.KERAS_WEIGHTS, str(weights), (("config", str(config)),))
    return models.keras_spec("", source=source)


def frozen(folder: Path, model: Any, dtype: Any, **options: str) -> ReleaseSpec:
    """Freeze a model of logits that takes numbers of a type; its nodes name a foreign device."""

    def call(pixels: Any) -> Any:
        scaled = tf.cast(pixels, tf.float32)
        scaled = scaled / 127.5 - 1.0 if dtype == tf.uint8 else scaled
        return tf.identity(model(scaled, training=False), name="logits")

    shape = [None, *model.input_shape[1:]]
    concrete = tf.function(call).get_concrete_function(tf.TensorSpec(shape, dtype, "picture"))
    graph = convert_variables_to_constants_v2(concrete).graph.as_graph_def()
    for node in graph.node:
        node.device = "/device:GPU:7"
    path = folder / f"{dtype.name}.pb"
    path.write_bytes(graph.SerializeToString())
    source = Source(SourceKind.FROZEN_GRAPH, str(path), tuple(options.items()))
    declared = LEVELS if dtype == tf.uint8 else SYMMETRIC
    spec = models.keras_spec("", source=source, range=declared, output=OutputKind.LOGITS)
    return replace(spec, mode="hub")


def class_pairs(folder: Path) -> dict[str, PairSpec]:
    """Give pairs of every kind of source that gives scores."""
    model = models.keras_model()
    bare = models.keras_model(activation=None)
    weights = with_weights(folder, model)
    whole = convert(model, folder / "whole.tflite", tf.uint8)
    named = edit(whole, folder / "named.tflite", lambda made: None)
    plain = convert(model, folder / "plain.tflite")
    dictionary = models.saved_model(folder, Dictionary(bare), "dictionary")
    pixels = models.hub_spec(dictionary, range=LEVELS, background=False)
    saved = replace(pixels, source=replace(pixels.source, kind=SourceKind.SAVED_MODEL))
    aside = replace(pixels.source, options=(("output", "aside"),))
    return {
        "weights_and_plain": models.pair_of(weights, tflite_spec(plain)),
        "whole": models.pair_of(tflite_spec(whole), replace(tflite_spec(named), range=LEVELS)),
        "frozen": models.pair_of(
            frozen(folder, bare, tf.float32),
            frozen(folder, bare, tf.uint8, input="picture", output="logits"),
        ),
        "dictionary": models.pair_of(saved, replace(pixels, source=aside)),
    }


def module_pairs(folder: Path) -> dict[str, PairSpec]:
    """Give pairs with modules of Hub's TF1 format."""
    module = make_module(folder / "module", Inception(size=75))
    path = models.keras_file(folder, keras_twin(module), "twin.keras")
    options = (
        *(("tags", ""), ("signature", "image_classification")),
        ("output", "InceptionV3/Logits"),
    )
    right = models.hub_spec(module.folder)
    chosen = replace(right.source, options=options)
    return {"module": models.pair_of(models.keras_spec(path), replace(right, source=chosen))}


def feature_pairs(folder: Path) -> dict[str, PairSpec]:
    """Give pairs of features: an application without its top, and (1, 1, n) of a module."""
    made = keras.applications.MobileNetV2(
        alpha=0.35, input_shape=(32, 32, 3), include_top=False, pooling="max", weights=None
    )
    weights = folder / "body.weights.h5"
    made.save_weights(weights)
    options = (
        *(("alpha", "0.35"), ("size", "32"), ("include_top", "false"), ("pooling", "max")),
        ("weights", str(weights)),
    )
    source = Source(SourceKind.KERAS_APPLICATION, "MobileNetV2", options)
    application = models.keras_spec("", source=source, output=OutputKind.FEATURES)
    small = body()
    return {
        "application": feature_pair(application, replace(application, mode="hub")),
        "features": feature_pair(
            save_keras(folder, small, "body"), save_hub(folder, small, "module", shape=(1, 1))
        ),
    }


def compared(engine: Engine, pair: PairSpec, photo: Path) -> AnyResult:
    session = Session(pair)
    session.set_picture(PictureSource.from_path(photo))
    for side in Side:
        session.set_mode(side, "own")
    request = session.request()
    assert request is not None
    return engine.compare(request)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kinds")


@pytest.fixture(scope="module")
def results(engine: Engine, photo: Path, folder: Path) -> dict[str, AnyResult]:
    pairs: dict[str, PairSpec] = {}
    for make in (class_pairs, feature_pairs, module_pairs):
        (folder / make.__name__).mkdir()
        pairs |= make(folder / make.__name__)
    return {name: compared(engine, pair, photo) for name, pair in pairs.items()}


@pytest.fixture(scope="module")
def printed(results: dict[str, AnyResult], folder: Path) -> dict[str, list[str]]:
    """Run the scripts of all results, and of one side, in one process."""
    scripts = {name: result_script(result) for name, result in results.items()}
    scripts["one_side"] = result_script(results["features"], Side.RIGHT)
    paths = []
    for name, script in scripts.items():
        paths.append(folder / f"{name}.py")
        paths[-1].write_text(script, encoding="utf-8")
    lines = run_scripts(paths)
    return {name: lines[str(path)] for name, path in zip(scripts, paths, strict=True)}


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("weights_and_plain", CLOSE),
        ("whole", EXACT),
        ("frozen", CLOSE),
        ("dictionary", CLOSE),
        ("module", CLOSE),
        ("application", CLOSE),
        ("features", CLOSE),
    ],
)
def test_a_script_gives_the_engine_s_numbers(
    name: str,
    limits: dict[str, float],
    results: dict[str, AnyResult],
    printed: dict[str, list[str]],
    folder: Path,
) -> None:
    result = results[name]
    made = np.load(folder / f"{name}.py.npz")
    for side, row in (("left", result.comparison.left), ("right", result.comparison.right)):
        expected = result.side(Side(side)).model_input
        np.testing.assert_array_equal(made[f"{side}_input"], expected)
        assert np.ptp(row) > 0
        np.testing.assert_allclose(made[side], row, **limits)
    lines = printed[name]
    assert sum(line.startswith("left: ") for line in lines) == 5
    [largest] = [line for line in lines if line.startswith("max |left - right|:")]
    wanted = result.comparison.max_abs_difference
    assert float(largest.split()[-1]) == pytest.approx(wanted, rel=1e-4, abs=2e-6)


@pytest.mark.parametrize("name", ["application", "features"])
def test_features_are_printed_with_their_distances(
    name: str, results: dict[str, AnyResult], printed: dict[str, list[str]]
) -> None:
    result = results[name]
    assert isinstance(result, FeatureResult)
    numbers = dict(line.split(": ") for line in printed[name][:3])
    assert float(numbers["cosine"]) == pytest.approx(result.comparison.cosine, abs=1e-6)
    relative = pytest.approx(result.comparison.relative_l2, rel=1e-3, abs=1e-6)
    assert float(numbers["relative L2"]) == relative
    assert printed[name][3].startswith("left: ")
    if name == "application":
        assert printed[name][3].startswith(f"left: {result.comparison.largest} ")


def test_one_side_of_features_is_printed_with_its_length(
    results: dict[str, AnyResult], printed: dict[str, list[str]]
) -> None:
    features = results["features"].comparison.right
    head, first, *others = printed["one_side"]
    assert head.startswith(f"right: {features.size} features, length ")
    assert float(head.split()[-1]) == pytest.approx(np.linalg.norm(features), rel=1e-5)
    assert int(first.split()[1]) == int(np.argmax(np.abs(features)))
    assert len(others) == 4
