"""One plot with two axes: the part of pyqtgraph's PlotItem that the views need, built in 2 ms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from inspector.gui.theme import configure_plots
from inspector.gui.views.axes import Axis, Ticks
from inspector.gui.views.pointer import Pointer

if TYPE_CHECKING:
    from inspector.core.palette import Palette

configure_plots()


class Chart(QWidget):
    """A plot area with a bottom and a left axis.

    `hovered` and `clicked` give places in axis coordinates; `unhovered` tells that the mouse left.

    Parameters
    ----------
    name
        Accessible name.
    bottom, left
        How the axes write their numbers.
    zoomable
        Whether wheel and drag change the ranges; a double click shows everything again.
    """

    hovered = Signal(QPointF)
    unhovered = Signal()
    clicked = Signal(QPointF)

    def __init__(
        self,
        name: str,
        bottom: Ticks,
        left: Ticks,
        *,
        zoomable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.view = pg.GraphicsView(self)
        self.view.setAccessibleName(name)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.box = pg.ViewBox(enableMenu=False, enableMouse=zoomable, defaultPadding=0.0)
        self.box.disableAutoRange()
        self.bottom = Axis("bottom", bottom)
        self.left = Axis("left", left)
        self._limits = ((0.0, 1.0), (0.0, 1.0))
        grid = pg.GraphicsLayout()
        edge = self.fontMetrics().horizontalAdvance("1000") / 2 + 2
        grid.setContentsMargins(2, 6, edge, 2)
        grid.setSpacing(0)
        grid.addItem(self.left, 0, 0)
        grid.addItem(self.box, 0, 1)
        grid.addItem(self.bottom, 1, 1)
        for axis in (self.bottom, self.left):
            axis.linkToView(self.box)
        self._grid = grid
        self.view.setCentralItem(grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.pointer = Pointer(self.view.viewport(), self)
        self.pointer.moved.connect(self._moved)
        self.pointer.left.connect(self._left)
        self.pointer.clicked.connect(self._clicked)
        if zoomable:
            self.pointer.double_clicked.connect(self.reset)

    def add(self, item: object) -> None:
        """Put an item into the plot area."""
        self.box.addItem(item, ignoreBounds=True)

    def dress(self, palette: Palette) -> None:
        """Take colours, and the widget's font for the axes."""
        self.view.setBackground(QColor(palette.panel))
        for axis in (self.bottom, self.left):
            axis.dress(palette, self.font())

    def set_limits(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show these ranges, and come back to them on a double click."""
        self._limits = (x, y)
        self.reset()

    def reset(self) -> None:
        """Show everything."""
        x, y = self._limits
        self.box.setRange(xRange=x, yRange=y, padding=0.0)

    def label_axes(self, bottom: str, left: str) -> None:
        """Name both axes."""
        self.bottom.setLabel(bottom)
        self.left.setLabel(left)

    def to_axes(self, place: QPointF) -> QPointF | None:
        """Give a pixel's place in axis coordinates, or None outside of the plot area."""
        if not self.box.sceneBoundingRect().contains(place):
            return None
        mapped: QPointF = self.box.mapSceneToView(place)
        return mapped

    def to_pixels(self, x: float, y: float) -> QPoint:
        """Give the pixel of a place in axis coordinates."""
        mapped: QPointF = self.box.mapViewToScene(QPointF(x, y))
        return mapped.toPoint()

    def pixel_size(self) -> tuple[float, float]:
        """Give the length of a screen pixel along each axis."""
        width, height = self.box.viewPixelSize()
        return float(width), float(height)

    def show_tip(self, x: float, y: float, text: str) -> None:
        """Show a tooltip beside a place, or hide it where `text` is empty."""
        if not text:
            QToolTip.hideText()
            return
        viewport = self.view.viewport()
        place = self.to_pixels(x, y)
        QToolTip.showText(viewport.mapToGlobal(place + QPoint(12, 8)), text, viewport, QRect())

    def _moved(self, pixel: QPointF) -> None:
        place = self.to_axes(pixel)
        if place is None:
            self.unhovered.emit()
        else:
            self.hovered.emit(place)

    def _left(self) -> None:
        self.unhovered.emit()

    def _clicked(self, pixel: QPointF) -> None:
        place = self.to_axes(pixel)
        if place is not None:
            self.clicked.emit(place)
