"""Rows of features as releases give them: (N, D), or (N, 1, 1, D) as TF1-format Hub modules do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inspector.core.errors import ReleaseError
from inspector.engine.classifier import Outputs
from inspector.engine.weights import read_weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.weights.tensors import NamedWeight
    from inspector.engine.classifier import Classifier

LEAST_FEATURES = 2
"""A row needs at least as many numbers, else there is no direction to compare."""


class FlatFeatures:
    """A loaded release whose rows of shape (1, 1, D) are given as rows of shape (D,)."""

    def __init__(self, inner: Classifier) -> None:
        self.inner = inner

    @property
    def spec(self) -> ReleaseSpec:
        """Its declared conventions."""
        return self.inner.spec

    @property
    def size(self) -> tuple[int, int] | None:
        """Height and width that the model fixes, or None where it takes any."""
        return self.inner.size

    def run(self, batch: NDArray[np.float32]) -> Outputs:
        """Run a batch, float32 (batch, height, width, 3), in inference mode."""
        raw = self.inner.run(batch).raw
        return Outputs(raw.reshape(raw.shape[0], raw.shape[-1]))

    def trace(self, batch: Any) -> Any:
        """Give the output for a TensorFlow tensor, to be traced into a graph of another's."""
        import tensorflow as tf

        return tf.squeeze(self.inner.trace(batch), axis=[1, 2])

    def weights(self) -> tuple[NamedWeight, ...]:
        """Read every floating-point variable."""
        return read_weights(self.inner)


def as_feature_rows(model: Classifier, batch: NDArray[np.float32]) -> Classifier:
    """Give a release as one whose output is a row of features per picture.

    Parameters
    ----------
    model
        The loaded release.
    batch
        float32 (1, height, width, 3), an input to try.

    Raises
    ------
    ReleaseError
        Where the output is a map of features, or no features at all.
    """
    shape = model.run(batch).raw.shape
    if len(shape) == 4 and shape[1:3] == (1, 1) and shape[3] >= LEAST_FEATURES:
        return FlatFeatures(model)
    if len(shape) == 4:
        raise ReleaseError(
            f"{model.spec.name} gives a map of {shape[1]} × {shape[2]} × {shape[3]} features, not "
            "one row per picture.",
            "Take the average over the map: pooling=avg in the source of a Keras application, or "
            "a release that ends in a global pooling.",
        )
    if len(shape) != 2 or shape[1] < LEAST_FEATURES:
        raise ReleaseError(
            f"{model.spec.name} gives an output of shape {list(shape)}, not one row of features "
            "per picture.",
            "Choose a feature vector release, or a model without its top and with pooling=avg.",
        )
    return model
