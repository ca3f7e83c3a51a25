"""What a SavedModel's signatures and outputs are called, and which are taken where none is named.

``image_classification`` and ``image_feature_vector`` are the common signatures for images of
TensorFlow Hub's TF1 format, ``default`` is the one that Hub itself takes, and ``serving_default``
that of TensorFlow Serving.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.pairs import OutputKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_OF_SCORES = ("image_classification", "serving_default", "default")
SIGNATURES: Mapping[OutputKind, tuple[str, ...]] = {
    OutputKind.LOGITS: _OF_SCORES,
    OutputKind.PROBABILITIES: _OF_SCORES,
    OutputKind.FEATURES: ("image_feature_vector", "default", "serving_default"),
}
"""Signatures that are tried, in this order, where a SavedModel cannot be called."""

OUTPUT_NAMES: Mapping[OutputKind, tuple[str, ...]] = {
    OutputKind.LOGITS: (
        *("default", "logits", "output_0", "outputs"),
        *("predictions", "probabilities"),
    ),
    OutputKind.PROBABILITIES: (
        *("default", "probabilities", "predictions", "output_0", "outputs"),
        "logits",
    ),
    OutputKind.FEATURES: ("default", "feature_vector", "features", "output_0", "outputs"),
}
"""Outputs that are tried, in this order, where a SavedModel gives several."""


def choose_name(known: Collection[str], order: tuple[str, ...]) -> str | None:
    """Give the first name of `order` that there is, else the only one there is, else None."""
    for name in order:
        if name in known:
            return name
    return next(iter(known)) if len(known) == 1 else None
