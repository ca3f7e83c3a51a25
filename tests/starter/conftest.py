"""The shipped starter pair, loaded once, and where development data is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
SIZE = 96


# Keras 3.15 turns its variables into arrays in a way that NumPy 2.4 warns about.
_KERAS_WARNING = "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings(_KERAS_WARNING))


@pytest.fixture(scope="session")
def resources() -> Path:
    return ROOT / "resources"


@pytest.fixture(scope="session")
def checkpoint_file() -> Path:
    data = Path(os.environ.get("TWIN_INSPECTOR_DATA", ROOT.parent / "shared" / "data"))
    file = data / "starter" / "checkpoint.npz"
    if not file.is_file():
        pytest.skip(f"the starter's checkpoint is not at {file}; set TWIN_INSPECTOR_DATA")
    return file


@pytest.fixture(scope="session")
def keras_starter(resources: Path) -> Any:
    """Load the left starter release as a user loads it, but for the softmax."""
    import keras

    return keras.applications.MobileNetV2(
        alpha=0.35,
        input_shape=(SIZE, SIZE, 3),
        weights=str(resources / "starter" / f"mobilenet_v2_0.35_{SIZE}.weights.h5"),
        classifier_activation=None,
    )


@pytest.fixture(scope="session")
def hub_starter(resources: Path) -> Any:
    """Load the right starter release."""
    import tensorflow as tf

    return tf.saved_model.load(str(resources / "starter" / "hub"))


@pytest.fixture
def noise() -> np.ndarray:
    """Three random inputs in [0, 1]."""
    return np.random.default_rng(7).random((3, SIZE, SIZE, 3), dtype=np.float32)
