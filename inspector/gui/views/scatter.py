"""Agreement: left against right, one point per class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from inspector.core.agreement import AgreementPoints, agreement_points
from inspector.core.comparison import FIRST_PLACES, first_near_ties
from inspector.core.result import Result
from inspector.gui.views.axes import Ticks
from inspector.gui.views.base import AnyResultWidget, R
from inspector.gui.views.legend import Legend, Shape
from inspector.gui.views.points_chart import PointsChart
from inspector.gui.views.tips import class_tip
from inspector.gui.views.widgets import tinted, translucent

if TYPE_CHECKING:
    from numpy.typing import NDArray


NEAR_TIE_TIP = (
    f"Near-tie: one of the first {FIRST_PLACES} of a side, and so close to its neighbour in rank "
    "that float noise decides which of the two comes first"
)


class AnyScatter(AnyResultWidget[R]):
    """Left on the horizontal axis, right on the vertical; on the diagonal both agree.

    A view overrides `_points` and `_tip`, and `_near_ties` where its entries have ranks.
    """

    one = "class"
    """What a point is."""

    near_tie: tuple[Shape, ...] = ()
    """The shape of near-ties in the legend, where there are such."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(f"Agreement of both sides by {self.one}", parent)
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

    def _points(self, result: R) -> AgreementPoints:
        raise NotImplementedError

    def _tip(self, result: R, index: int) -> str:
        raise NotImplementedError

    def _near_ties(self, result: R) -> NDArray[np.bool_]:
        return np.zeros(result.comparison.left.size, dtype=np.bool_)

    def _build(self) -> QWidget:
        chart = PointsChart(self.accessibleName(), Ticks.NUMBERS, Ticks.NUMBERS)
        self._chart = chart
        self.diagonal = pg.InfiniteLine((0.0, 0.0), angle=45)
        self.left_larger = pg.ScatterPlotItem(size=6, pxMode=True)
        self.right_larger = pg.ScatterPlotItem(size=6, pxMode=True)
        self.ties = pg.ScatterPlotItem(size=11, symbol="d", pxMode=True)
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

    def _draw(self, result: R) -> None:
        chart = self._chart
        if chart is None:
            return
        points = self._points(result)
        chart.set_points(points.x, points.y, lambda index: self._tip(result, index))
        self._draw_points(points, self._near_ties(result))
        kind = Ticks.DECADES if points.logarithmic else Ticks.NUMBERS
        what = "probability" if points.logarithmic else "number as given"
        for axis in (chart.bottom, chart.left):
            axis.set_kind(kind)
        chart.dress(self._palette)
        chart.label_axes(f"left, {what}", f"right, {what}")
        chart.set_limits(points.limits, points.limits)
        self._note.setText(points.note)
        tinted(self._note, self._palette.muted)

    def _draw_points(self, points: AgreementPoints, near: NDArray[np.bool_]) -> None:
        palette = self._palette
        left = points.x >= points.y
        for item, chosen, colour in (
            (self.left_larger, left, palette.left),
            (self.right_larger, ~left, palette.right),
        ):
            brush = translucent(colour, 0.8)
            item.setData(points.x[chosen], points.y[chosen], brush=brush, pen=None)
        outline = pg.mkPen(palette.text, width=1.2)
        self.ties.setData(points.x[near], points.y[near], brush=None, pen=outline)
        self.legend.setToolTip(NEAR_TIE_TIP if near.any() else "")
        self.diagonal.setPen(pg.mkPen(palette.muted, width=1, style=Qt.PenStyle.DashLine))
        self.legend.set_entries(
            (
                (Shape.DOT, palette.left, "left larger"),
                (Shape.DOT, palette.right, "right larger"),
                *((shape, palette.text, "near-tie") for shape in self.near_tie if near.any()),
                (Shape.RING, palette.selected, "selected"),
            )
        )

    def _mark(self) -> None:
        if self._chart is not None:
            self._chart.ring(self.valid_selection(), self._palette.selected)


class ScatterView(AnyScatter[Result]):
    """Both sides' numbers of the classes, with an outline around near-ties of the first places.

    Both axes are logarithmic where both sides give probabilities, and have the same limits.
    """

    near_tie = (Shape.DIAMOND,)

    def _points(self, result: Result) -> AgreementPoints:
        return agreement_points(result.comparison)

    def _tip(self, result: Result, index: int) -> str:
        return class_tip(result, index)

    def _near_ties(self, result: Result) -> NDArray[np.bool_]:
        return first_near_ties(result.comparison)

    def _draw(self, result: Result) -> None:
        super()._draw(result)
        self._note.setVisible(bool(self.note))
