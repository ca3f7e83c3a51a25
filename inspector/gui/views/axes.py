"""Axes in the program's own dress, on top of pyqtgraph's."""

from __future__ import annotations

import math
from enum import Enum, auto
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtGui import QColor, QFontMetricsF

from inspector.core.numbers import decade_text, score_text, tick_text
from inspector.core.scales import even_step

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QFont

    from inspector.core.palette import Palette

EDGE_ROOM = 24
"""Pixels by which the text of a tick may stand out beyond the end of its axis."""

Levels = list[tuple[float, list[float]]]


class Ticks(Enum):
    """How an axis writes its numbers."""

    NUMBERS = auto()
    WHOLE = auto()
    PERCENT = auto()
    DECADES = auto()


class Axis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis with one kind of ticks, a thin grid and no unit prefixes.

    Parameters
    ----------
    orientation
        ``bottom`` or ``left``.
    ticks
        How its numbers are written.
    grid
        Whether it draws grid lines.
    """

    def __init__(self, orientation: str, ticks: Ticks, grid: bool = True) -> None:
        super().__init__(orientation)
        self.kind = ticks
        self._grid_wanted = grid
        self._ends: tuple[float, float] | None = None
        self.enableAutoSIPrefix(False)
        self.setZValue(-200)  # the grid lies under pyqtgraph's view box, which has -100

    def set_kind(self, ticks: Ticks) -> None:
        """Write the numbers in another way."""
        if ticks is not self.kind:
            self.kind = ticks
            self.picture = None
            self.update()

    def set_ends(self, ends: tuple[float, float] | None) -> None:
        """Let the ticks reach from one round number to another, whatever room there is beyond.

        One of both is zero, or they are on both sides of it. None leaves the choice to pyqtgraph.
        """
        if ends != self._ends:
            self._ends = ends
            self.picture = None
            self.update()

    def dress(self, palette: Palette, font: QFont) -> None:
        """Take colours and a font."""
        line = QColor(palette.grid)
        self.setPen(line)
        self.setTickPen(line)
        self.setTextPen(palette.muted)
        self.setStyle(tickFont=font, tickLength=0, tickTextOffset=5)
        self.label.setFont(font)
        if self._grid_wanted:
            self.setGrid(150)

    def boundingRect(self) -> QRectF:
        """Give room for the texts at both ends: pyqtgraph leaves out what would stand out."""
        area: QRectF = super().boundingRect()
        if self.orientation == "bottom":
            return area.adjusted(-EDGE_ROOM, 0, EDGE_ROOM, 0)
        return area.adjusted(0, -EDGE_ROOM / 2, 0, EDGE_ROOM / 2)

    def tickValues(self, low: float, high: float, size: float) -> Levels:
        """Place the ticks: whole decades, whole numbers, or pyqtgraph's choice of one level."""
        low, high = min(low, high), max(low, high)
        if self.kind is Ticks.DECADES:
            return _whole_steps(low, high, self._most_ticks(size))
        if self._ends is not None:
            return [self._even_ticks(self._ends, size / (high - low))]
        levels: Levels = super().tickValues(low, high, size)[:1]
        if self.kind is Ticks.PERCENT:
            levels = [
                (step, [value for value in values if value <= 1 + 1e-9]) for step, values in levels
            ]
        if self.kind is Ticks.WHOLE and levels and levels[0][0] < 1:
            return _whole_steps(low, high, self._most_ticks(size))
        return [self._thinned(step, values, size) for step, values in levels]

    def _most_ticks(self, size: float) -> int:
        """Give how many texts fit beside each other."""
        metrics = QFontMetricsF(self.style["tickFont"] or self.font())
        widest = "100 %" if self.kind is Ticks.PERCENT else "−0.000"
        wide = metrics.horizontalAdvance(widest) * 1.3
        return max(
            2, int(size / (wide if self.orientation == "bottom" else metrics.height() * 1.6))
        )

    def _even_ticks(self, ends: tuple[float, float], pixels: float) -> tuple[float, list[float]]:
        """Divide the longer side into equal parts; `pixels` is the length of 1."""
        reach = max(-ends[0], ends[1])
        step = even_step(reach, self._most_ticks(reach * pixels))
        first, last = math.ceil(ends[0] / step - 1e-9), math.floor(ends[1] / step + 1e-9)
        return step, [step * number for number in range(first, last + 1)]

    def _thinned(self, step: float, values: list[float], size: float) -> tuple[float, list[float]]:
        """Leave out ticks, keeping zero, until the texts fit."""
        keep = math.ceil(len(values) / self._most_ticks(size))
        kept = [value for value in values if round(value / step) % keep == 0]
        return step, kept

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Write the ticks."""
        if self.kind is Ticks.DECADES:
            return [decade_text(round(value)) for value in values]
        if self.kind is Ticks.PERCENT:
            return [_percent_tick(value, spacing) for value in values]
        return [tick_text(value, spacing) for value in values]


def _percent_tick(value: float, spacing: float) -> str:
    if value < 0 or value > 1 + 1e-9:
        return score_text(value, probability=False)
    return f"{tick_text(100 * value, 100 * spacing)} %"


def _whole_steps(low: float, high: float, max_ticks: int) -> Levels:
    first, last = math.ceil(low), math.floor(high)
    step = max(1, math.ceil((last - first + 1) / max_ticks))
    first = math.ceil(first / step) * step
    return [(float(step), [float(value) for value in range(first, last + 1, step)])]
