"""Agreement: left against right, one point per class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from inspector.core.agreement import agreement_points
from inspector.gui.views.axes import Ticks
from inspector.gui.views.base import ResultWidget
from inspector.gui.views.legend import Legend, Shape
from inspector.gui.views.points_chart import PointsChart
from inspector.gui.views.tips import class_tip
from inspector.gui.views.widgets import tinted, translucent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inspector.core.agreement import AgreementPoints
    from inspector.core.result import Result


class ScatterView(ResultWidget):
    """Left on the horizontal axis, right on the vertical; on the diagonal both agree.

    Both axes are logarithmic where both sides give probabilities, and have the same limits.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Agreement of both sides by class", parent)
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
        """The sentence on what is drawn otherwise than one would expect."""
        return self._note.text()

    def _build(self) -> QWidget:
        chart = PointsChart(self.accessibleName(), Ticks.DECADES, Ticks.DECADES)
        self._chart = chart
        self.diagonal = pg.InfiniteLine((0.0, 0.0), angle=45)
        self.left_larger = pg.ScatterPlotItem(size=6, pxMode=True)
        self.right_larger = pg.ScatterPlotItem(size=6, pxMode=True)
        self.ties = pg.ScatterPlotItem(size=12, symbol="d", pxMode=True)
        for item in (self.diagonal, self.left_larger, self.right_larger, self.ties):
            chart.add(item)
        chart.point_clicked.connect(self._clicked)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(chart, 1)
        column.addWidget(self._note)
        return content

    def _draw(self, result: Result) -> None:
        chart = self._chart
        if chart is None:
            return
        points = agreement_points(result.comparison)
        chart.set_points(points.x, points.y, lambda index: class_tip(result, index))
        self._place(points, result.comparison.near_ties)
        kind = Ticks.DECADES if points.logarithmic else Ticks.NUMBERS
        what = "probability" if points.logarithmic else "number as given"
        for axis in (chart.bottom, chart.left):
            axis.set_kind(kind)
        chart.dress(self._palette)
        chart.label_axes(f"left, {what}", f"right, {what}")
        chart.set_limits(points.limits, points.limits)
        self._note.setText(points.note)
        self._note.setVisible(bool(points.note))
        tinted(self._note, self._palette.muted)

    def _place(self, points: AgreementPoints, near: NDArray[np.bool_]) -> None:
        palette = self._palette
        left = ~near & (points.x >= points.y)
        for item, chosen, colour in (
            (self.left_larger, left, palette.left),
            (self.right_larger, ~near & ~left, palette.right),
        ):
            brush = translucent(colour, 0.8)
            item.setData(points.x[chosen], points.y[chosen], brush=brush, pen=None)
        outline = pg.mkPen(palette.panel, width=1)
        self.ties.setData(points.x[near], points.y[near], brush=palette.text, pen=outline)
        self.diagonal.setPen(pg.mkPen(palette.muted, width=1, style=Qt.PenStyle.DashLine))
        self.legend.set_entries(
            (
                (Shape.DOT, palette.left, "left larger"),
                (Shape.DOT, palette.right, "right larger"),
                (Shape.DIAMOND, palette.text, "near-tie"),
                (Shape.RING, palette.selected, "selected"),
            )
        )

    def _mark(self) -> None:
        if self._chart is not None:
            self._chart.ring(self.valid_selection(), self._palette.selected)

    def _clicked(self, index: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._choose(index)
