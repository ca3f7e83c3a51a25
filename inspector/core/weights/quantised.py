"""Weights that take few distinct values per channel, as quantisation leaves them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from inspector.core.pairs import Side
    from inspector.core.weights.tensors import NamedWeight

LEVELS = 256
"""Most values that 8 bits can hold."""

LEAST_ELEMENTS = LEVELS + LEVELS // 4
"""A channel with fewer weights has few distinct values anyway."""

_SAMPLED_CHANNELS = 16


@dataclass(frozen=True, slots=True)
class QuantisedWeights:
    """What was found of one side.

    Attributes
    ----------
    side
        Whose weights.
    name
        The largest quantised tensor.
    distinct, elements
        Most distinct values in one of its channels, and how many weights such a channel has.
    tensors, checked
        How many of the large tensors are quantised.
    """

    side: Side
    name: str
    distinct: int
    elements: int
    tensors: int
    checked: int


def find_quantised(side: Side, weights: Sequence[NamedWeight]) -> QuantisedWeights | None:
    """Look for tensors with at most `LEVELS` distinct values in every output channel.

    Only tensors with at least `LEAST_ELEMENTS` weights per channel are looked at, and of each some
    channels that are spread evenly. None where most of them are not quantised.
    """
    counted = []
    for weight in weights:
        channels = _by_channel(weight.values)
        if len(channels) >= LEAST_ELEMENTS:
            counted.append((weight, _distinct(channels), len(channels)))
    found = [entry for entry in counted if 1 < entry[1] <= LEVELS]
    if not found or 2 * len(found) <= len(counted):
        return None
    weight, distinct, elements = max(found, key=lambda entry: entry[0].values.size)
    return QuantisedWeights(side, weight.name, distinct, elements, len(found), len(counted))


def _by_channel(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Give a kernel as (weights, channels); a depthwise kernel (h, w, channels, 1) likewise."""
    if values.ndim < 2:
        return values[:0, None]
    if values.ndim == 4 and values.shape[-1] == 1:
        values = values[..., 0]
    return values.reshape(-1, values.shape[-1])


def _distinct(channels: NDArray[np.floating]) -> int:
    step = max(1, channels.shape[1] // _SAMPLED_CHANNELS)
    return max(np.unique(channels[:, i]).size for i in range(0, channels.shape[1], step))
