from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from inspector.starter.__main__ import main
from inspector.starter.tiny import random_checkpoint, tiny_pair

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def pair_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_pair(tmp_path_factory.mktemp("tiny"), seed=11)


def _load(pair_file: Path) -> tuple[Any, Any]:
    import keras
    import tensorflow as tf

    model = keras.applications.MobileNetV2(
        alpha=0.35,
        input_shape=(32, 32, 3),
        weights=str(pair_file.parent / "mobilenet_v2_0.35_32.weights.h5"),
        classifier_activation=None,
    )
    return model, tf.saved_model.load(str(pair_file.parent / "hub"))


def test_the_twins_agree_and_do_not_say_always_the_same(pair_file: Path) -> None:
    left, right = _load(pair_file)
    batch = np.random.default_rng(0).random((8, 32, 32, 3), dtype=np.float32)
    batch *= np.linspace(0.2, 1.0, 8, dtype=np.float32)[:, None, None, None]
    logits = np.asarray(left(batch * 2.0 - 1.0))
    np.testing.assert_allclose(logits, np.asarray(right(batch))[:, 1:], rtol=0, atol=5e-5)
    assert logits.std(axis=1).min() > 0.5
    assert len(set(logits.argmax(axis=1))) > 1


def test_the_pair_file(pair_file: Path) -> None:
    (pair,) = tomllib.loads(pair_file.read_text("utf-8"))["pair"]
    assert (pair["id"], pair["labels"]) == ("tiny_11", "imagenet")
    assert pair["left"] == {
        "source": "keras-application:MobileNetV2"
        "?alpha=0.35&size=32&weights=mobilenet_v2_0.35_32.weights.h5",
        "mode": "keras",
        "range": [-1.0, 1.0],
        "output": "probabilities",
        "background": False,
    }
    assert pair["right"] == {
        "source": "hub:hub",
        "mode": "hub",
        "range": [0.0, 1.0],
        "output": "logits",
        "background": True,
    }


def test_the_seed_decides() -> None:
    once, again, other = (random_checkpoint(seed=seed, classes=5) for seed in (4, 4, 5))
    for key, value in once.weights.items():
        np.testing.assert_array_equal(value, again.weights[key])
        assert not np.array_equal(value, other.weights[key])


def test_the_command_publishes_and_tells_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out, card = tmp_path / "c.npz", tmp_path / "out", tmp_path / "card.txt"
    np.savez(file, **random_checkpoint(seed=1, classes=4).weights)
    card.write_text("About it.", "utf-8")
    options = ["--out", str(out), "--size", "32", "--background", "--model-card", str(card)]
    assert main([str(file), *options]) == 0
    assert [path.name for path in sorted(out.iterdir())] == [
        "MODEL_CARD.md",
        "hub",
        "mobilenet_v2_0.35_32.weights.h5",
    ]
    assert str(out / "hub") in capsys.readouterr().out
    assert main([str(tmp_path / "absent.npz"), *options]) == 3
    assert "absent.npz can't be read" in capsys.readouterr().err
