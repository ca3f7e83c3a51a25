"""Axes with round numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear axis.

    Attributes
    ----------
    low, high
        Its ends.
    ticks
        Round numbers from `low` to `high`.
    """

    low: float
    high: float
    ticks: tuple[float, ...]

    def place(self, value: float) -> float:
        """Give where a value lies, 0 at `low` and 1 at `high`, held inside."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


def axis_for(values: list[float], steps: int = 3, most: float = math.inf) -> Axis:
    """Make an axis that holds zero and all `values`, in about `steps` round steps.

    Parameters
    ----------
    values
        Finite numbers.
    steps
        How many steps to aim at.
    most
        The axis never reaches further up than this where all values are below it.
    """
    low, high = min([0.0, *values]), max([0.0, *values])
    if high - low < 1e-300:
        high = low + 1.0
    step = _round_step((high - low) / steps)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(number * step for number in range(first, last + 1))
    if ticks[-1] > most >= high:
        ticks = tuple(tick for tick in ticks if tick <= most)
        return Axis(ticks[0], most, ticks)
    return Axis(ticks[0], ticks[-1], ticks)


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * (1 - 1e-9))
