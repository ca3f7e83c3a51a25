"""Frozen graphs: their numbers, their ends, their weights, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework import graph_pb2
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from inspector.core.errors import ReleaseError, ReleaseMissingError
from inspector.core.input_range import LEVELS
from inspector.core.pairs import OutputKind
from inspector.core.sources import Source, SourceKind
from inspector.core.weights.audit import AuditCode
from inspector.engine.checks import check_pair
from inspector.engine.loading import load_release
from inspector.engine.weights import audit_pair, read_weights
from tests.support import models

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.core.pairs import PairSpec, ReleaseSpec

_v1 = tf.compat.v1


def spec_of(path: Path, like: ReleaseSpec | None = None, **options: str) -> ReleaseSpec:
    source = Source(SourceKind.FROZEN_GRAPH, str(path), tuple(options.items()))
    if like is not None:
        return replace(like, source=source)
    return models.hub_spec(path, source=source, background=False)


def freeze(call: Callable[[Any], Any], shape: list[int | None], path: Path) -> Path:
    """Freeze a function as TensorFlow 2 users do."""
    function = tf.function(call, autograph=False)
    concrete = function.get_concrete_function(tf.TensorSpec(shape, tf.float32, "picture"))
    frozen = convert_variables_to_constants_v2(concrete)
    path.write_bytes(frozen.graph.as_graph_def().SerializeToString())
    return path


def slim_style(path: Path, *, dtype: Any = tf.float32, keep: bool = False) -> Path:
    """Write a graph as TensorFlow 1's ``freeze_graph`` leaves it: with an ArgMax at its end."""
    random = np.random.default_rng(3)

    def constant(*shape: int, name: str) -> Any:
        return tf.constant(random.normal(size=shape).astype(np.float32), name=name)

    with tf.Graph().as_default() as graph:
        pixels = _v1.placeholder(dtype, [None, 8, 8, 3], "input")
        scaled = tf.identity(tf.cast(pixels, tf.float32) / 255.0 * 2.0 - 1.0, "scaled")
        maps = tf.nn.relu(tf.nn.conv2d(scaled, constant(3, 3, 3, 8, name="w"), 1, "SAME"))
        pooled = tf.reduce_mean(maps, axis=(1, 2), name="pooled")
        if keep:
            pooled *= _v1.placeholder(tf.float32, [], "keep")
        logits = tf.matmul(pooled, constant(8, 5, name="v"), name="logits")
        tf.argmax(tf.nn.softmax(logits, name="probabilities"), 1, name="class")
    message = graph.as_graph_def()
    for node in message.node:
        node.device = "/device:GPU:7"
    path.write_bytes(message.SerializeToString())
    return path


@pytest.fixture(scope="module")
def slim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return slim_style(tmp_path_factory.mktemp("frozen") / "slim.pb")


def pixels(count: int = 3) -> np.ndarray:
    return np.random.default_rng(1).uniform(-1, 256, (count, 8, 8, 3)).astype(np.float32)


def refuse(spec: ReleaseSpec, words: str, kind: type[Exception] = ReleaseError) -> Any:
    with pytest.raises(kind, match=words) as caught:
        load_release(spec)
    assert caught.value.mend  # type: ignore[attr-defined]
    assert "\n" not in str(caught.value)
    return caught.value


def test_both_sides_of_a_pair_frozen(tiny: PairSpec, tmp_path: Path) -> None:
    """A frozen release gives its own numbers, and its constants are its weights."""
    left: Any = load_release(tiny.left)
    right = load_release(tiny.right)
    calls = (lambda x: left.model(x, training=False), right.trace)
    assert left.size is not None
    shape = [None, *left.size, 3]
    given = np.random.default_rng(2).random((3, *left.size, 3), dtype=np.float32)
    frozen = []
    for release, call in zip((left, right), calls, strict=True):
        path = freeze(call, shape, tmp_path / f"{len(frozen)}.pb")
        loaded = load_release(spec_of(path, release.spec))
        assert loaded.size == left.size
        np.testing.assert_allclose(loaded.run(given).raw, release.run(given).raw, atol=2e-5)
        frozen.append(loaded)
    assert len(read_weights(frozen[0])) == len(read_weights(left))
    assert audit_pair(frozen[0], frozen[1]).code is AuditCode.SAME
    assert audit_pair(left, frozen[1]).code is AuditCode.SAME
    check, _ = check_pair(frozen[0], frozen[1])
    assert check.same_function


def test_it_can_be_traced_into_another_graph(slim: Path) -> None:
    loaded = load_release(spec_of(slim, output="logits"))
    function = tf.function(lambda x: loaded.trace(x), autograph=False)
    found = convert_variables_to_constants_v2(
        function.get_concrete_function(tf.TensorSpec([2, 8, 8, 3], tf.float32))
    )
    given = pixels(2)
    np.testing.assert_allclose(found(tf.constant(given))[0], loaded.run(given).raw, atol=1e-6)


