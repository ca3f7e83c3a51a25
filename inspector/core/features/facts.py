"""What verdict and findings of a feature comparison are judged from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.core.facts import Facts, PairCheck

if TYPE_CHECKING:
    from inspector.core.features.comparison import FeatureComparison
    from inspector.core.features.match import DimensionMatch


@dataclass(frozen=True, slots=True)
class FeatureCheck(PairCheck):
    """What was measured on two loaded models that give features, with probe pictures.

    `noise_floor` and `model_gap` are relative L2 distances here; there are no logits.

    Attributes
    ----------
    dimensions
        Length of both rows.
    factor_gap
        Largest relative L2 that is left on a probe picture once the right row is multiplied by the
        factor that suits it best, or None where `model_gap` is.
    factors
        Least and largest of those factors, or None.
    match
        How the dimensions correspond; measured where the two do not compute the same.
    """

    dimensions: int = 0
    factor_gap: float | None = None
    factors: tuple[float, float] | None = None
    match: DimensionMatch | None = None

    @property
    def same_function(self) -> bool | None:
        """Tell whether both models compute the same on the same pixels; None where not measured."""
        return None if self.model_gap is None else self.model_gap <= self.tolerance

    @property
    def scaled(self) -> bool:
        """Tell whether the rows are multiples of each other without being the same."""
        if self.same_function is not False or self.factor_gap is None:
            return False
        return self.factor_gap <= self.tolerance

    @property
    def one_factor(self) -> bool:
        """Tell whether the same factor suits every probe picture."""
        if self.factors is None:
            return False
        least, most = self.factors
        return most - least <= 10.0 * self.tolerance * abs(most)


@dataclass(frozen=True, eq=False, slots=True)
class FeatureFacts(Facts):
    """Everything about one feature comparison that a rule may look at.

    `comparison` holds the same two rows for the rules that features and classes share.

    Attributes
    ----------
    check
        What was measured of the two models.
    features
        The comparison by dimension.
    """

    check: FeatureCheck
    features: FeatureComparison
