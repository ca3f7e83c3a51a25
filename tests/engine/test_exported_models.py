"""SavedModels that people export from their own Keras models."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from inspector.core.errors import ReleaseError
from inspector.core.input_range import LEVELS
from inspector.core.pairs import OutputKind
from inspector.core.sources import Source, SourceKind
from inspector.engine.loading import load_release
from tests.support import models

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.core.pairs import ReleaseSpec

SHAPE = (models.SIZE, models.SIZE, 3)


@pytest.fixture(scope="module")
def model() -> Any:
    return models.keras_model()


def batch(count: int = 3) -> np.ndarray:
    return np.random.default_rng(3).random((count, *SHAPE), dtype=np.float32)


def levels(count: int = 2) -> np.ndarray:
    return np.random.default_rng(4).uniform(-2, 258, (count, *SHAPE)).astype(np.float32)


def spec_of(folder: Path, **options: str) -> ReleaseSpec:
    source = Source(SourceKind.SAVED_MODEL, str(folder), tuple(options.items()))
    return models.hub_spec(folder, source=source, background=False, output=OutputKind.PROBABILITIES)


def export(model: Any, folder: Path) -> None:
    model.export(str(folder), verbose=False)


def save(model: Any, folder: Path) -> None:
    tf.saved_model.save(model, str(folder))


def archive(model: Any, folder: Path) -> None:
    """Export with one endpoint, whose name is the user's own."""
    made = keras.export.ExportArchive()
    made.track(model)
    signature = [tf.TensorSpec([None, *SHAPE], tf.float32)]
    made.add_endpoint("classify", lambda x: model(x, training=False), input_signature=signature)
    made.write_out(str(folder), verbose=False)


@pytest.mark.parametrize("write", [export, save, archive])
@pytest.mark.parametrize("count", [1, 3])
def test_a_keras_model_gives_its_own_numbers(
    tmp_path: Path, model: Any, write: Callable[[Any, Path], None], count: int
) -> None:
    write(model, tmp_path / "model")
    loaded = load_release(spec_of(tmp_path / "model"))
    assert loaded.size == SHAPE[:2]
    raw = loaded.run(batch(count)).raw
    np.testing.assert_allclose(raw, np.asarray(model(batch(count))), atol=1e-6)
    np.testing.assert_allclose(raw.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("write", [export, save])
def test_outputs_with_names(tmp_path: Path, model: Any, write: Callable[[Any, Path], None]) -> None:
    named = keras.Model(
        model.inputs,
        {"probabilities": model.outputs[0], "features": model.layers[1].output},
    )
    write(named, tmp_path / "named")
    raw = load_release(spec_of(tmp_path / "named")).run(batch()).raw
    np.testing.assert_allclose(raw, np.asarray(model(batch())), atol=1e-6)
    chosen = load_release(spec_of(tmp_path / "named", output="features")).run(batch()).raw
    assert chosen.shape == (3, 8)
    with pytest.raises(ReleaseError, match="features"):
        load_release(spec_of(tmp_path / "named", output="logit")).run(batch())


@pytest.mark.parametrize("write", [export, save])
def test_a_fixed_batch(tmp_path: Path, write: Callable[[Any, Path], None]) -> None:
    fixed, free = models.keras_model(batch=2), models.keras_model()
    write(fixed, tmp_path / "fixed")
    raw = load_release(spec_of(tmp_path / "fixed")).run(batch(3)).raw
    np.testing.assert_allclose(raw, np.asarray(free(batch(3))), atol=1e-6)


def of_levels(model: Any) -> Any:
    """Put a uint8 input and a scaling before a model."""
    taken = keras.Input(SHAPE, dtype="uint8")
    return keras.Model(taken, model(keras.layers.Rescaling(1 / 127.5, -1.0)(taken)))


def rounded(model: Any) -> np.ndarray:
    given = np.clip(np.rint(levels()), 0, 255).astype(np.float32)
    return np.asarray(model(given / 127.5 - 1))


@pytest.mark.parametrize("write", [export, save])
def test_a_uint8_input_takes_rounded_levels(
    tmp_path: Path, model: Any, write: Callable[[Any, Path], None]
) -> None:
    write(of_levels(model), tmp_path / "levels")
    spec = spec_of(tmp_path / "levels")
    with pytest.raises(ReleaseError, match="takes uint8 pixels") as caught:
        load_release(spec)
    assert "[0, 255]" in caught.value.mend
    loaded = load_release(replace(spec, range=LEVELS))
    np.testing.assert_allclose(loaded.run(levels()).raw, rounded(model), atol=1e-5)


def test_a_keras_file_with_a_uint8_input(tmp_path: Path, model: Any) -> None:
    path = models.keras_file(tmp_path, of_levels(model), "levels.keras")
    with pytest.raises(ReleaseError, match="takes uint8 pixels"):
        load_release(models.keras_spec(path))
    loaded = load_release(models.keras_spec(path, range=LEVELS))
    np.testing.assert_allclose(loaded.run(levels()).raw, rounded(model), atol=1e-5)


class _OfLevels(tf.Module):  # type: ignore[misc]
    """A module that is called with uint8 pixels."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    @tf.function(input_signature=[tf.TensorSpec([None, *SHAPE], tf.uint8)])
    def __call__(self, pixels: Any) -> Any:
        return self.model(tf.cast(pixels, tf.float32) / 127.5 - 1, training=False)


def test_a_module_that_is_called_with_uint8(tmp_path: Path, model: Any) -> None:
    folder = models.saved_model(tmp_path, _OfLevels(model))
    loaded = load_release(replace(spec_of(folder), range=LEVELS))
    np.testing.assert_allclose(loaded.run(levels()).raw, rounded(model), atol=1e-5)
