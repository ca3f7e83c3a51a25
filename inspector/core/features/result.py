"""One frozen result of comparing features: what the views draw and the reports write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.core.pairs import OutputKind, Side
from inspector.core.result import SideResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from inspector.core.features.comparison import FeatureComparison
    from inspector.core.features.match import DimensionMatch
    from inspector.core.findings import Finding
    from inspector.core.pairs import PairSpec
    from inspector.core.picture import PictureInfo
    from inspector.core.verdict import Verdict


@dataclass(frozen=True, eq=False, slots=True)
class FeatureSide(SideResult):
    """What one release did with the picture.

    Its `scores` hold the features in the form that is common to all outputs: nothing is applied
    to them, and nothing is dropped.
    """

    @property
    def features(self) -> NDArray[np.float64]:
        """float64 (dimensions,), the release's features."""
        return self.scores.probabilities


@dataclass(frozen=True, eq=False, slots=True)
class FeatureResult:
    """One comparison of features with all that belongs to it.

    Attributes
    ----------
    picture, preview
        As in :class:`inspector.core.result.Result`.
    pair
        The two releases.
    left, right
        What each side did.
    comparison, verdict, findings
        What follows from it.
    match
        How the dimensions correspond, where the models do not compute the same; else None.
    timings_ms, versions
        As in :class:`inspector.core.result.Result`.
    """

    picture: PictureInfo
    preview: NDArray[np.uint8]
    pair: PairSpec
    left: FeatureSide
    right: FeatureSide
    comparison: FeatureComparison
    verdict: Verdict
    findings: tuple[Finding, ...]
    match: DimensionMatch | None
    timings_ms: Mapping[str, float]
    versions: Mapping[str, str]

    def side(self, side: Side) -> FeatureSide:
        """Give the result of one side."""
        return self.left if side is Side.LEFT else self.right


def gives_features(pair: PairSpec) -> bool:
    """Tell whether either release of a pair declares features."""
    return any(pair.release(side).output is OutputKind.FEATURES for side in Side)
