"""How much of the difference each stage causes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from inspector.core.causes.attribution import within_noise_text
from inspector.core.causes.waterfall import waterfall
from inspector.core.features.explanation import FeatureExplanation
from inspector.gui.causes.section import Section, text_line
from inspector.gui.views.segmented import Segmented
from inspector.gui.views.waterfall import WaterfallChart

if TYPE_CHECKING:
    from inspector.core.features.kinds import AnyExplanation
    from inspector.core.palette import Palette
    from inspector.gui.explainer import Causes

LARGEST = "largest"
DIVERGENCE = "js"
UNITS = {LARGEST: "max |Δp|", DIVERGENCE: "Jensen-Shannon divergence in nats"}
FEATURE_UNIT = "relative L2"


class AttributionSection(Section):
    """A waterfall, of the largest difference or of the divergence; a sentence where both agree."""

    def __init__(self) -> None:
        super().__init__(
            "What causes the difference",
            "Every mix of both sides' stages was run; each bar is what its stage adds on average "
            "(Shapley values), and they add up to the whole difference.",
        )
        self.measure_switch = Segmented(
            "Measure",
            (
                (LARGEST, "max |Δp|", "The largest difference of a probability"),
                (DIVERGENCE, "JS divergence", "The Jensen-Shannon divergence, in nats"),
            ),
        )
        self.measure_switch.chosen.connect(self._draw_measure)
        self.top.addWidget(self.measure_switch)
        self.chart = WaterfallChart()
        self.body.addWidget(self.chart)
        self.quiet = text_line()
        self.body.addWidget(self.quiet)
        self._explanation: AnyExplanation | None = None

    def wanted(self, causes: Causes) -> bool:
        """There is nothing to divide where nothing differs."""
        explanation = causes.explanation
        return explanation is not None and 0 < explanation.attribution.total < math.inf

    def draw(self, causes: Causes, palette: Palette) -> None:
        """Draw the bars."""
        self._explanation = causes.explanation
        if self._explanation is None:
            return
        agrees = self._explanation.verdict.agrees
        features = isinstance(self._explanation, FeatureExplanation)
        self.measure_switch.setHidden(features or agrees)
        self.chart.setHidden(agrees)
        self.quiet.setVisible(agrees)
        self.quiet.setText(within_noise_text(self._explanation.attribution.total))
        self.show_hint(not agrees)
        has_divergence = bool(self._explanation.attribution.js_total)
        self.measure_switch.button(DIVERGENCE).setEnabled(has_divergence)
        if not has_divergence:
            self.measure_switch.choose(LARGEST)
        self.chart.set_palette_scheme(palette)
        self._draw_measure()

    def _draw_measure(self) -> None:
        if self._explanation is None:
            return
        attribution, measure = self._explanation.attribution, self.measure_switch.value
        if measure == DIVERGENCE and attribution.js_total is not None:
            drawn = waterfall(attribution.js_shares, attribution.js_total)
        else:
            drawn = waterfall(attribution.shares, attribution.total)
        features = isinstance(self._explanation, FeatureExplanation)
        self.chart.set_waterfall(drawn, FEATURE_UNIT if features else UNITS[measure])
