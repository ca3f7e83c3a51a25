"""Releases and pictures for tests with TensorFlow, each made or loaded once a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.catalogue import STARTER, choose_pair
from inspector.core.pairs import PairSpec, read_pairs
from inspector.engine.engine import Engine, LoadedPair
from inspector.starter.tiny import tiny_pair
from tests.support import pictures

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = 11


@pytest.fixture(scope="session")
def tiny_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the pair file of an untrained pair: 32 px, 10 shared classes."""
    return tiny_pair(tmp_path_factory.mktemp("tiny"), seed=5, classes=CLASSES)


@pytest.fixture(scope="session")
def tiny(tiny_file: Path) -> PairSpec:
    return read_pairs(tiny_file)[0]


@pytest.fixture(scope="session")
def starter() -> PairSpec:
    return choose_pair(STARTER)


@pytest.fixture(scope="session")
def imagenet(data: Path) -> PairSpec:
    return read_pairs(data / "imagenet_pair" / "pair.toml")[0]


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Give one engine for all tests that look at figures, so that pairs are loaded once."""
    return Engine()


@pytest.fixture(scope="session")
def tiny_loaded(engine: Engine, tiny: PairSpec) -> LoadedPair:
    return engine.load(tiny)


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a JPEG file of 91 × 70 pixels."""
    folder = tmp_path_factory.mktemp("photo")
    return pictures.write(folder, "photo.jpg", pictures.jpeg(91, 70))
