"""Makes models that give features, published twice, right and wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import tensorflow as tf

from inspector.core.pairs import OutputKind, PairSpec, ReleaseSpec
from tests.support.models import hub_spec, keras_spec, pair_of

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

SIZE = 32
FEATURES = 48


def body(features: int = FEATURES, seed: int = 0) -> Any:
    """Make a small network that ends in a global average; its last activation leaves no zeros."""
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((SIZE, SIZE, 3)),
            keras.layers.Conv2D(16, 3, strides=2, activation="relu", name="first"),
            keras.layers.Conv2D(features, 3, activation="elu", name="second"),
            keras.layers.GlobalAveragePooling2D(name="pooling"),
        ]
    )


class FeatureVector(tf.Module):  # type: ignore[misc]
    """A Hub-style twin: [0, 1] in, features out.

    Parameters
    ----------
    model
        The Keras model.
    factor
        What the features are multiplied by.
    order
        The order of the dimensions.
    shape
        What follows the batch in the output: ``(1, 1)`` as TF1-format modules do it, or nothing.
    """

    def __init__(
        self,
        model: Any,
        *,
        factor: float = 1.0,
        order: np.ndarray | None = None,
        shape: tuple[int, ...] = (),
    ) -> None:
        super().__init__()
        self.model, self.factor, self.order, self.shape = model, factor, order, shape
        spec = tf.TensorSpec([None, SIZE, SIZE, 3], tf.float32)
        self.__call__ = tf.function(self.features, input_signature=[spec])

    def features(self, inputs: Any) -> Any:
        rows = self.model(inputs * 2.0 - 1.0, training=False) * self.factor
        if self.order is not None:
            rows = tf.gather(rows, self.order, axis=1)
        return tf.reshape(rows, [-1, *self.shape, rows.shape[-1]]) if self.shape else rows


def save_keras(folder: Path, model: Any, name: str) -> ReleaseSpec:
    """Save a model and declare it."""
    path = folder / f"{name}.keras"
    model.save(path)
    return keras_spec(path, output=OutputKind.FEATURES)


def save_hub(folder: Path, model: Any, name: str, **options: Any) -> ReleaseSpec:
    """Save a Hub-style twin and declare it."""
    path = folder / name
    tf.saved_model.save(FeatureVector(model, **options), str(path))
    return hub_spec(path, output=OutputKind.FEATURES, background=False)


def feature_pair(left: ReleaseSpec, right: ReleaseSpec) -> PairSpec:
    return pair_of(left, right)
