"""A pair of the catalogue, found where Keras and Hub keep its releases, with no network at all."""

from __future__ import annotations

import shutil
import socket
from typing import TYPE_CHECKING, Any

import h5py
import keras
import numpy as np
import pytest
from keras.src.legacy.saving import legacy_h5_format

from inspector.core.catalogue import (
    hub_directory_name,
    is_here,
    keras_cache,
    keras_weights_name,
    missing_path,
    shipped_pairs,
)
from inspector.core.errors import ReleaseMissingError, UntrustedModelError
from inspector.core.pairs import PairSpec, Side, find_pair
from inspector.core.picture import PictureSource
from inspector.engine.engine import Engine
from inspector.engine.loading import load_release
from inspector.session import Session
from tests.support.hostile import Hostile
from tests.support.models import HubStyle, saved_model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ID = "mobilenet_v1_0.25_128"


@pytest.fixture(scope="module")
def pair() -> PairSpec:
    return find_pair(shipped_pairs(), ID)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Publish an untrained MobileNet as Keras does, and its twin as Hub does."""
    folder = tmp_path_factory.mktemp("published")
    model = keras.applications.MobileNet(
        weights=None, alpha=0.25, input_shape=(128, 128, 3), classifier_activation=None
    )
    random = np.random.default_rng(3)
    for weight in model.weights:  # such that activations neither vanish nor grow
        if weight.name == "kernel" and len(weight.shape) == 4:
            depthwise = weight.shape[-1] == 1
            fan_in = np.prod(weight.shape[:2]) * (1 if depthwise else weight.shape[2])
            weight.assign(random.normal(0.0, np.sqrt(2.0 / fan_in), weight.shape))
    weights = folder / "weights.h5"
    with h5py.File(weights, "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    return weights, saved_model(folder, HubStyle(model))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Refuse every connection; give what was asked for."""
    asked: list[str] = []

    def refuse(*where: Any) -> None:
        asked.append(str(where))
        raise ConnectionRefusedError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return asked


@pytest.fixture
def caches(
    made: tuple[Path, Path],
    pair: PairSpec,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    """Lay both releases out in the caches; give the file of weights."""
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    shutil.copytree(made[1], tmp_path / hub_directory_name(pair.right.source.target))
    name = keras_weights_name(pair.left.source)
    assert name is not None
    file = keras_cache() / name
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(made[0], file)
    yield file
    file.unlink(missing_ok=True)


def test_both_releases_are_found_and_compared(
    caches: Path, pair: PairSpec, photo: Path, asked: list[str]
) -> None:
    assert is_here(pair)
    session = Session(pair)
    session.set_pair_mode("identical")
    session.set_picture(PictureSource.from_path(photo))
    request = session.request()
    assert request is not None
    result = Engine().compare(request)
    assert result.verdict.agrees
    assert result.side(Side.LEFT).model_input.shape == (128, 128, 3)
    assert result.side(Side.RIGHT).raw.shape == (1001,)
    assert asked == []


def test_a_file_is_looked_at_before_it_is_opened(
    caches: Path, pair: PairSpec, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A whole model with code in it lies where the weights belong."""
    hostile = Hostile(tmp_path_factory.mktemp("hostile"))
    shutil.copy(hostile.with_lambda(".h5"), caches)
    with pytest.raises(UntrustedModelError, match="Lambda"):
        load_release(pair.left)
    assert not hostile.has_acted()


def test_weights_that_are_cut_off_are_never_opened(
    caches: Path, pair: PairSpec, asked: list[str]
) -> None:
    caches.write_bytes(caches.read_bytes()[:-100])
    assert missing_path(pair.left) == caches
    assert not is_here(pair)
    with pytest.raises(ReleaseMissingError, match="could not be fetched"):
        load_release(pair.left)
    assert asked != []


def test_the_weights_are_those_of_the_file(caches: Path, pair: PairSpec, asked: list[str]) -> None:
    loaded = load_release(pair.left)
    batch = np.random.default_rng(0).random((2, 128, 128, 3), dtype=np.float32) * 2 - 1
    first = loaded.run(batch).raw
    with h5py.File(caches, "r+") as file:
        kernel = file["conv1/conv1/kernel"]
        kernel[...] = kernel[...] * 3.0
    assert np.abs(load_release(pair.left).run(batch).raw - first).max() > 1e-6
    assert asked == []
