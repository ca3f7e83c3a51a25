"""A stranger's transfer-learning model: the starter's trained body, another size, its own head.

The head tells made pictures apart by their features, as a short training would; nothing is random.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from inspector.engine.proposing_pictures import made_pictures
from tests.support.program import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 160
CLASSES = 19
WEIGHTS = ROOT / "resources" / "starter" / "mobilenet_v2_0.35_96.weights.h5"


def transfer_model(*, rescaling: bool = False, activation: str | None = "softmax") -> Any:
    """Give the model: input in [-1, 1], or in [0, 255] where it scales inside."""
    keras.utils.set_random_seed(1)
    body = _body()
    inputs = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Rescaling(1 / 127.5, offset=-1.0)(inputs) if rescaling else inputs
    x = keras.layers.GlobalAveragePooling2D()(body(x, training=False))
    x = keras.layers.Dropout(0.2)(x)
    head = keras.layers.Dense(CLASSES, activation=activation, name="flowers")
    model = keras.Model(inputs, head(x))
    features = np.asarray(
        keras.ops.mean(body(made_pictures((SIZE, SIZE), CLASSES, seed=3) * 2.0 - 1.0), axis=(1, 2))
    )
    centred = features - features.mean(axis=0)
    kernel = (centred / np.linalg.norm(centred, axis=1, keepdims=True)).T
    head.set_weights([kernel * 2.0, -features.mean(axis=0) @ kernel * 2.0])
    return model


def _body() -> Any:
    trained = keras.applications.MobileNetV2(
        alpha=0.35, input_shape=(96, 96, 3), weights=str(WEIGHTS)
    )
    body = keras.applications.MobileNetV2(
        alpha=0.35, input_shape=(SIZE, SIZE, 3), weights=None, include_top=False
    )
    for layer in body.layers:
        if layer.weights:
            layer.set_weights(trained.get_layer(layer.name).get_weights())
    body.trainable = False
    return body


def save_h5(model: Any, path: Path) -> Path:
    """Save in Keras 3's legacy format, which it warns about."""
    import logging

    logging.getLogger("absl").setLevel(logging.ERROR)
    model.save(path)
    return path
