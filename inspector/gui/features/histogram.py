"""How many dimensions differ by how much, and which ones."""

from __future__ import annotations

from inspector.core.features.result import FeatureResult
from inspector.gui.views.histogram import AnyHistogram


class FeatureHistogramView(AnyHistogram[FeatureResult]):
    """Differences of the dimensions."""

    one, many = "dimension", "dimensions"
