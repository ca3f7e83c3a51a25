"""Tiny seeded pairs: an untrained MobileNetV2 published twice, for tests and trials."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.files import write_text
from inspector.starter.architecture import network
from inspector.starter.checkpoint import IMAGENET_CLASSES, Checkpoint, make_checkpoint
from inspector.starter.publish import TwinReleases, publish

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray

PAIR_FILE = "pair.toml"


def tiny_pair(
    directory: str | PathLike[str],
    *,
    seed: int,
    size: int = 32,
    alpha: float = 0.35,
    classes: int = IMAGENET_CLASSES + 1,
) -> Path:
    """Publish a seeded untrained checkpoint twice, with a pair file.

    Parameters
    ----------
    directory
        Where the releases and ``pair.toml`` go; made if need be.
    seed
        The same seed gives the same weights.
    size
        Height and width of the input in pixels, 32 or more.
    alpha
        Width multiplier.
    classes
        Outputs of the right release, its background class included; the left has one less.

    Returns
    -------
    Path
        The pair file.

    Raises
    ------
    ReleaseError
        Where there is no such MobileNetV2.
    ExportError
        Where something can't be written.
    """
    checkpoint = random_checkpoint(seed=seed, alpha=alpha, classes=classes)
    releases = publish(checkpoint, directory, size=size)
    pair = Path(directory, PAIR_FILE)
    write_text(pair, _pair_text(releases, checkpoint, f"tiny_{seed}", size))
    return pair


def random_checkpoint(
    *, seed: int, alpha: float = 0.35, classes: int = IMAGENET_CLASSES + 1
) -> Checkpoint:
    """Draw a checkpoint whose activations neither vanish nor explode.

    Kernels are normal with variance 2 / fan-in (He et al. 2015), or 1 / fan-in behind a linear
    layer; batch norm statistics vary a little around the identity. The classifier is wide
    enough for pictures to differ in their first class.

    Parameters
    ----------
    seed
        Seed of `numpy.random.default_rng`.
    alpha
        Width multiplier.
    classes
        Outputs of the classifier, the background at index 0 included.
    """
    random = np.random.default_rng(seed)
    layout = network(alpha)
    gains = {f"{c.layer}/kernel": _gain(c.layer) for c in layout.convolutions}
    weights = {
        key: _draw(random, key, shape, gains.get(key, 1.0))
        for key, shape in layout.shapes(classes).items()
    }
    return make_checkpoint(weights, alpha=alpha, background=True)


def _gain(layer: str) -> float:
    """Give the square of He's gain: the input of an expansion or of the stem is linear."""
    linear = layer.endswith("_expand") or layer in {"Conv1", "Conv_1"}
    return 1.0 if linear else 2.0


def _draw(
    random: np.random.Generator, key: str, shape: tuple[int, ...], gain: float
) -> NDArray[np.float32]:
    layer, _, part = key.rpartition("/")
    if part == "kernel":
        fan_in = math.prod(shape[:-1]) // (shape[2] if layer.endswith("depthwise") else 1)
        spread = math.sqrt(gain / fan_in) if len(shape) == 4 else 4.0 / math.sqrt(fan_in)
        values = random.normal(0.0, spread, shape)
    elif part in {"gamma", "moving_variance"}:
        values = random.uniform(0.8, 1.25, shape)
    else:
        values = random.normal(0.0, 0.1, shape)
    return values.astype(np.float32)


def _pair_text(releases: TwinReleases, checkpoint: Checkpoint, name: str, size: int) -> str:
    imagenet = checkpoint.classes == IMAGENET_CLASSES
    options = f"alpha={checkpoint.alpha}&size={size}&weights={releases.keras_weights.name}"
    if not imagenet:
        options += f"&classes={checkpoint.classes}"
    return f"""\
[[pair]]
id = "{name}"
title = "Untrained MobileNetV2 {checkpoint.alpha}, {size} px"
labels = "{"imagenet" if imagenet else "indices"}"
[pair.left]
source = "keras-application:MobileNetV2?{options}"
mode = "keras"
range = [-1.0, 1.0]
output = "probabilities"
background = false
[pair.right]
source = "hub:{releases.hub.name}"
mode = "hub"
range = [0.0, 1.0]
output = "logits"
background = true
"""
