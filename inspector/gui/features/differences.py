"""The signed difference of every dimension: the largest as bars, or all by index."""

from __future__ import annotations

from inspector.core.features.result import FeatureResult
from inspector.gui.features.tips import dimension_tip
from inspector.gui.views.differences import AnyDifferences


class FeatureDifferencesView(AnyDifferences[FeatureResult]):
    """Differences of the dimensions."""

    one, many, index_name = "dimension", "dimensions", "dimension"
    most_bars = 40
    zoom_tip = "All of them; wheel and drag zoom, a double click shows all"

    @property
    def shown_dimensions(self) -> tuple[int, ...]:
        """The dimensions in the order of the arrow keys."""
        return self._shown

    def _tip(self, result: FeatureResult, index: int) -> str:
        return dimension_tip(result, index)
