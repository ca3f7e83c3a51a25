"""What verdict and findings are judged from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.comparison import RESTLESS, noise_tolerance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.comparison import Comparison
    from inspector.core.labels import Labels
    from inspector.core.picture import PictureInfo
    from inspector.core.result import SideResult
    from inspector.core.weights.audit import WeightAudit


@dataclass(frozen=True, slots=True)
class SideNoise:
    """How far one model is from itself, as largest |Δp| on a probe picture.

    Attributes
    ----------
    again
        Between two runs on the same picture.
    batch
        Between the picture alone and among others.
    """

    again: float
    batch: float


@dataclass(frozen=True, slots=True)
class PairCheck:
    """What was measured on the two loaded models with a probe picture, before any user picture.

    Attributes
    ----------
    noise_floor
        Largest |Δp| of the same model against itself: batch of 1 against a batch of several, and
        a second run; the larger of both sides.
    model_gap
        Largest |Δp| between the two models on the very same probe pixels, each in its own range,
        or None where their input sizes differ or an output is not finite.
    logit_gap
        Largest |Δ| of the centred logits there, or None.
    audit
        Both releases' variables, matched; made where the two do not compute the same.
    left_noise, right_noise
        What the noise floor is made of, or None where it was not kept.
    left_step, right_step
        Distance of two neighbouring numbers of a quantised output; 0 for a floating-point one.
    """

    noise_floor: float
    model_gap: float | None
    logit_gap: float | None
    audit: WeightAudit | None = None
    left_noise: SideNoise | None = None
    right_noise: SideNoise | None = None
    left_step: float = 0.0
    right_step: float = 0.0

    @property
    def restless(self) -> bool:
        """Tell whether a model differs from itself by more than float noise can."""
        return self.noise_floor > RESTLESS

    @property
    def tolerance(self) -> float:
        """Give the |Δp| under which two results count as the same but for float noise."""
        return noise_tolerance(self.noise_floor)

    @property
    def same_function(self) -> bool | None:
        """Tell whether both models compute the same on the same pixels; None where not measured."""
        if self.model_gap is None or self.logit_gap is None:
            return None
        return self.model_gap <= self.tolerance and self.logit_gap <= 1e-2


@dataclass(frozen=True, eq=False, slots=True)
class Facts:
    """Everything about one comparison that a rule may look at."""

    picture: PictureInfo
    left: SideResult
    right: SideResult
    comparison: Comparison
    check: PairCheck
    labels: Labels

    @property
    def sides(self) -> tuple[tuple[str, SideResult], tuple[str, SideResult]]:
        """Both sides with their names."""
        return ("left", self.left), ("right", self.right)

    def input_gap(self) -> InputGap | None:
        """Measure how far the two inputs are apart, or give None where their sizes differ."""
        a, b = unit_input(self.left), unit_input(self.right)
        if a.shape != b.shape:
            return None
        gap = np.abs(a - b) * 255.0
        return InputGap(largest=float(gap.max()), mean=float(gap.mean()))


@dataclass(frozen=True, slots=True)
class InputGap:
    """Difference of the two model inputs in levels of 0 to 255, each read by its declared range."""

    largest: float
    mean: float

    @property
    def same(self) -> bool:
        """Tell whether the inputs are the same pixels but for float noise."""
        return self.largest < 1e-2


def unit_input(side: SideResult) -> NDArray[np.float32]:
    """Give a model input as its network understands it: float32 (h, w, 3), 0 black and 1 white.

    The declared range of the release is what counts, so an input in a wrong range shows as too
    dark, too bright or outside [0, 1].
    """
    return side.release.range.to_unit(side.model_input)
