"""Makes slim checkpoints with an auxiliary head, and computes the head with numpy alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

v1 = tf.compat.v1
SCOPE = "InceptionV3/AuxLogits"
STEM = "InceptionV3/Conv2d_1a_3x3/weights"

Weights = dict[str, Any]


def head_weights(
    channels: int, left: int, classes: int, *, few: int = 8, many: int = 12, seed: int = 0
) -> Weights:
    """Draw a head by slim's names; `left` is the side that the pooling leaves."""
    random = np.random.default_rng(seed)

    def norm(scope: str, count: int) -> Weights:
        return {
            f"{scope}/BatchNorm/beta": random.normal(0, 0.3, count),
            f"{scope}/BatchNorm/moving_mean": random.normal(0, 0.3, count),
            f"{scope}/BatchNorm/moving_variance": random.uniform(0.5, 1.5, count),
        }

    def kernel(*shape: int) -> Any:
        return random.normal(0, 1 / np.sqrt(np.prod(shape[:-1])), shape)

    whole = f"{SCOPE}/Conv2d_2a_{left}x{left}"
    drawn = {
        f"{SCOPE}/Conv2d_1b_1x1/weights": kernel(1, 1, channels, few),
        **norm(f"{SCOPE}/Conv2d_1b_1x1", few),
        f"{whole}/weights": kernel(left, left, few, many),
        **norm(whole, many),
        f"{SCOPE}/Conv2d_2b_1x1/weights": 3 * kernel(1, 1, many, classes),
        f"{SCOPE}/Conv2d_2b_1x1/biases": random.normal(0, 0.5, classes),
    }
    return {name: values.astype(np.float32) for name, values in drawn.items()}


def write_checkpoint(folder: Path, weights: Weights, name: str = "inception_v3.ckpt") -> Path:
    """Write variables as slim's training does, with a ``Saver``; give the common prefix."""
    prefix = folder / name
    with tf.Graph().as_default() as graph, v1.Session(graph=graph) as session:
        made = {key: v1.get_variable(key, initializer=values) for key, values in weights.items()}
        session.run(v1.global_variables_initializer())
        saver = v1.train.Saver(made)
        saver.save(session, str(prefix), write_meta_graph=False, write_state=False)
    return prefix


def numpy_head(weights: Weights, activation: NDArray[np.float32]) -> NDArray[np.float64]:
    """Give the head's logits for one endpoint, (height, width, channels), in float64."""
    x = _pooled(activation.astype(np.float64))
    for layer in ("Conv2d_1b_1x1", f"Conv2d_2a_{x.shape[0]}x{x.shape[1]}"):
        scope = f"{SCOPE}/{layer}"
        kernel = weights[f"{scope}/weights"].astype(np.float64)
        if kernel.shape[:2] == (1, 1):
            x = x @ kernel[0, 0]
        else:
            x = np.einsum("hwi,hwio->o", x, kernel)[None, None]
        mean, variance, beta = (
            weights[f"{scope}/BatchNorm/{part}"].astype(np.float64)
            for part in ("moving_mean", "moving_variance", "beta")
        )
        x = np.maximum((x - mean) / np.sqrt(variance + 0.001) + beta, 0.0)
    last = f"{SCOPE}/Conv2d_2b_1x1"
    logits: NDArray[np.float64] = x[0, 0] @ weights[f"{last}/weights"][0, 0]
    return logits + weights[f"{last}/biases"]


def _pooled(x: NDArray[np.float64]) -> NDArray[np.float64]:
    rows, columns = ((side - 5) // 3 + 1 for side in x.shape[:2])
    return np.array(
        [
            [x[3 * i : 3 * i + 5, 3 * j : 3 * j + 5].mean(axis=(0, 1)) for j in range(columns)]
            for i in range(rows)
        ]
    )
