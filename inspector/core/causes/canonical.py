"""A side's settings in a form that can be carried over to the other model.

Scaling and output are conventions of a release: [-1, 1] is right for one model and wrong for the
other. So a scaling is taken apart into "what the declared range asks for" and what deviates from
it, and an output reading likewise. Only deviations count as differences between the sides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.input_range import UNIT
from inspector.core.pairs import OutputKind
from inspector.core.preprocessing import ChannelOrder, ScaleRule
from inspector.core.scores import softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.input_range import InputRange
    from inspector.core.pairs import ReleaseSpec
    from inspector.core.preprocessing import Preprocessing
    from inspector.core.result import SideResult, SideSettings
    from inspector.core.scores import Scores

PIXEL_STAGES = ("decode", "orient", "crop", "resize", "augment")
"""Stages that make pixels; scaling and channel order follow them."""

INPUT_STAGES = (*PIXEL_STAGES, "scale", "channel_order")
"""Stages that make a model input."""

WEIGHTS = "weights"
"""Stands for weights and graph among the causes."""

OUTPUT = "output"
"""Stands for the reading of the output among the causes."""


class OutputReading(StrEnum):
    """How an output row is read, beside what its release declares."""

    DECLARED = "declared"
    LOGITS_AS_PROBABILITIES = "logits_as_probabilities"
    SOFTMAX_TWICE = "softmax_twice"


@dataclass(frozen=True, slots=True)
class Canonical:
    """All that a side does, carried over to any model.

    Attributes
    ----------
    pixels
        Preprocessing with the scale [0, 1] and RGB: its pixel stages are what counts.
    scale
        What its network takes pixels for: `UNIT` where the declared range is met.
    channel_order
        Whether red and blue are exchanged after that.
    reading, keeps_background
        How the output is read.
    """

    pixels: Preprocessing
    scale: InputRange
    channel_order: ChannelOrder
    reading: OutputReading
    keeps_background: bool

    def stage(self, name: str) -> object:
        """Give the value of one stage, or of the output reading."""
        if name == OUTPUT:
            return self.reading, self.keeps_background
        if name in PIXEL_STAGES:
            return getattr(self.pixels, name)
        return getattr(self, name)

    def adopt(self, other: Canonical, stages: frozenset[str]) -> Canonical:
        """Give this with some stages taken from `other`."""
        pixels = {name: getattr(other.pixels, name) for name in PIXEL_STAGES if name in stages}
        result = replace(self, pixels=replace(self.pixels, **pixels))
        if "scale" in stages:
            result = replace(result, scale=other.scale)
        if "channel_order" in stages:
            result = replace(result, channel_order=other.channel_order)
        if OUTPUT in stages:
            result = replace(result, reading=other.reading, keeps_background=other.keeps_background)
        return result


def canonical(settings: SideSettings, release: ReleaseSpec, scores: Scores) -> Canonical:
    """Bring one side's settings to the common form."""
    pixels = replace(settings.preprocessing, scale=ScaleRule.UNIT, channel_order=ChannelOrder.RGB)
    scale = settings.preprocessing.output_range.seen_by(release.range)
    return Canonical(
        pixels=pixels,
        scale=UNIT if scale.is_close(UNIT) else scale,
        channel_order=settings.preprocessing.channel_order,
        reading=_reading(release, scores),
        keeps_background=release.background and not scores.dropped_background,
    )


def canonical_side(side: SideResult) -> Canonical:
    """Bring one side of a result to the common form."""
    return canonical(side.settings, side.release, side.scores)


def _reading(release: ReleaseSpec, scores: Scores) -> OutputReading:
    if scores.applied_softmax == (release.output is OutputKind.LOGITS):
        return OutputReading.DECLARED
    if scores.applied_softmax:
        return OutputReading.SOFTMAX_TWICE
    return OutputReading.LOGITS_AS_PROBABILITIES


def differing(left: Canonical, right: Canonical) -> tuple[str, ...]:
    """Name what differs between two sides, in the order it is done, the output last."""
    return tuple(name for name in (*INPUT_STAGES, OUTPUT) if left.stage(name) != right.stage(name))


def hand_over(
    pixels: NDArray[np.float32], form: Canonical, release: ReleaseSpec
) -> NDArray[np.float32]:
    """Scale pixels in [0, 1], float32 (h, w, 3), to a model's input as `form` does it."""
    numbers = release.range.from_unit(form.scale.from_unit(pixels))
    if form.channel_order is ChannelOrder.BGR:
        numbers = numbers[..., ::-1]
    return np.ascontiguousarray(numbers, dtype=np.float32)


def read_output(scores: Scores, form: Canonical) -> NDArray[np.float64]:
    """Read a row, given as its release declares it, in the way of `form`.

    Parameters
    ----------
    scores
        The row as declared: probabilities and logits over the shared classes, background apart.
    form
        Whose way of reading is used.

    Returns
    -------
    NDArray[np.float64]
        (classes,), what is taken for probabilities.
    """
    if not form.keeps_background and form.reading is OutputReading.DECLARED:
        return scores.probabilities
    share = scores.background or 0.0
    numbers = scores.probabilities
    if form.reading is OutputReading.LOGITS_AS_PROBABILITIES:
        numbers = scores.logits
    elif form.keeps_background:
        numbers = numbers * (1.0 - share)
    if form.keeps_background:
        numbers = np.concatenate([[share], numbers])[: numbers.size]
    if form.reading is OutputReading.SOFTMAX_TWICE:
        numbers = softmax(numbers)
    return np.asarray(numbers)
