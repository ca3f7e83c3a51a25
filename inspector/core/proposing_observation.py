"""What experiments on one model of unknown conventions have shown; numbers only, no judgement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from inspector.core.input_range import InputRange
    from inspector.core.sources import Source

_ROUNDING = 1e-3
"""What half precision may change of numbers up to 1."""


@dataclass(frozen=True, eq=False, slots=True)
class FirstNorm:
    """One of the first batch norms, for pictures scaled in one way.

    Attributes
    ----------
    mean, variance
        Moving statistics that it remembers of its training, float64 (channels,).
    seen_mean, seen_variance
        Statistics of what it receives now, float64 (channels,).
    """

    mean: NDArray[np.float64]
    variance: NDArray[np.float64]
    seen_mean: NDArray[np.float64]
    seen_variance: NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Front:
    """What a model does to each pixel before its first layer: ``matrix @ pixel + offset``.

    Attributes
    ----------
    matrix
        float64 (3, 3); not diagonal where the channels change places.
    offset
        float64 (3,).
    """

    matrix: NDArray[np.float64]
    offset: NDArray[np.float64]

    @property
    def passes_on(self) -> bool:
        """Tell whether pixels leave it as they came, as behind a cast to another type."""
        gap = max(float(np.abs(self.matrix - np.eye(3)).max()), float(np.abs(self.offset).max()))
        return gap <= _ROUNDING


@dataclass(frozen=True, eq=False, slots=True)
class Trial:
    """One candidate range, tried.

    Attributes
    ----------
    rows
        float64 (views, pictures, outputs): the model's rows. The views are the pictures as they
        are, flipped, and cropped a little.
    norms
        The first batch norms on pictures made for them; empty where there are none to be had.
    """

    rows: NDArray[np.float64]
    norms: tuple[FirstNorm, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class SideObservation:
    """Everything that was found out about one model.

    Attributes
    ----------
    source
        Where it comes from.
    own_size
        Height and width that it fixes, or None where it takes any.
    size
        What it was tried with.
    trials
        One for each candidate range.
    front
        What scales its input inside, None where nothing does.
    family
        Name of the known architecture that its layers are named after, or empty.
    may_hide
        Whether a factor on its input may be hidden in its first layer.
    inside
        Whether its graph could be looked into at all.
    sizes
        For a model of any size: how clear its answers are at each size that was tried, 0 to 1.
    golf_ball
        Which of the pictures is the shipped sample of a golf ball.
    whole_numbers
        Whether inputs that differ by less than 1 are the same to it.
    reach
        Lowest and highest number that its quantised input can stand for, None where it is not.
    step
        Distance of two neighbouring numbers that its quantised output can give; 0 where it is not.
    softmax, sigmoid
        Whether it is known to end in a softmax, or in a sigmoid of each number.
    exchanged
        As `trials`, with red and blue exchanged; only for a range that is likely.
    """

    source: Source
    own_size: tuple[int, int] | None
    size: tuple[int, int]
    trials: Mapping[InputRange, Trial]
    front: Front | None
    family: str
    inside: bool
    sizes: Mapping[int, float]
    golf_ball: int
    whole_numbers: bool = False
    reach: tuple[float, float] | None = None
    step: float = 0.0
    may_hide: bool = False
    softmax: bool = False
    sigmoid: bool = False
    exchanged: Mapping[InputRange, Trial] = field(default_factory=dict)

    @property
    def outputs(self) -> int:
        """Numbers in one output row."""
        return int(next(iter(self.trials.values())).rows.shape[-1])
