from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from inspector.core.errors import ReleaseError
from inspector.starter.checkpoint import make_checkpoint, read_checkpoint
from inspector.starter.tiny import random_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Weights = dict[str, np.ndarray]


@pytest.fixture
def weights() -> Weights:
    return dict(random_checkpoint(seed=3, classes=11).weights)


def test_a_checkpoint_comes_back_from_its_file(weights: Weights, tmp_path: Path) -> None:
    np.savez(tmp_path / "c.npz", **dict(reversed(weights.items())))
    read = read_checkpoint(tmp_path / "c.npz", background=True)
    assert (read.alpha, read.outputs, read.classes, read.background) == (0.35, 11, 10, True)
    assert list(read.weights) == list(weights)
    assert all(np.array_equal(read.weights[key], value) for key, value in weights.items())


@pytest.mark.parametrize(("classes", "background"), [(1001, True), (1000, False), (7, False)])
def test_the_background_is_guessed_from_the_count(classes: int, background: bool) -> None:
    made = make_checkpoint(random_checkpoint(seed=0, classes=classes).weights)
    assert made.background is background
    assert made.without_background().outputs == made.classes
    assert made.with_background().outputs == made.classes + 1


def test_an_added_background_has_the_mean_logit(weights: Weights) -> None:
    full = make_checkpoint(weights, background=False).with_background()
    features = np.random.default_rng(0).random(1280, dtype=np.float32)
    logits = features @ full.weights["predictions/kernel"] + full.weights["predictions/bias"]
    assert logits[0] == pytest.approx(logits[1:].mean(), abs=1e-4)


def _without(key: str) -> Callable[[Weights], Weights]:
    return lambda weights: {k: v for k, v in weights.items() if k != key}


def _with(key: str, change: Callable[[np.ndarray], Any]) -> Callable[[Weights], Weights]:
    return lambda weights: {**weights, key: change(weights.get(key, np.zeros(1)))}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_without("block_3_project/kernel"), "lacks block_3_project/kernel"),
        (_with("extra/kernel", lambda _: np.zeros(3)), "unknown extra/kernel"),
        (_without("predictions/bias"), "no classifier"),
        (_with("bn_Conv1/beta", lambda a: a[:-1]), r"bn_Conv1/beta has shape \(15,\)"),
        (_with("Conv1/kernel", lambda a: a[..., :-1]), "fit no MobileNetV2"),
        (_with("Conv1/kernel", lambda a: a * np.nan), "not finite"),
        (_with("Conv1/kernel", lambda a: a.astype(np.int8)), "int8"),
        (_with("Conv_1_bn/moving_variance", lambda a: -a), "no variance can be"),
    ],
)
def test_a_bad_checkpoint_is_refused(
    weights: Weights, spoil: Callable[[Weights], Weights], message: str
) -> None:
    with pytest.raises(ReleaseError, match=message) as caught:
        make_checkpoint(spoil(weights))
    assert caught.value.mend


def test_a_wrong_alpha_is_refused(weights: Weights) -> None:
    with pytest.raises(ReleaseError, match="needs") as caught:
        make_checkpoint(weights, alpha=1.0)
    assert "alpha" in caught.value.mend


@pytest.mark.parametrize("content", [None, b"", b"no archive", b"PK\x03\x04 cut short"])
def test_an_unreadable_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "c.npz"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ReleaseError, match="can't be read"):
        read_checkpoint(file)


def test_a_single_array_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "c.npy", np.zeros(3))
    with pytest.raises(ReleaseError, match="can't be read"):
        read_checkpoint(tmp_path / "c.npy")
