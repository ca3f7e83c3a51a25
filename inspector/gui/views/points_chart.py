"""A chart with one point per class that the mouse can find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Signal

from inspector.core.scales import nearest_point
from inspector.gui.views.chart import Chart

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from inspector.gui.views.axes import Ticks

REACH = 24.0
"""Pixels within which the mouse finds a point."""


def no_tip(_: int) -> str:
    """Give no tooltip."""
    return ""


class PointsChart(Chart):
    """Finds points under the mouse, shows their tooltips and rings the selected one.

    What the points look like is up to the view, which adds its own items.
    """

    point_clicked = Signal(int)

    def __init__(
        self, name: str, bottom: Ticks, left: Ticks, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, bottom, left, zoomable=True, parent=parent)
        self.points_x: NDArray[np.float64] = np.empty(0)
        self.points_y: NDArray[np.float64] = np.empty(0)
        self._tip: Callable[[int], str] = no_tip
        self._ring = pg.ScatterPlotItem(size=14, pxMode=True)
        self._ring.setZValue(30)
        self.add(self._ring)
        self.hovered.connect(self._hover)
        self.unhovered.connect(lambda: self.show_tip(0.0, 0.0, ""))
        self.clicked.connect(self._click)

    @property
    def ringed(self) -> tuple[float, float] | None:
        """Place of the ring, or None."""
        x, y = self._ring.getData()
        return (float(x[0]), float(y[0])) if len(x) else None

    def set_points(
        self, x: NDArray[np.float64], y: NDArray[np.float64], tip: Callable[[int], str]
    ) -> None:
        """Say where the points are; `tip` gives the tooltip of each."""
        self.points_x, self.points_y, self._tip = x, y, tip

    def ring(self, point: int | None, colour: str) -> None:
        """Draw a ring around a point, or take it away."""
        if point is None:
            self._ring.setData([], [])
            return
        pen = pg.mkPen(colour, width=2)
        self._ring.setData([self.points_x[point]], [self.points_y[point]], pen=pen, brush=None)

    def point_at(self, place: QPointF) -> int | None:
        """Give the point nearest to a place, where it is near enough."""
        at = (place.x(), place.y())
        return nearest_point(self.points_x, self.points_y, at, self.pixel_size(), REACH)

    def _hover(self, place: QPointF) -> None:
        point = self.point_at(place)
        if point is None:
            self.show_tip(0.0, 0.0, "")
        else:
            self.show_tip(
                float(self.points_x[point]), float(self.points_y[point]), self._tip(point)
            )

    def _click(self, place: QPointF) -> None:
        point = self.point_at(place)
        if point is not None:
            self.point_clicked.emit(point)
