from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from inspector.engine.sweep.folding import fold_batch_norms

CHANNELS = 6


def frozen_network(training: bool = False) -> Any:
    """Make convolution, batch normalisation and ReLU6 with random statistics, frozen."""
    random = np.random.default_rng(3)
    kernel = tf.Variable(random.normal(size=(3, 3, 3, CHANNELS)).astype(np.float32))
    gamma, beta, mean = (
        tf.Variable(random.normal(size=CHANNELS).astype(np.float32)) for _ in range(3)
    )
    variance = tf.Variable(random.uniform(0.2, 3.0, CHANNELS).astype(np.float32))

    @tf.function(input_signature=[tf.TensorSpec([None, 12, 12, 3], tf.float32)], autograph=False)
    def network(pictures: Any) -> Any:
        convolved = tf.nn.conv2d(pictures, kernel, 1, "SAME")
        statistics = (None, None) if training else (mean, variance)
        normal, _, _ = tf.compat.v1.nn.fused_batch_norm(
            convolved, gamma, beta, *statistics, epsilon=1e-3, is_training=training
        )
        return tf.nn.relu6(normal)

    return convert_variables_to_constants_v2(network.get_concrete_function())


def run(graph_def: Any, like: Any, pictures: np.ndarray) -> np.ndarray:
    imported = tf.compat.v1.wrap_function(
        lambda: tf.graph_util.import_graph_def(graph_def, name=""), []
    ).prune([like.inputs[0].name], [like.outputs[0].name])
    return np.asarray(imported(tf.constant(pictures))[0])


def test_a_folded_graph_gives_the_same_numbers() -> None:
    frozen = frozen_network()
    pictures = np.random.default_rng(1).uniform(size=(2, 12, 12, 3)).astype(np.float32)
    folded, count = fold_batch_norms(frozen.graph.as_graph_def())
    assert count == 1
    assert not any(node.op.startswith("FusedBatchNorm") for node in folded.node)
    expected = np.asarray(frozen(tf.constant(pictures))[0])
    assert expected.std() > 0.1
    np.testing.assert_allclose(run(folded, frozen, pictures), expected, atol=2e-6)


def test_the_graph_that_was_given_is_left_as_it_is() -> None:
    graph_def = frozen_network().graph.as_graph_def()
    before = graph_def.SerializeToString(deterministic=True)
    fold_batch_norms(graph_def)
    assert graph_def.SerializeToString(deterministic=True) == before


def test_a_batch_norm_on_batch_statistics_is_left_alone() -> None:
    graph_def = frozen_network(training=True).graph.as_graph_def()
    folded, count = fold_batch_norms(graph_def)
    assert count == 0
    assert [node.op for node in folded.node] == [node.op for node in graph_def.node]


@pytest.mark.parametrize("part", [1, 2, 3, 4])
def test_statistics_that_are_no_constants_are_not_folded(part: int) -> None:
    graph_def = frozen_network().graph.as_graph_def()
    source = next(node.name for node in graph_def.node if node.op == "Placeholder")
    norm = next(node for node in graph_def.node if node.op.startswith("FusedBatchNorm"))
    norm.input[part] = source
    assert fold_batch_norms(graph_def)[1] == 0
