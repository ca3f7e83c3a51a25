"""The signed difference of all classes, or dimensions, in the order of their index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg

from inspector.core.scales import signed_range
from inspector.gui.views.axes import Ticks
from inspector.gui.views.points_chart import PointsChart

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from inspector.core.palette import Palette


class DifferencePoints(PointsChart):
    """Stems from zero, with a point at each end; the colour is that of the larger side.

    Parameters
    ----------
    what
        What the index counts.
    """

    def __init__(self, what: str, parent: QWidget | None = None) -> None:
        super().__init__(f"Differences by {what}", Ticks.WHOLE, Ticks.NUMBERS, parent)
        self._zero = pg.InfiniteLine(0.0, angle=0)
        self.stems = tuple(pg.PlotCurveItem(antialias=False) for _ in range(2))
        self.points = tuple(pg.ScatterPlotItem(size=5, pxMode=True) for _ in range(2))
        for item in (self._zero, *self.stems, *self.points):
            self.add(item)
        self.label_axes(what, "Δ, left − right")

    def draw(
        self, difference: NDArray[np.float64], tip: Callable[[int], str], palette: Palette
    ) -> None:
        """Show float64 (entries,), left minus right; `tip` gives the tooltip of each."""
        classes = np.arange(difference.size, dtype=np.float64)
        self.set_points(classes, difference, tip)
        for chosen, stems, points, colour in (
            (difference > 0, self.stems[0], self.points[0], palette.left),
            (difference < 0, self.stems[1], self.points[1], palette.right),
        ):
            x, y = classes[chosen], difference[chosen]
            ends = np.column_stack([np.zeros_like(y), y]).ravel()
            stems.setData(np.repeat(x, 2), ends, connect="pairs", pen=pg.mkPen(colour, width=1))
            points.setData(x, y, brush=pg.mkBrush(colour), pen=None)
        self._zero.setPen(pg.mkPen(palette.neutral, width=1))
        self.dress(palette)
        low, high = signed_range(difference)
        room = classes.size * 0.01 + 0.5
        self.set_limits((-room, classes.size - 1 + room), (low * 1.08, high * 1.08))
