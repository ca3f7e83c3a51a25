"""Endpoints: named activations inside a network, and the distance between two of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class EndpointKind(StrEnum):
    """What names an endpoint."""

    INPUT = "input"
    LAYER = "layer"
    NAMED_OUTPUT = "named_output"
    OPERATION = "operation"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A named activation inside a network.

    Attributes
    ----------
    name
        As the release names it.
    shape
        Without the batch; None for a length that the release leaves open.
    kind
        What names it.
    made_by
        Class of the Keras layer, or TensorFlow operation.
    ends_block
        Whether something new begins after it (a convolution, a pooling, a sum), so that it is
        worth comparing. A convolution before its batch norm, for one, is not.
    """

    name: str
    shape: tuple[int | None, ...]
    kind: EndpointKind
    made_by: str = ""
    ends_block: bool = True


@dataclass(frozen=True, eq=False, slots=True)
class Activation:
    """What one picture makes of an endpoint: float32, without the batch."""

    endpoint: Endpoint
    values: NDArray[np.float32]

    @property
    def compact(self) -> NDArray[np.float32]:
        """Its values without axes of length 1, so that (1, 1, 1280) equals (1280,)."""
        return np.squeeze(self.values)


@dataclass(frozen=True, slots=True)
class Gap:
    """How far two activations of the same shape are apart.

    Attributes
    ----------
    relative_l2
        ‖a-b‖ / max(‖a‖, ‖b‖); 0 where both are zero, infinite where a number is not finite.
    cosine
        a·b / (‖a‖‖b‖), -1 to 1; 1 where both are zero, 0 where only one is.
    max_abs
        Largest |a-b|.
    worst_channel
        Index on the last axis where the two are furthest apart.
    worst_channel_gap
        Root mean square of a-b in that channel, over that of the larger activation as a whole.
    """

    relative_l2: float
    cosine: float
    max_abs: float
    worst_channel: int
    worst_channel_gap: float


_NOT_FINITE = Gap(math.inf, 0.0, math.inf, 0, math.inf)


def measure_gap(a: NDArray[np.float32], b: NDArray[np.float32]) -> Gap:
    """Compare two activations of the same shape, the channels on the last axis."""
    first, second = _channels(a), _channels(b)
    with np.errstate(invalid="ignore"):
        difference = first - second
        norms = math.sqrt(_dot(first, first)), math.sqrt(_dot(second, second))
    largest = max(norms)
    if not math.isfinite(sum(norms)):
        return _NOT_FINITE
    if largest == 0.0:
        return Gap(0.0, 1.0, 0.0, 0, 0.0)
    by_channel = np.einsum("ij,ij->j", difference, difference)
    worst = int(np.argmax(by_channel))
    product = norms[0] * norms[1]
    return Gap(
        relative_l2=math.sqrt(by_channel.sum()) / largest,
        cosine=_dot(first, second) / product if product > 0 else 0.0,
        max_abs=float(max(difference.max(), -difference.min())),
        worst_channel=worst,
        worst_channel_gap=math.sqrt(by_channel[worst] * by_channel.size) / largest,
    )


def _dot(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Give the sum of products; not by BLAS, whose threads hinder those of TensorFlow."""
    return float(np.einsum("ij,ij->", a, b))


def _channels(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Give float64 (everything else, channels)."""
    channels = values.shape[-1] if values.ndim else 1
    return values.astype(np.float64).reshape(-1, channels)
