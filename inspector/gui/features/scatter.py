"""Agreement: left against right, one point per dimension."""

from __future__ import annotations

from inspector.core.agreement import AgreementPoints
from inspector.core.features.result import FeatureResult
from inspector.core.features.wording import agreement_note, shared_limits
from inspector.gui.features.tips import dimension_tip
from inspector.gui.views.scatter import AnyScatter


class FeatureScatterView(AnyScatter[FeatureResult]):
    """Both sides' numbers of the dimensions, as they are given."""

    one = "dimension"

    def _points(self, result: FeatureResult) -> AgreementPoints:
        comparison = result.comparison
        return AgreementPoints(
            x=comparison.left,
            y=comparison.right,
            logarithmic=False,
            limits=shared_limits(comparison),
            note=agreement_note(comparison),
        )

    def _tip(self, result: FeatureResult, index: int) -> str:
        return dimension_tip(result, index)
