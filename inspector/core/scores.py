"""A model's output row brought to a common form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.pairs import OutputKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST = float(np.finfo(np.float32).tiny)
"""The least probability whose logarithm is taken (the smallest normal float32)."""


@dataclass(frozen=True, slots=True)
class OutputSwitches:
    """What the user sets about an output; None means as the release declares it.

    Attributes
    ----------
    softmax
        Whether a softmax is applied. Declared: on for logits, off for probabilities.
    drop_background
        Whether the background class is taken away. Declared: on where there is one.
    """

    softmax: bool | None = None
    drop_background: bool | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Scores:
    """One output row over the shared classes, background apart.

    Attributes
    ----------
    probabilities
        float64 (classes,). Sums to 1 where the output is read as declared: the background's share
        is taken out and the rest divided by ``1 - background``. With a switch against the
        declaration these are simply the numbers that a user would take for probabilities.
    logits
        float64 (classes,). The release's own logits where it has them, else ln of the
        probabilities; a softmax knows no common shift, so compare them centred.
    background
        Probability of the background class, or None where there is none or it was kept in.
    row_sum
        Sum of the raw row as the release gave it.
    applied_softmax, dropped_background
        What was done.
    as_declared
        Whether the output was read as the release declares it.
    """

    probabilities: NDArray[np.float64]
    logits: NDArray[np.float64]
    background: float | None
    row_sum: float
    applied_softmax: bool
    dropped_background: bool
    as_declared: bool


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the softmax of a row, float64 (n,), shifted by its maximum against overflow.

    A row with NaN or +inf gives NaN: there is no answer.
    """
    with np.errstate(invalid="ignore"):
        shifted = np.exp(logits - logits.max())
        return np.asarray(shifted / shifted.sum())


def interpret(
    raw: NDArray[np.float32],
    kind: OutputKind,
    background: bool,
    switches: OutputSwitches,
    own_logits: NDArray[np.float32] | None = None,
) -> Scores:
    """Bring an output row to the common form.

    Parameters
    ----------
    raw
        float32 (n,), the row as the release gave it.
    kind, background
        The declared output convention.
    switches
        What the user set against it.
    own_logits
        float32 (n,), the row before the release's own softmax, where it could be had.

    Notes
    -----
    ``keras_p[i] == hub_p[i + 1] / (1 - hub_p[0])`` holds where the weights agree, because a softmax
    over 1000 of 1001 logits is the larger softmax without its first class, renormalised. It is
    computed in that way, so that nothing is lost where the background takes nearly all.
    """
    row = raw.astype(np.float64)
    apply_softmax = _declared(switches.softmax, kind is OutputKind.LOGITS)
    drop = background and _declared(switches.drop_background, True)
    numbers = softmax(row) if apply_softmax else row
    logits = _logits(row, kind, own_logits)
    share: float | None = None
    if drop:
        share = float(numbers[0])
        logits = logits[1:]
        if apply_softmax:
            numbers = softmax(row[1:])
        else:
            numbers = numbers[1:]
            if kind is OutputKind.PROBABILITIES and share < 1.0:
                numbers = numbers / (1.0 - share)
    return Scores(
        probabilities=numbers,
        logits=logits,
        background=share,
        row_sum=_sum(row),
        applied_softmax=apply_softmax,
        dropped_background=drop,
        as_declared=apply_softmax == (kind is OutputKind.LOGITS) and drop == background,
    )


def _sum(row: NDArray[np.float64]) -> float:
    with np.errstate(invalid="ignore"):
        return float(row.sum())


def _declared(switch: bool | None, declared: bool) -> bool:
    return declared if switch is None else switch


def _logits(
    row: NDArray[np.float64], kind: OutputKind, own_logits: NDArray[np.float32] | None
) -> NDArray[np.float64]:
    if kind is OutputKind.LOGITS:
        return row
    if own_logits is not None:
        return own_logits.astype(np.float64)
    return np.asarray(np.log(np.maximum(row, SMALLEST)))
