"""How the tensors of a quantised model stand for real numbers: ``real = (whole - zero) · scale``.

The formula and the meaning of per-channel scales are those of TFLite's quantisation specification
(https://ai.google.dev/edge/litert/models/quantization_spec).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_HOLDERS = {"int4": "int8", "uint4": "uint8", "int2": "int8"}
"""What holds the types that numpy does not know."""


@dataclass(frozen=True, slots=True)
class TensorQuantisation:
    """How one tensor is quantised.

    Attributes
    ----------
    name
        As the model calls it.
    dtype
        ``uint8``, ``int8``, ``int16``, ``int32``, ``int4`` …
    shape
        Of the tensor, in the model's own layout.
    scales
        One, or one for each channel; positive.
    zero_points
        As many as scales: the whole numbers that stand for 0.
    axis
        The axis of the channels where there is a scale for each, else None.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    axis: int | None = None

    @property
    def limits(self) -> tuple[int, int]:
        """Give the lowest and the highest whole number."""
        bits = int(self.dtype.lstrip("uint"))
        if self.dtype.startswith("u"):
            return 0, 2**bits - 1
        return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1

    @property
    def reach(self) -> tuple[float, float]:
        """Give the lowest and the highest real number that any channel can stand for."""
        low, high = self.limits
        pairs = list(zip(self.scales, self.zero_points, strict=True))
        return (
            min((low - zero) * scale for scale, zero in pairs),
            max((high - zero) * scale for scale, zero in pairs),
        )

    @property
    def step(self) -> float:
        """Give the largest distance of two neighbouring real numbers."""
        return max(self.scales)

    @property
    def text(self) -> str:
        """Say it in a few words, such as ``uint8, scale 0.0078125, zero point 128``."""
        if self.axis is not None:
            low, high = min(self.scales), max(self.scales)
            return f"{self.dtype}, {len(self.scales)} scales {low:.4g} to {high:.4g}"
        return f"{self.dtype}, scale {self.scales[0]:.7g}, zero point {self.zero_points[0]}"

    def quantise(self, real: NDArray[np.floating]) -> NDArray[np.integer]:
        """Give the nearest whole numbers, halves to even, clipped to what the type holds."""
        low, high = self.limits
        scale, zero = self._along(real.ndim)
        whole = np.rint(np.asarray(real, np.float64) / scale) + zero
        return np.clip(whole, low, high).astype(self._numpy_type)

    def dequantise(self, whole: NDArray[np.integer]) -> NDArray[np.float32]:
        """Give the real numbers, float32."""
        scale, zero = self._along(whole.ndim)
        return np.asarray((whole.astype(np.float64) - zero) * scale, dtype=np.float32)

    @property
    def _numpy_type(self) -> np.dtype:
        return np.dtype(_HOLDERS.get(self.dtype, self.dtype))

    def _along(self, rank: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        shape = [1] * rank
        if self.axis is not None:
            shape[self.axis] = len(self.scales)
        return (
            np.asarray(self.scales, np.float64).reshape(shape),
            np.asarray(self.zero_points, np.float64).reshape(shape),
        )


@dataclass(frozen=True, slots=True)
class ModelQuantisation:
    """How a model is quantised.

    Attributes
    ----------
    input, output
        Of its input and its output; None where that is floating-point.
    tensors
        Every quantised tensor with constant values, in the model's order: weights and biases.
    """

    input: TensorQuantisation | None
    output: TensorQuantisation | None
    tensors: tuple[TensorQuantisation, ...]

    def __bool__(self) -> bool:
        """Tell whether anything is quantised."""
        return self.input is not None or self.output is not None or bool(self.tensors)

    @property
    def text(self) -> str:
        """Say it in a few words, such as ``int8 weights per channel, uint8 in and out``."""
        parts = []
        kernels = [tensor for tensor in self.tensors if len(tensor.shape) > 1]
        if kernels:
            kinds = "/".join(_distinct(tensor.dtype for tensor in kernels))
            channels = "per channel" if any(t.axis is not None for t in kernels) else "per tensor"
            parts.append(f"{kinds} weights {channels}")
        if self.input is not None:
            parts.append(f"{self.input.dtype} input")
        if self.output is not None:
            parts.append(f"{self.output.dtype} output")
        return ", ".join(parts) or "not quantised"


def _distinct(words: Iterable[str]) -> list[str]:
    return sorted(set(words))
