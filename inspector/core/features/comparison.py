"""Two rows of features on the same picture, dimension by dimension, with distances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core import metrics

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, slots=True)
class FeatureComparison:
    """Left and right over the shared dimensions; differences are left minus right.

    Attributes
    ----------
    left, right
        float64 (dimensions,), the features as the releases give them.
    difference
        float64 (dimensions,), ``left - right``.
    ranks
        int64 (dimensions,), places by the absolute difference, 1 for the largest.
    cosine
        ``left·right / (‖left‖ ‖right‖)``, -1 to 1; None where a side is all zero or not finite.
    relative_l2
        See :func:`relative_l2`; NaN where a side is not finite.
    left_norm, right_norm
        Euclidean lengths.
    max_abs_difference, mean_abs_difference
        Over the dimensions.
    correlation
        Pearson's correlation across the dimensions, -1 to 1; None where a side is constant or not
        finite.
    factor
        The one number f for which ``f · right`` is nearest to `left` by least squares:
        ``left·right / right·right``; None where `right` is all zero or not finite.
    factor_rest
        ``relative_l2(left, factor · right)``, what a common factor leaves; None without a factor.
    left_zeros, right_zeros, shared_zeros
        How many dimensions are exactly 0 on the left, on the right, on both (a ReLU leaves many).
    noise_floor
        Largest relative L2 of the same model from itself, or None where it was not measured.
    """

    left: NDArray[np.float64]
    right: NDArray[np.float64]
    difference: NDArray[np.float64]
    ranks: NDArray[np.int64]
    cosine: float | None
    relative_l2: float
    left_norm: float
    right_norm: float
    max_abs_difference: float
    mean_abs_difference: float
    correlation: float | None
    factor: float | None
    factor_rest: float | None
    left_zeros: int
    right_zeros: int
    shared_zeros: int
    noise_floor: float | None

    @property
    def dimensions(self) -> int:
        """Number of dimensions."""
        return int(self.left.size)

    @property
    def largest(self) -> int:
        """Index of the dimension with the largest absolute difference; NaN counts as none."""
        return int(np.argmin(self.ranks))

    @property
    def finite(self) -> bool:
        """Whether every number of both sides is finite."""
        return bool(np.isfinite(self.left).all() and np.isfinite(self.right).all())


def compare_features(
    left: NDArray[np.float64], right: NDArray[np.float64], noise_floor: float | None = None
) -> FeatureComparison:
    """Measure how far two rows of features, float64 (dimensions,), are apart."""
    with np.errstate(invalid="ignore", over="ignore"):
        return _compare(left, right, noise_floor)


def _compare(
    left: NDArray[np.float64], right: NDArray[np.float64], noise_floor: float | None
) -> FeatureComparison:
    difference = left - right
    sizes = np.abs(difference)
    finite = bool(np.isfinite(left).all() and np.isfinite(right).all())
    factor = best_factor(left, right) if finite else None
    zeros = left == 0.0, right == 0.0
    return FeatureComparison(
        left=left,
        right=right,
        difference=difference,
        ranks=metrics.ranks(np.nan_to_num(sizes, nan=-1.0, posinf=-1.0)),
        cosine=_cosine(left, right) if finite else None,
        relative_l2=relative_l2(left, right),
        left_norm=float(np.linalg.norm(left)),
        right_norm=float(np.linalg.norm(right)),
        max_abs_difference=float(np.max(sizes)),
        mean_abs_difference=float(np.mean(sizes)),
        correlation=_cosine(metrics.centred(left), metrics.centred(right)) if finite else None,
        factor=factor,
        factor_rest=None if factor is None else relative_l2(left, factor * right),
        left_zeros=int(np.count_nonzero(zeros[0])),
        right_zeros=int(np.count_nonzero(zeros[1])),
        shared_zeros=int(np.count_nonzero(zeros[0] & zeros[1])),
        noise_floor=noise_floor,
    )


def relative_l2(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Give ``‖a - b‖ / ((‖a‖ + ‖b‖) / 2)``: 0 for equal rows, at most 2 for opposite ones.

    The mean of both lengths stands where ``‖a - b‖ / ‖b‖`` has one side's, so that neither side is
    taken for the right one; where the two are close, both say the same. 0 where both are all zero.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        length = (float(np.linalg.norm(a)) + float(np.linalg.norm(b))) / 2.0
        apart = float(np.linalg.norm(a - b))
    return apart / length if length > 0.0 or not np.isfinite(length) else 0.0


@dataclass(frozen=True, slots=True)
class L2Over:
    """Euclidean distance of two rows over one fixed length.

    With the mean length of left and right it is :func:`relative_l2` for these two, and a distance
    (with the triangle's inequality) among all the rows between them, which an attribution needs.
    """

    length: float

    def __call__(self, a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
        """Measure two rows."""
        with np.errstate(invalid="ignore", over="ignore"):
            return float(np.linalg.norm(a - b)) / self.length


def distance_for(comparison: FeatureComparison) -> L2Over:
    """Give the distance whose value for both sides of a comparison is its relative L2."""
    length = (comparison.left_norm + comparison.right_norm) / 2.0
    return L2Over(length if length > 0.0 else 1.0)


def best_factor(a: NDArray[np.float64], b: NDArray[np.float64]) -> float | None:
    """Give the factor of `b` that comes nearest to `a` by least squares; None where b is zero."""
    square = float(b @ b)
    return float(a @ b) / square if square > 0.0 else None


def _cosine(a: NDArray[np.float64], b: NDArray[np.float64]) -> float | None:
    """Give the cosine of the angle between two finite rows; None where one is all zero."""
    norm = float(np.linalg.norm(a)) * float(np.linalg.norm(b))
    if norm <= 0.0:
        return None
    return max(-1.0, min(1.0, float(a @ b) / norm))
