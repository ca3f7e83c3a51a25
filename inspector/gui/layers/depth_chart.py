"""How far both networks are apart, from the input to the output."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from inspector.core.trace import NOISE
from inspector.core.trace_depth import DepthPoints, depth_points, point_of
from inspector.gui.views.axes import Ticks
from inspector.gui.views.points_chart import PointsChart
from inspector.gui.views.widgets import translucent

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from inspector.core.palette import Palette
    from inspector.core.trace import Path

_NAME_ROOM = 0.62
"""Part of the plot's width that the name of an endpoint may take."""


class DepthChart(PointsChart):
    """Relative L2 of every aligned endpoint over its depth, on a logarithmic axis.

    A band holds what float noise explains; where the two networks part stands a line with the
    name of the endpoint.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Difference of both networks by depth", Ticks.WHOLE, Ticks.DECADES, parent)
        self._points: DepthPoints | None = None
        self._name = ""
        self.band = pg.LinearRegionItem(
            (0, 1), orientation="horizontal", movable=False, pen=pg.mkPen(None)
        )
        self.noise = pg.InfiniteLine(float(np.log10(NOISE)), angle=0)
        self.noise_text = pg.TextItem("float noise", anchor=(1, 0))
        self.curve = pg.PlotCurveItem(antialias=True)
        self.agreeing = pg.ScatterPlotItem(size=6, pxMode=True)
        self.differing = pg.ScatterPlotItem(size=7, pxMode=True)
        self.parting = pg.InfiniteLine(0.0, angle=90)
        self.parting_text = pg.TextItem("", anchor=(0, 0))
        for item in (self.band, self.noise, self.noise_text, self.curve, self.parting):
            self.add(item)
        for item in (self.agreeing, self.differing, self.parting_text):
            self.add(item)
        self.box.sigResized.connect(self._place_name)
        self.label_axes("aligned endpoint, from the input to the output", "relative L2")

    @property
    def points(self) -> DepthPoints | None:
        """What is drawn."""
        return self._points

    def draw(self, path: Path, tip: Callable[[int], str], palette: Palette) -> None:
        """Show a path; `tip` gives the tooltip of one of its rows."""
        points = depth_points(path)
        self._points = points
        x = np.arange(points.rows.size, dtype=np.float64)
        self.set_points(x, points.decades, lambda point: tip(int(points.rows[point])))
        self.curve.setData(x, points.decades, pen=pg.mkPen(palette.neutral, width=1))
        for item, chosen, colour in (
            (self.agreeing, points.agrees, palette.neutral),
            (self.differing, ~points.agrees, palette.text),
        ):
            item.setData(x[chosen], points.decades[chosen], brush=pg.mkBrush(colour), pen=None)
        low, high = points.limits
        room = max(1.0, x.size * 0.02)
        self.dress(palette)
        self.set_limits((-room, x.size - 1 + room), (low - 0.6, high + 0.6))
        self._draw_noise(low - 1.0, palette)
        self._draw_parting(path, palette)

    def row_of(self, point: int) -> int | None:
        """Give the row of the path that a point stands for."""
        return None if self._points is None else int(self._points.rows[point])

    def mark_row(self, row: int | None, palette: Palette) -> None:
        """Put a ring around the point of a row, or take it away."""
        known = None if row is None or self._points is None else point_of(self._points, row)
        self.ring(known, palette.selected)

    def name_depth(self, named: bool) -> None:
        """Write under the axis what it counts, or leave its height to the plot."""
        self.bottom.showLabel(named)

    def _draw_noise(self, foot: float, palette: Palette) -> None:
        level = float(np.log10(NOISE))
        self.band.setRegion((foot, level))
        self.band.setBrush(translucent(palette.good, 0.55))
        self.noise.setPen(pg.mkPen(palette.muted, width=1, style=Qt.PenStyle.DashLine))
        self.noise_text.setColor(palette.muted)
        self.noise_text.setFont(self.font())
        self.noise_text.setPos(self.box.viewRange()[0][1], level)

    def _draw_parting(self, path: Path, palette: Palette) -> None:
        points = self._points
        departs = None if points is None else points.departs
        for item in (self.parting, self.parting_text):
            item.setVisible(departs is not None)
        self._name = ""
        if departs is None or path.departs is None:
            return
        self._name = path.rows[path.departs].name
        self.parting.setPos(float(departs))
        self.parting.setPen(pg.mkPen(palette.selected, width=1.5))
        self.parting_text.setColor(palette.selected)
        self.parting_text.setFont(self.font())
        self._place_name()

    def _place_name(self) -> None:
        """Write the name on the side of the line where there is more room."""
        points = self._points
        if points is None or points.departs is None:
            return
        right = points.departs <= (points.rows.size - 1) / 2
        room = int(self.box.width() * _NAME_ROOM)
        shown = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, room)
        self.parting_text.setText(f"first ≠ {shown}" if shown else "")
        self.parting_text.setAnchor((0, 0) if right else (1, 0))
        self.parting_text.setPos(float(points.departs), self.box.viewRange()[1][1])
