"""Agreement: left against right, one point per dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from inspector.core.features.wording import agreement_note, shared_limits
from inspector.gui.features.tips import dimension_tip
from inspector.gui.views.axes import Ticks
from inspector.gui.views.base import FeatureWidget
from inspector.gui.views.legend import Legend, Shape
from inspector.gui.views.points_chart import PointsChart
from inspector.gui.views.widgets import tinted, translucent

if TYPE_CHECKING:
    from inspector.core.features.result import FeatureResult


class FeatureScatterView(FeatureWidget):
    """Left on the horizontal axis, right on the vertical; on the diagonal both agree."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Agreement of both sides by dimension", parent)
        self._chart: PointsChart | None = None
        self.legend = Legend()
        self._note = QLabel()
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        self._header.setContentsMargins(6, 4, 6, 0)
        self._header.addWidget(self.legend)
        self._header.addStretch(1)

    @property
    def chart(self) -> PointsChart | None:
        """The plot, or None before the first result was shown."""
        return self._chart

    @property
    def note(self) -> str:
        """The sentence under the plot."""
        return self._note.text()

    def _build(self) -> QWidget:
        chart = PointsChart(self.accessibleName(), Ticks.NUMBERS, Ticks.NUMBERS)
        self._chart = chart
        self.diagonal = pg.InfiniteLine((0.0, 0.0), angle=45)
        self.left_larger = pg.ScatterPlotItem(size=6, pxMode=True)
        self.right_larger = pg.ScatterPlotItem(size=6, pxMode=True)
        for item in (self.diagonal, self.left_larger, self.right_larger):
            chart.add(item)
        chart.label_axes("left, number as given", "right, number as given")
        chart.point_clicked.connect(self._clicked)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(chart, 1)
        column.addWidget(self._note)
        return content

    def _draw(self, result: FeatureResult) -> None:
        chart, palette = self._chart, self._palette
        if chart is None:
            return
        x, y = result.comparison.left, result.comparison.right
        chart.set_points(x, y, lambda index: dimension_tip(result, index))
        left = x >= y
        for item, chosen, colour in (
            (self.left_larger, left, palette.left),
            (self.right_larger, ~left, palette.right),
        ):
            item.setData(x[chosen], y[chosen], brush=translucent(colour, 0.8), pen=None)
        self.diagonal.setPen(pg.mkPen(palette.muted, width=1, style=Qt.PenStyle.DashLine))
        chart.dress(palette)
        limits = shared_limits(result.comparison)
        chart.set_limits(limits, limits)
        self.legend.set_entries(
            (
                (Shape.DOT, palette.left, "left larger"),
                (Shape.DOT, palette.right, "right larger"),
                (Shape.RING, palette.selected, "selected"),
            )
        )
        self._note.setText(agreement_note(result.comparison))
        tinted(self._note, palette.muted)

    def _mark(self) -> None:
        if self._chart is not None:
            self._chart.ring(self.valid_selection(), self._palette.selected)

    def _clicked(self, index: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._choose(index)
