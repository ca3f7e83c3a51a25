"""Whether the probabilities of both sides can be believed, where the true classes are known."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton

from inspector.gui.sweep.plots import RunPlot
from inspector.gui.sweep.words import counted
from inspector.gui.views.axes import Ticks
from inspector.gui.views.chart import Chart
from inspector.sweep.filters import Limits, RowFilter, RowKind
from inspector.sweep.truth import FOLDERS, NAMES

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QWidget

    from inspector.sweep.calibration import Calibration, ReliabilityBin
    from inspector.sweep.statistics import RunStatistics

SOURCES = (("By file names", NAMES), ("By folder names", FOLDERS), ("A table…", ""))
"""Where true classes can come from, and the word for it; empty for a table to be chosen."""


class CalibrationPlot(RunPlot):
    """Reliability of both sides, where the true classes are known."""

    truth_wanted = Signal(str)
    """Where the true classes are to come from: ``names``, ``folders``, or empty for a table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        chart = Chart("Calibration", Ticks.PERCENT, Ticks.PERCENT)
        super().__init__("Calibration", chart, parent)
        self._diagonal = pg.PlotDataItem([0.0, 1.0], [0.0, 1.0])
        self.lines = {name: pg.PlotDataItem([], []) for name in ("left", "right")}
        chart.add(self._diagonal)
        for line in self.lines.values():
            chart.add(line)
        self._offered = False
        self.give = QPushButton("Give the true classes…")
        menu = QMenu(self.give)
        for title, asked in SOURCES:
            menu.addAction(title).triggered.connect(partial(self.truth_wanted.emit, asked))
        self.give.setMenu(menu)
        self.give.hide()
        self._column.insertWidget(1, self.give, 0, Qt.AlignmentFlag.AlignLeft)

    def set_offered(self, offered: bool) -> None:
        """Take whether true classes may be given to the run: not while it is being written."""
        if offered != self._offered:
            self._offered = offered
            self.give.setVisible(offered)

    def _problem(self, statistics: RunStatistics) -> str:
        problem = super()._problem(statistics)
        if problem or (statistics.labelled and self._curves(statistics)):
            return problem
        if statistics.labelled:
            return "Neither side gives probabilities, so there is nothing to calibrate."
        return (
            "The true classes are not known. They can come from a table of paths and labels, or "
            "from the names of folders or files: a WordNet id, a label, or for folders an index."
        )

    def _curves(self, statistics: RunStatistics) -> dict[str, Calibration]:
        sides = {"left": statistics.left, "right": statistics.right}
        return {
            name: side.calibration
            for name, side in sides.items()
            if side is not None and side.calibration is not None
        }

    def _draw(self, statistics: RunStatistics) -> None:
        self._diagonal.setPen(pg.mkPen(self._palette.muted, width=1, style=Qt.PenStyle.DashLine))
        curves = self._curves(statistics)
        for name, line in self.lines.items():
            curve = curves.get(name)
            points = [] if curve is None else _points(curve.bins)
            colour = getattr(self._palette, name)
            line.setData(
                [x for x, _ in points],
                [y for _, y in points],
                pen=pg.mkPen(colour, width=2),
                symbol="o" if name == "left" else "s",
                symbolSize=8,
                symbolBrush=colour,
                symbolPen=pg.mkPen(self._palette.panel, width=1),
            )
        self.chart.label_axes("probability of the first class", "how often it is the true one")
        self.chart.set_limits((0.0, 1.04), (0.0, 1.02))
        self.note.setText(accuracy_text(statistics))

    def _tip(self, place: QPointF) -> str:
        if self._statistics is None:
            return ""
        lines = []
        for name, curve in self._curves(self._statistics).items():
            for part in curve.bins:
                if part.low < place.x() <= part.high and part.accuracy is not None:
                    whole = counted(part.count, "picture")
                    lines.append(
                        f"{name}: {100 * part.accuracy:.1f} % of {whole} at a mean "
                        f"probability of {100 * (part.confidence or 0):.1f} %"
                    )
        return "\n".join(lines)

    def _chosen(self, place: QPointF) -> RowFilter | None:
        if self._statistics is None:
            return None
        for name, curve in self._curves(self._statistics).items():
            for part in curve.bins:
                if part.low < place.x() <= part.high and part.count:
                    column = f"{name}_probability"
                    return RowFilter(
                        kind=RowKind.ANSWERED, limits=(Limits(column, part.low, part.high),)
                    )
        return None


def _points(bins: tuple[ReliabilityBin, ...]) -> list[tuple[float, float]]:
    return [
        (part.confidence, part.accuracy)
        for part in bins
        if part.confidence is not None and part.accuracy is not None
    ]


def accuracy_text(statistics: RunStatistics) -> str:
    """Write how often each side is correct, and whether they differ in that."""
    parts = []
    for name, side in (("Left", statistics.left), ("Right", statistics.right)):
        if side is None or side.top1.rate is None:
            continue
        text = (
            f"{name} is correct on {100 * side.top1.rate:.1f} % "
            f"(95 %: {100 * side.top1.low:.1f} to {100 * side.top1.high:.1f})"
        )
        if side.top5.rate is not None:
            text += f", among its first five on {100 * side.top5.rate:.1f} %"
        if side.calibration is not None:
            text += f", calibration error {100 * side.calibration.ece:.1f} %"
        parts.append(f"{text}.")
    test = statistics.mcnemar
    if test is not None:
        parts.append(
            f"Left alone is correct on {counted(test.left_only, 'picture')}, right alone on "
            f"{counted(test.right_only, 'picture')}: McNemar's p = {test.p_value:.3g}."
        )
    return " ".join(parts)
