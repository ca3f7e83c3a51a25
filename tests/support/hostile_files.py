"""Frozen graphs, configurations and TFLite files that act by themselves; shipped nowhere.

Each that writes does so to the marker that it is given, so that a test can see whether it acted.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from tests.support.tflite import edit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHAPE = [None, 8, 8, 3]
_v1 = tf.compat.v1


def frozen(path: Path, act: Callable[[Any], Any]) -> Path:
    """Write a frozen graph that does something with its pictures on the way to its scores."""
    with tf.Graph().as_default() as graph:
        pictures = _v1.placeholder(tf.float32, SHAPE, "input")
        with tf.control_dependencies([tf.identity(act(pictures)).op]):
            means = tf.reduce_mean(pictures, axis=(1, 2))
        tf.matmul(means, np.ones((3, 4), np.float32), name="logits")
    path.write_bytes(graph.as_graph_def().SerializeToString())
    return path


def writing(marker: Path) -> Callable[[Any], Any]:
    """Give what writes the marker."""

    def act(pictures: Any) -> Any:
        tf.io.write_file(str(marker), "x")
        written = _v1.get_default_graph().get_operations()[-1]
        with tf.control_dependencies([written]):
            return tf.reduce_sum(pictures)

    return act


def hidden(act: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Put what is done into a function of the graph's library."""
    return tf.function(act, input_signature=[tf.TensorSpec(SHAPE, tf.float32)], autograph=False)


def config(folder: Path, layer: dict[str, Any] | None = None) -> tuple[Path, Path]:
    """Write weights and the configuration of their model, with one more layer in it."""
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(4)]
    )
    weights, described = folder / "made.weights.h5", folder / "made.json"
    model.save_weights(weights)
    made = json.loads(model.to_json())
    if layer is not None:
        made["config"]["layers"].append(layer)
    described.write_text(json.dumps(made))
    return weights, described


def lambda_layer(marker: Path) -> dict[str, Any]:
    """Give the configuration of a layer whose Python code writes the marker when it is built."""
    name = str(marker)
    made = keras.layers.Lambda(lambda x: (open(name, "w").close(), x)[1], name="writer")
    described: dict[str, Any] = keras.saving.serialize_keras_object(made)
    return described


def with_operator(source: Path, target: Path, name: str) -> Path:
    """Copy a TFLite file, its first operator exchanged for a custom one."""

    def change(model: Any) -> None:
        code = model.operatorCodes[model.subgraphs[0].operators[0].opcodeIndex]
        code.builtinCode = code.deprecatedBuiltinCode = 32
        code.customCode = name

    return edit(source, target, change)


def oversized(source: Path, target: Path) -> Path:
    """Copy a TFLite file, its input declared to be of 400 gigabytes."""

    def change(model: Any) -> None:
        graph = model.subgraphs[0]
        graph.tensors[graph.inputs[0]].shape = [1, 100_000, 333_333, 3]

    return edit(source, target, change)
