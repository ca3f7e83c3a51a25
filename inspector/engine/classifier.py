"""What every release looks like once it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inspector.core.pairs import ReleaseSpec


@dataclass(frozen=True, eq=False, slots=True)
class Outputs:
    """What a model gave for a batch.

    Attributes
    ----------
    raw
        float32 (batch, n), exactly as published.
    logits
        float32 (batch, n), the row before the model's own softmax, where it can be had; else None.
    step
        Distance of two neighbouring numbers that a quantised output can give; 0 for others.
    """

    raw: NDArray[np.float32]
    logits: NDArray[np.float32] | None = None
    step: float = 0.0


class Classifier(Protocol):
    """A loaded release."""

    @property
    def spec(self) -> ReleaseSpec:
        """Its declared conventions."""

    @property
    def size(self) -> tuple[int, int] | None:
        """Height and width that the model fixes, or None where it takes any."""

    def run(self, batch: NDArray[np.float32]) -> Outputs:
        """Run a batch, float32 (batch, height, width, 3), in inference mode.

        Raises
        ------
        ReleaseError
            Where the model cannot take the batch, or gives no row per picture.
        """

    def trace(self, batch: Any) -> Any:
        """Give the output for a TensorFlow tensor, to be traced into a graph of another's."""
