"""Both kinds of releases give, bit for bit, what the published call gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras
import numpy as np
import pytest
import tensorflow as tf
import tensorflow_hub as hub

from inspector.engine.checks import probe
from inspector.engine.loading import load_release

if TYPE_CHECKING:
    from inspector.core.pairs import PairSpec


@pytest.mark.parametrize("count", [1, 3])
def test_keras_predict(starter: PairSpec, count: int) -> None:
    model = keras.applications.MobileNetV2(
        alpha=0.35, input_shape=(96, 96, 3), weights=starter.left.source.option("weights")
    )
    batch = probe((96, 96))[:count] * np.float32(2) - np.float32(1)
    published = model.predict(batch, verbose=0)
    assert np.array_equal(load_release(starter.left).run(batch).raw, published)


@pytest.mark.parametrize("count", [1, 3])
def test_hub_call(starter: PairSpec, count: int) -> None:
    batch = probe((96, 96))[:count]
    published = hub.load(starter.right.source.target)(tf.constant(batch))
    assert np.array_equal(load_release(starter.right).run(batch).raw, published.numpy())


def test_a_saved_model_is_traced_once_for_every_batch_size(starter: PairSpec) -> None:
    release = load_release(starter.right)
    batch = probe((96, 96))
    for count in (1, 2, 3):
        release.run(batch[:count])
    assert release._call.experimental_get_tracing_count() == 1
