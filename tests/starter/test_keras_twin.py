from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from inspector.core.errors import ReleaseError
from inspector.starter.architecture import network
from inspector.starter.keras_twin import checkpoint_from_model, keras_model, publish_keras_twin
from inspector.starter.tiny import random_checkpoint

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("alpha", [0.35, 0.75, 1.3])
def test_the_table_is_keras_own(alpha: float) -> None:
    import keras

    model = keras.applications.MobileNetV2(
        alpha=alpha, input_shape=(32, 32, 3), weights=None, classes=6
    )
    built = {
        f"{layer.name}/{weight.name}": tuple(weight.shape)
        for layer in model.layers
        for weight in layer.weights
    }
    assert list(built.items()) == list(network(alpha).shapes(6).items())


def test_the_background_is_left_out(tmp_path: Path) -> None:
    import keras

    checkpoint = random_checkpoint(seed=2, classes=9)
    file = publish_keras_twin(checkpoint, tmp_path / "a.weights.h5", size=32)
    model = keras.applications.MobileNetV2(
        alpha=0.35, input_shape=(32, 32, 3), weights=str(file), classes=8
    )
    back = checkpoint_from_model(model)
    assert not back.background
    kernel = checkpoint.weights["predictions/kernel"]
    np.testing.assert_array_equal(back.weights["predictions/kernel"], kernel[:, 1:])
    assert [path.name for path in tmp_path.iterdir()] == ["a.weights.h5"]


def test_names_and_sizes_that_keras_refuses(tmp_path: Path) -> None:
    checkpoint = random_checkpoint(seed=2, classes=3)
    with pytest.raises(ReleaseError, match=r"\.weights\.h5"):
        publish_keras_twin(checkpoint, tmp_path / "a.h5", size=32)
    with pytest.raises(ReleaseError, match="16 pixels"):
        keras_model(checkpoint, size=16)
