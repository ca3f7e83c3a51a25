"""Two scores on the same picture, aligned by class, with metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core import metrics

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.scores import Scores

NEAR_TIE_FLOOR = 1e-3
"""Classes below this probability on both sides are never called near-ties."""

RESTLESS = 1e-3
"""A model that differs from itself by more is not in inference mode: that is no float noise."""

_LEAST_TOLERANCE = 1e-5


@dataclass(frozen=True, eq=False, slots=True)
class Comparison:
    """Left and right over the shared classes; differences are left minus right.

    Attributes
    ----------
    left, right
        float64 (classes,), probabilities (or what is taken for them).
    left_logits, right_logits
        float64 (classes,), as the releases give them.
    difference
        float64 (classes,), ``left - right``.
    logit_difference
        float64 (classes,), difference of the centred logits.
    left_ranks, right_ranks
        int64 (classes,), 1 for the largest.
    near_ties
        bool (classes,), see :func:`find_near_ties`.
    top1_same
        Whether both name the same class first.
    top5_overlap
        How many classes are among the first five of both, 0 to 5.
    max_abs_difference, mean_abs_difference
        Of the probabilities.
    allclose_rtol_08
        ``numpy.allclose(left, right, rtol=0.8)`` with numpy's own atol of 1e-8.
    kl, js
        Divergences in nats, KL of left from right; None where a row is no distribution.
    cosine, spearman
        Similarities of the probabilities, -1 to 1; None where a row is not finite.
    noise_floor
        Largest difference of probability that the same models show against themselves, or None
        where it was not measured.
    """

    left: NDArray[np.float64]
    right: NDArray[np.float64]
    left_logits: NDArray[np.float64]
    right_logits: NDArray[np.float64]
    difference: NDArray[np.float64]
    logit_difference: NDArray[np.float64]
    left_ranks: NDArray[np.int64]
    right_ranks: NDArray[np.int64]
    near_ties: NDArray[np.bool_]
    top1_same: bool
    top5_overlap: int
    max_abs_difference: float
    mean_abs_difference: float
    allclose_rtol_08: bool
    kl: float | None
    js: float | None
    cosine: float | None
    spearman: float | None
    noise_floor: float | None

    @property
    def classes(self) -> int:
        """Number of shared classes."""
        return int(self.left.size)

    @property
    def left_top(self) -> int:
        """Index of the left side's first class."""
        return int(np.argmin(self.left_ranks))

    @property
    def right_top(self) -> int:
        """Index of the right side's first class."""
        return int(np.argmin(self.right_ranks))

    @property
    def largest(self) -> int:
        """Index of the class with the largest absolute difference; NaN counts as none."""
        return int(metrics.top_indices(np.abs(self.difference), 1)[0])


def compare(left: Scores, right: Scores, noise_floor: float | None = None) -> Comparison:
    """Align two scores by class and measure how far they are apart.

    Where one side has more classes than the other (a background class that was kept), the first
    shared indices are set beside each other, as a user's script would do it.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        return _compare(left, right, noise_floor)


def _compare(left: Scores, right: Scores, noise_floor: float | None) -> Comparison:
    classes = min(left.probabilities.size, right.probabilities.size)
    p, q = left.probabilities[:classes], right.probabilities[:classes]
    p_logits, q_logits = left.logits[:classes], right.logits[:classes]
    difference = p - q
    tops = metrics.top_indices(p, 5), metrics.top_indices(q, 5)
    both = metrics.is_distribution(p) and metrics.is_distribution(q)
    finite = bool(np.isfinite(p).all() and np.isfinite(q).all())
    return Comparison(
        left=p,
        right=q,
        left_logits=p_logits,
        right_logits=q_logits,
        difference=difference,
        logit_difference=metrics.centred(p_logits) - metrics.centred(q_logits),
        left_ranks=metrics.ranks(p),
        right_ranks=metrics.ranks(q),
        near_ties=find_near_ties(p, q, noise_tolerance(noise_floor)),
        top1_same=finite and bool(tops[0][0] == tops[1][0]),
        top5_overlap=len(set(tops[0].tolist()) & set(tops[1].tolist())),
        max_abs_difference=float(np.max(np.abs(difference))),
        mean_abs_difference=float(np.mean(np.abs(difference))),
        allclose_rtol_08=bool(np.allclose(p, q, rtol=0.8)),
        kl=metrics.kl_divergence(p, q) if both else None,
        js=metrics.js_divergence(p, q) if both else None,
        cosine=metrics.cosine_similarity(p, q) if finite else None,
        spearman=metrics.spearman(p, q) if finite else None,
        noise_floor=noise_floor,
    )


def noise_tolerance(noise_floor: float | None) -> float:
    """Give the |Δp| under which two results count as the same but for float noise.

    Ten times the measured noise floor, at least 1e-5 and at most `RESTLESS`. A floor beyond
    `RESTLESS` comes from chance or from the rest of the batch, so it excuses nothing.
    """
    floor = noise_floor or 0.0
    if floor > RESTLESS:
        return _LEAST_TOLERANCE
    return min(max(10.0 * floor, _LEAST_TOLERANCE), RESTLESS)


def find_near_ties(
    p: NDArray[np.float64], q: NDArray[np.float64], tolerance: float
) -> NDArray[np.bool_]:
    """Mark classes whose place is decided by no more than float noise.

    A class is a near-tie where, on either side, the gap to a neighbour in rank is no larger than
    `tolerance`. Only classes of at least `NEAR_TIE_FLOOR` count, and only distributions have any.

    Returns
    -------
    NDArray[np.bool_]
        bool (classes,).
    """
    if not (metrics.is_distribution(p) and metrics.is_distribution(q)):
        return np.zeros(p.size, dtype=np.bool_)
    tied = (_gap_to_neighbour(p) <= tolerance) | (_gap_to_neighbour(q) <= tolerance)
    return np.asarray(tied & (np.maximum(p, q) >= NEAR_TIE_FLOOR))


FIRST_PLACES = 5
"""Places that anybody looks at: a near-tie further down changes nothing that is read."""


def first_near_ties(comparison: Comparison, places: int = FIRST_PLACES) -> NDArray[np.bool_]:
    """Keep the near-ties that decide one of the first places.

    A class is kept where it is tied on a side on which it is among the first `places`. A class that
    is first on one side and has equals far down on the other is none: float noise moved it nowhere.

    Returns
    -------
    NDArray[np.bool_]
        bool (classes,).
    """
    tolerance = noise_tolerance(comparison.noise_floor)
    found = np.zeros(comparison.classes, dtype=np.bool_)
    for row, ranks in (
        (comparison.left, comparison.left_ranks),
        (comparison.right, comparison.right_ranks),
    ):
        found |= (_gap_to_neighbour(row) <= tolerance) & (ranks <= places)
    return np.asarray(found & comparison.near_ties)


def _gap_to_neighbour(row: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.argsort(-row, kind="stable")
    with np.errstate(invalid="ignore"):
        steps = -np.diff(row[order])
    gaps = np.empty(row.size)
    gaps[order] = np.minimum(np.append(np.inf, steps), np.append(steps, np.inf))
    return gaps
