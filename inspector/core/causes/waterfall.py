"""The shares of an attribution as bars that follow on one another, from 0 to the total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inspector.core.causes.attribution import Share


@dataclass(frozen=True, slots=True)
class Step:
    """One bar.

    Attributes
    ----------
    stage
        The cause.
    start, end
        Where the bar begins and ends, in the distance's own unit; it runs backwards where the cause
        hides a part of what the others do.
    share
        Its part of the whole distance.
    """

    stage: str
    start: float
    end: float
    share: float

    @property
    def value(self) -> float:
        """The cause's part of the distance, with its sign."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Bars that add up.

    Attributes
    ----------
    steps
        One for each cause, in the order the stages are done.
    total
        The whole distance, where the last bar ends.
    """

    steps: tuple[Step, ...]
    total: float

    @property
    def reach(self) -> tuple[float, float]:
        """The least and the largest number that a bar touches; 0 is always within."""
        ends = [0.0, self.total, *(step.end for step in self.steps)]
        return min(ends), max(ends)

    @property
    def largest(self) -> Step | None:
        """The longest bar that runs forwards, or None where there is none."""
        forwards = [step for step in self.steps if step.value > 0]
        return max(forwards, key=lambda step: step.value, default=None)


def waterfall(shares: Iterable[Share], total: float) -> Waterfall:
    """Set shares one after the other.

    Parameters
    ----------
    shares
        The parts of a distance.
    total
        The distance.
    """
    steps = []
    start = 0.0
    for share in shares:
        steps.append(Step(share.stage, start, start + share.value, share.share))
        start += share.value
    return Waterfall(tuple(steps), total)
