"""In which numbers the views show differences of classes: probabilities, or centred logits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.gui.views.segmented import Segmented

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.result import Result

PROBABILITY, LOGIT = "probability", "logit"
_CHOICES = (
    (PROBABILITY, "Probability", "Difference of the probabilities"),
    (LOGIT, "Logit", "Difference of the logits, each side less its mean"),
)
AXIS_LABELS = {
    PROBABILITY: "Δ probability, left − right",
    LOGIT: "Δ centred logit, left − right",
}
NOT_FINITE_LOGITS = "The logits are not finite, so they have no differences to show."


def space_switch() -> Segmented:
    """Make the switch between the two."""
    return Segmented("Space", _CHOICES)


def differences_in(space: str, result: Result) -> NDArray[np.float64]:
    """Give left minus right of every class, float64 (classes,)."""
    if space == LOGIT:
        return result.comparison.logit_difference
    return result.comparison.difference


def why_no_differences(differences: NDArray[np.float64]) -> str:
    """Give a sentence where no difference is finite, else an empty text."""
    return "" if np.isfinite(differences).any() else NOT_FINITE_LOGITS