def test_ends_are_named(slim: Path) -> None:
    error = refuse(spec_of(slim), "does not end in one row of scores")
    assert "probabilities:0 float32 [any, 5]" in error.message
    assert "logits:0 float32 [any, 5]" in error.message
    assert "?output=NAME" in error.mend
    for output in ("logits", "logits:0"):
        loaded: Any = load_release(spec_of(slim, output=output))
        assert loaded.ends == ("input:0", "logits:0")
        assert loaded.run(pixels()).raw.shape == (3, 5)
    sums = load_release(spec_of(slim, output="probabilities")).run(pixels()).raw.sum(axis=1)
    np.testing.assert_allclose(sums, 1, atol=1e-5)


def test_any_tensor_may_take_the_picture(slim: Path) -> None:
    whole = load_release(spec_of(slim, output="logits"))
    after = load_release(spec_of(slim, input="scaled", output="logits"))
    given = pixels()
    np.testing.assert_allclose(
        after.run(given / np.float32(127.5) - 1).raw, whole.run(given).raw, atol=1e-5
    )


def test_wrong_ends(slim: Path) -> None:
    assert "class:0" in refuse(spec_of(slim, output="logit"), "no tensor 'logit'").message
    assert "input:0" in refuse(spec_of(slim, input="images"), "no tensor 'images'").message
    refuse(spec_of(slim, output="w"), "does not depend on input:0")
    refuse(spec_of(slim, input="pooled", output="logits"), "does not take one RGB picture")


def test_what_else_has_to_be_fed(tmp_path: Path) -> None:
    path = slim_style(tmp_path / "keep.pb", keep=True)
    assert (
        "keep:0 float32 []" in refuse(spec_of(path, output="logits"), "also has to be fed").message
    )


def test_several_inputs_of_pictures(tmp_path: Path) -> None:
    with tf.Graph().as_default() as graph:
        one, two = (_v1.placeholder(tf.float32, [None, 8, 8, 3], name) for name in "ab")
        tf.reduce_mean(one + two, axis=(1, 2), name="rows")
    path = tmp_path / "two.pb"
    path.write_bytes(graph.as_graph_def().SerializeToString())
    error = refuse(spec_of(path), "has 2 inputs of pictures")
    assert "a:0 float32 [any, 8, 8, 3], b:0" in error.message
    assert "?input=NAME" in error.mend


def test_uint8_pixels(tmp_path: Path, slim: Path) -> None:
    spec = spec_of(slim_style(tmp_path / "levels.pb", dtype=tf.uint8), output="logits")
    assert "[0, 255]" in refuse(spec, "takes uint8 pixels").mend
    found = load_release(replace(spec, range=LEVELS)).run(pixels()).raw
    rounded = np.clip(np.rint(pixels()), 0, 255)
    expected = load_release(spec_of(slim, output="logits")).run(rounded).raw
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_fixed_batch(tmp_path: Path, count: int) -> None:
    model = models.keras_model(activation=None)
    shape = [2, models.SIZE, models.SIZE, 3]
    path = freeze(lambda x: model(x, training=False), shape, tmp_path / "two.pb")
    given = np.random.default_rng(5).random((count, *shape[1:]), dtype=np.float32)
    loaded = load_release(spec_of(path))
    np.testing.assert_allclose(loaded.run(given).raw, np.asarray(model(given)), atol=1e-5)


def test_another_size_is_one_error(slim: Path) -> None:
    loaded = load_release(spec_of(slim, output="logits"))
    with pytest.raises(ReleaseError, match=r"shape \[1, 9, 9, 3\]"):
        loaded.run(np.zeros((1, 9, 9, 3), np.float32))


def test_what_is_no_frozen_graph(tmp_path: Path, slim: Path) -> None:
    refuse(spec_of(tmp_path / "none.pb"), "is not there", ReleaseMissingError)
    data = slim.read_bytes()
    variable = graph_pb2.GraphDef(
        node=[graph_pb2.GraphDef().node.add(name="weights", op="VariableV2")]
    )
    for name, content, words in (
        ("empty.pb", b"", "it has no nodes"),
        ("text.pb", b"node { name: 'a' }" * 9, "no TensorFlow graph"),
        ("cut.pb", data[: len(data) // 2], "no TensorFlow graph"),
        ("live.pb", variable.SerializeToString(), "not frozen: 1 variables, such as 'weights'"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        assert name in refuse(spec_of(path), words).message


def test_probabilities_declared_as_logits(slim: Path) -> None:
    wrong = load_release(spec_of(slim, output="probabilities"))
    assert wrong.spec.output is OutputKind.LOGITS
    with pytest.raises(ReleaseError, match="holds probabilities"):
        check_pair(wrong, wrong)
