"""Makes small models, right and wrong ones, and the specs that declare them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras
import tensorflow as tf

from inspector.core.input_range import SYMMETRIC, UNIT
from inspector.core.pairs import OutputKind, PairSpec, ReleaseSpec
from inspector.core.sources import Source, SourceKind

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = 10
SIZE = 16


def keras_model(
    *,
    size: int | None = SIZE,
    channels: int = 3,
    classes: int = CLASSES,
    activation: str | None = "softmax",
    batch: int | None = None,
    seed: int = 0,
) -> Any:
    """Make a small classifier of colours and shapes."""
    keras.utils.set_random_seed(seed)
    return keras.Sequential(
        [
            keras.Input((size, size, channels), batch_size=batch),
            keras.layers.Conv2D(8, 3, activation="relu", name="convolution"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(classes, activation=activation, name="classes"),
        ]
    )


def keras_file(folder: Path, model: Any, name: str = "model.keras") -> Path:
    path = folder / name
    model.save(path)
    return path


class HubStyle(tf.Module):  # type: ignore[misc]
    """A Hub-style twin of a Keras model with logits: [0, 1] in, a background class before."""

    def __init__(self, model: Any, background: bool = True, batch: int | None = None) -> None:
        super().__init__()
        self.model = model
        self.background = background
        shape = [batch, *model.input_shape[1:]]
        self.__call__ = tf.function(self.logits, input_signature=[tf.TensorSpec(shape, tf.float32)])

    def logits(self, inputs: Any) -> Any:
        logits = self.model(inputs * 2.0 - 1.0, training=False)
        if not self.background:
            return logits
        return tf.concat([tf.fill([tf.shape(logits)[0], 1], -2.0), logits], axis=1)


def saved_model(folder: Path, module: Any, name: str = "hub", signatures: Any = None) -> Path:
    path = folder / name
    tf.saved_model.save(module, str(path), signatures=signatures)
    return path


def keras_spec(path: Path | str, **changes: Any) -> ReleaseSpec:
    spec = ReleaseSpec(
        Source(SourceKind.KERAS_FILE, str(path)),
        "keras",
        SYMMETRIC,
        OutputKind.PROBABILITIES,
        background=False,
    )
    return replace(spec, **changes)


def application_spec(*options: tuple[str, str], name: str = "MobileNetV2") -> ReleaseSpec:
    return keras_spec("", source=Source(SourceKind.KERAS_APPLICATION, name, options))


def hub_spec(path: Path | str, kind: SourceKind = SourceKind.HUB, **changes: Any) -> ReleaseSpec:
    spec = ReleaseSpec(Source(kind, str(path)), "hub", UNIT, OutputKind.LOGITS, background=True)
    return replace(spec, **changes)


def pair_of(left: ReleaseSpec, right: ReleaseSpec, labels: str = "indices") -> PairSpec:
    return PairSpec("made", "Made for a test", labels, left, right)
