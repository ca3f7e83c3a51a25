"""How much of the difference each stage causes: exact Shapley values.

The players are the stages in which the two sides differ, and "weights and graph". For each
coalition S the picture is run with the stages of S as the right side has them and the others as
the left side has them, f(S); f(∅) is the left result and f(all) the right one. With a distance d
and D = d(f(∅), f(all)), a coalition is worth

    w(S) = ½ · (d(f(S), f(∅)) + D - d(f(S), f(all))),

which is 0 for nobody, D for all, and does not change when left and right are exchanged. The
Shapley values of w add up to D. A negative value means that the stage hides a part of what the
others cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core import metrics
from inspector.core.causes.shapley import shapley_values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Row = NDArray[np.float64]
    Distance = Callable[[Row, Row], float]


CAUSE_TITLES = {
    "decode": "decoder",
    "orient": "EXIF orientation",
    "crop": "crop",
    "resize": "resize",
    "augment": "augmentation",
    "scale": "scaling",
    "channel_order": "channel order",
    "weights": "weights or graph",
    "output": "reading of the output",
}
"""Plain words for every cause of an attribution."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one stage causes.

    Attributes
    ----------
    stage
        Name of the stage, ``weights`` or ``output``.
    value
        Its part of the distance, in the distance's own unit; may be negative.
    share
        ``value`` over the whole distance, or 0 where that is 0.
    """

    stage: str
    value: float
    share: float


@dataclass(frozen=True, slots=True)
class Run:
    """One coalition's run.

    Attributes
    ----------
    stages
        The stages that were as on the right side; the others as on the left.
    top1, probability
        First class and its probability.
    from_left, from_right
        Largest |Δp| from the left and from the right result.
    """

    stages: tuple[str, ...]
    top1: int
    probability: float
    from_left: float
    from_right: float


@dataclass(frozen=True, slots=True)
class Attribution:
    """The difference divided among its causes.

    Attributes
    ----------
    total
        Largest |Δp| between left and right.
    shares
        Its parts, in the order the stages are done; they add up to `total`.
    js_total, js_shares
        The same for the Jensen-Shannon divergence in nats; None and empty where a row is no
        distribution.
    runs
        Every coalition's run.
    """

    total: float
    shares: tuple[Share, ...]
    js_total: float | None
    js_shares: tuple[Share, ...]
    runs: tuple[Run, ...]

    @property
    def largest(self) -> Share | None:
        """The cause with the largest part, or None where nothing differs."""
        return max(self.shares, key=lambda share: share.value, default=None)


def cause_title(stage: str) -> str:
    """Give a cause's name in plain words, such as ``resize``."""
    return CAUSE_TITLES[stage]


def percent_text(share: float) -> str:
    """Write a share of the difference, such as ``87 %``; no sign where it rounds to nothing."""
    return f"{round(100 * share) + 0} %"


def within_noise_text(total: float) -> str:
    """Say that a distance of two sides that agree has no cause worth naming."""
    if total == 0:
        return "Nothing differs, so there is nothing to divide among causes."
    return f"What differs ({total:.3g}) is within the noise; it has no cause worth naming."


def largest_difference(a: Row, b: Row) -> float:
    """Give the largest absolute difference of two rows."""
    return float(np.max(np.abs(a - b)))


def attribute(
    players: Sequence[str], rows: Sequence[Row], distance: Distance = largest_difference
) -> Attribution:
    """Divide the difference between ``rows[0]`` and ``rows[-1]`` among the players.

    Parameters
    ----------
    players
        Names of the n causes.
    rows
        2ⁿ rows of probabilities, float64 (classes,); bit i of an index says that player i is as on
        the right side.
    distance
        What is divided; the largest |Δp| by default.
    """
    total, shares = _divide(players, rows, distance)
    js_total: float | None = None
    js_shares: tuple[Share, ...] = ()
    if all(metrics.is_distribution(row) for row in rows):
        js_total, js_shares = _divide(players, rows, metrics.js_divergence)
    return Attribution(
        total=total,
        shares=shares,
        js_total=js_total,
        js_shares=js_shares,
        runs=tuple(_run(players, rows, mask, distance) for mask in range(len(rows))),
    )


def _divide(
    players: Sequence[str],
    rows: Sequence[Row],
    distance: Distance,
) -> tuple[float, tuple[Share, ...]]:
    total = distance(rows[0], rows[-1])
    worth = [(distance(row, rows[0]) + total - distance(row, rows[-1])) / 2 for row in rows]
    values = shapley_values(worth)
    shares = tuple(
        Share(player, value, value / total if total > 0 else 0.0)
        for player, value in zip(players, values, strict=True)
    )
    return total, shares


def _run(players: Sequence[str], rows: Sequence[Row], mask: int, distance: Distance) -> Run:
    row = rows[mask]
    top = int(np.argmax(row))
    return Run(
        stages=tuple(player for bit, player in enumerate(players) if mask >> bit & 1),
        top1=top,
        probability=float(row[top]),
        from_left=distance(row, rows[0]),
        from_right=distance(row, rows[-1]),
    )
