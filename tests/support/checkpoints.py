"""A small made-up checkpoint, published in all the ways a weight audit has to see through."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.weights.tensors import NamedWeight

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

EPSILON = 1e-3
CLASSES = 10
"""Without the background class."""

_PARTS = ("gamma", "beta", "moving_mean", "moving_variance")
_KERNELS = {
    "stem": (3, 3, 3, 8),
    "expand": (1, 1, 8, 16),
    "depthwise": (3, 3, 16, 1),
    "project": (1, 1, 16, 8),
    "expand_2": (1, 1, 8, 16),
    "depthwise_2": (3, 3, 16, 1),
    "project_2": (1, 1, 16, 8),
}


def checkpoint(seed: int = 0, epsilon: float = EPSILON) -> list[NamedWeight]:
    """Give a checkpoint by Keras' names and layouts: seven layers with batch norm, and a head."""
    random = np.random.default_rng(seed)
    weights = []
    for layer, shape in _KERNELS.items():
        weights.append(_weight(f"{layer}/kernel", random.normal(size=shape)))
        for part in _PARTS:
            drawn = random.uniform(0.3, 2.0, channels(layer, shape))
            values = drawn if part in {"gamma", "moving_variance"} else drawn - 1.0
            weights.append(_weight(f"{layer}_bn/{part}", values, epsilon))
    weights.append(_weight("predictions/kernel", random.normal(size=(8, CLASSES))))
    weights.append(_weight("predictions/bias", random.normal(size=CLASSES)))
    return weights


def _weight(name: str, values: Any, epsilon: float | None = None) -> NamedWeight:
    known = epsilon if name.endswith("moving_variance") else None
    return NamedWeight(name, np.asarray(values, np.float32), known)


def channels(layer: str, shape: tuple[int, ...]) -> int:
    """Give the number of channels that a layer puts out."""
    return shape[2] if layer.startswith("depthwise") else shape[3]


def changed(
    weights: Sequence[NamedWeight], change: Callable[[str, NDArray[Any]], Any]
) -> list[NamedWeight]:
    """Give the weights with other values; the names stay."""
    return [
        replace(weight, values=np.asarray(change(weight.name, weight.values), np.float32))
        for weight in weights
    ]


def altered(weights: Sequence[NamedWeight], name: str, factor: float = 1.01) -> list[NamedWeight]:
    """Give the weights with one of them multiplied."""
    assert any(weight.name == name for weight in weights)
    return changed(weights, lambda own, values: values * (factor if own == name else 1.0))


def noisy(weights: Sequence[NamedWeight], name: str, share: float = 0.01) -> list[NamedWeight]:
    """Give the weights with noise on one of them, as a share of its root mean square."""
    random = np.random.default_rng(1)

    def change(own: str, values: NDArray[Any]) -> NDArray[Any]:
        size = share * np.sqrt(np.mean(np.square(values))) if own == name else 0.0
        return values + size * random.normal(size=values.shape)

    return changed(weights, change)


def with_background(weights: Sequence[NamedWeight], first: bool = True) -> list[NamedWeight]:
    """Give the head as a 1×1 convolution with one class more."""

    def change(name: str, values: NDArray[Any]) -> NDArray[Any]:
        if not name.startswith("predictions"):
            return values
        surplus = np.full((*values.shape[:-1], 1), 0.125)
        wider = np.concatenate([surplus, values] if first else [values, surplus], axis=-1)
        return wider[None, None] if values.ndim == 2 else wider

    return changed(weights, change)


def renamed(weights: Sequence[NamedWeight]) -> list[NamedWeight]:
    """Give the weights by slim's manner of names."""
    words = (("_bn/", "/BatchNorm/"), ("/kernel", "/weights"), ("/bias", "/biases"))
    found = []
    for weight in weights:
        name = weight.name
        for keras, slim in words:
            name = name.replace(keras, slim)
        found.append(replace(weight, name=f"Net/{name}"))
    return found


def torch_layout(weights: Sequence[NamedWeight]) -> list[NamedWeight]:
    """Give kernels with the outputs first."""

    def change(name: str, values: NDArray[Any]) -> NDArray[Any]:
        axes = {2: (1, 0), 4: (2, 3, 0, 1) if "depthwise" in name else (3, 2, 0, 1)}
        return values.transpose(axes[values.ndim]) if values.ndim in axes else values

    return changed(weights, change)


def folded(
    weights: Sequence[NamedWeight], into: str, epsilon: float = EPSILON
) -> list[NamedWeight]:
    """Fold each batch norm.

    Parameters
    ----------
    into
        ``bias``: into kernel and bias, nothing is left of it; ``beta``: into gamma and beta, mean
        and variance become constant; ``kernel``: into kernel and beta, the rest becomes constant.
    """
    values = {weight.name: weight.values.astype(np.float64) for weight in weights}
    found = []
    for layer, shape in _KERNELS.items():
        gamma, beta, mean, variance = (values[f"{layer}_bn/{part}"] for part in _PARTS)
        scale = gamma / np.sqrt(variance + epsilon)
        shift = beta - mean * scale
        kernel = values[f"{layer}/kernel"]
        wide = scale[:, None] if channels(layer, shape) == shape[2] and shape[3] == 1 else scale
        found.append(_weight(f"{layer}/kernel", kernel if into == "beta" else kernel * wide))
        if into == "bias":
            found.append(_weight(f"{layer}/bias", shift))
            continue
        kept = (scale if into == "beta" else np.ones_like(scale), shift)
        rest = (*kept, np.zeros_like(scale), np.full_like(scale, 1.0 - EPSILON))
        pairs = zip(_PARTS, rest, strict=True)
        found += [_weight(f"{layer}_bn/{part}", value, EPSILON) for part, value in pairs]
    return found + [weight for weight in weights if weight.name.startswith("predictions")]
