"""How many classes differ by how much, and which ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QHBoxLayout, QWidget

from inspector.core.features.kinds import entry_labels
from inspector.core.histogram import Histogram, difference_histogram
from inspector.core.numbers import difference_text
from inspector.core.ordering import bin_at, bin_of, largest_differences
from inspector.core.result import Result
from inspector.core.scales import LOG_BASELINE, log_counts
from inspector.gui.views.axes import Ticks
from inspector.gui.views.base import AnyResultWidget, R
from inspector.gui.views.chart import Chart
from inspector.gui.views.class_list import ClassList
from inspector.gui.views.segmented import Segmented
from inspector.gui.views.spaces import (
    AXIS_LABELS,
    differences_in,
    space_switch,
    why_no_differences,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QResizeEvent


LOG, LINEAR = "log", "linear"
ROOM_FOR_LIST = 380
"""Least width at which the classes are listed beside the plot."""

_COUNTS = (
    (LOG, "Log counts", "Logarithmic counts, so that single classes show"),
    (LINEAR, "Linear counts", "Counts as they are"),
)


class AnyHistogram(AnyResultWidget[R]):
    """Histogram of the signed differences; a list names the entries of the bin under the mouse.

    A click holds a bin in the list, a second one lets it go.
    """

    one, many = "class", "classes"
    """What is counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Histogram of the differences", parent)
        self._chart: Chart | None = None
        self._list: ClassList | None = None
        self._histogram: Histogram | None = None
        self._held: int | None = None
        self._hovered: int | None = None
        self._listed: int | None = None
        self.count_switch = Segmented("Counts", _COUNTS)
        self.count_switch.chosen.connect(self._counts_chosen)
        self._header.setContentsMargins(6, 4, 6, 0)
        self._header.setSpacing(12)
        self._header.addWidget(self.count_switch)
        self._header.addStretch(1)

    @property
    def chart(self) -> Chart | None:
        """The plot, or None before the first result was shown."""
        return self._chart

    @property
    def class_list(self) -> ClassList | None:
        """The list beside the plot, or None before the first result was shown."""
        return self._list

    @property
    def histogram(self) -> Histogram | None:
        """The histogram on show."""
        return self._histogram

    def hover_bin(self, number: int | None) -> None:
        """List the classes of a bin while the mouse is over it."""
        if number != self._hovered:
            self._hovered = number
            self._list_bin()

    def hold_bin(self, number: int | None) -> None:
        """Keep a bin listed when the mouse leaves it; the same bin again lets it go."""
        self._held = None if number == self._held else number
        self._list_bin()

    def _differences(self, result: R) -> NDArray[np.float64]:
        return result.comparison.difference

    def _axis_label(self) -> str:
        return "Δ, left − right"

    def _build(self) -> QWidget:
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._chart = Chart(self.accessibleName(), Ticks.NUMBERS, Ticks.WHOLE)
        self.bars = pg.BarGraphItem(x0=[], width=[], y0=[], height=[])
        self.marked = pg.BarGraphItem(x0=[], width=[], y0=[], height=[])
        self._zero = pg.InfiniteLine(0.0, angle=90)
        for item in (self.bars, self.marked, self._zero):
            self._chart.add(item)
        self._chart.hovered.connect(self._mouse_moved)
        self._chart.unhovered.connect(self._mouse_left)
        self._chart.clicked.connect(self._mouse_clicked)
        self._list = ClassList()
        self._list.class_clicked.connect(self._choose)
        row.addWidget(self._chart, 3)
        row.addWidget(self._list, 2)
        return content

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the width to the plot where there is little."""
        super().resizeEvent(event)
        self._fit_list()

    def _fit_list(self) -> None:
        if self._list is not None:
            self._list.setVisible(self.width() >= ROOM_FOR_LIST)

    def _draw(self, result: R) -> None:
        self._fit_list()
        chart = self._chart
        if chart is None:
            return
        histogram = difference_histogram(self._differences(result))
        self._histogram = histogram
        self._held = self._hovered = None
        logarithmic = self.count_switch.value == LOG
        foot = LOG_BASELINE if logarithmic else 0.0
        tops = log_counts(histogram.counts) if logarithmic else histogram.counts.astype(float)
        self.bars.setOpts(
            x0=histogram.edges[:-1],
            width=np.diff(histogram.edges),
            y0=np.full(tops.size, foot),
            height=tops - foot,
            brush=self._palette.neutral,
            pen=pg.mkPen(self._palette.panel, width=1),
        )
        self._zero.setPen(pg.mkPen(self._palette.muted, width=1))
        chart.left.set_kind(Ticks.DECADES if logarithmic else Ticks.WHOLE)
        chart.dress(self._palette)
        chart.label_axes(self._axis_label(), self.many)
        reach = float(histogram.edges[-1]) * 1.02
        chart.set_limits((-reach, reach), (foot, foot + (float(tops.max()) - foot) * 1.06))

    def _mark(self) -> None:
        histogram, chosen = self._histogram, self.valid_selection()
        if histogram is None:
            return
        number = None if chosen is None else bin_of(histogram, chosen)
        part = slice(0, 0) if number is None else slice(number, number + 1)
        self.marked.setOpts(
            **{key: self.bars.opts[key][part] for key in ("x0", "width", "y0", "height")},
            brush=self._palette.selected,
            pen=pg.mkPen(self._palette.panel, width=1),
        )
        self._list_bin()

    def _list_bin(self) -> None:
        """List the bin under the mouse, else the held one, else all classes."""
        result, histogram, panel = self._result, self._histogram, self._list
        if result is None or histogram is None or panel is None:
            return
        number = self._hovered if self._hovered is not None else self._held
        difference = self._differences(result)
        if number is None:
            title = f"All {self.many}, the largest first"
            classes = largest_differences(difference, difference.size)
        else:
            title = self._bin_title(histogram, number)
            classes = histogram.members[number]
        panel.show_classes(title, classes, entry_labels(result), difference, self.valid_selection())

    def _counts_chosen(self) -> None:
        self._touch()

    def _bin_under(self, place: QPointF) -> int | None:
        return bin_at(self._histogram, place.x()) if self._histogram is not None else None

    def _mouse_moved(self, place: QPointF) -> None:
        self.hover_bin(self._bin_under(place))

    def _mouse_left(self) -> None:
        self.hover_bin(None)

    def _mouse_clicked(self, place: QPointF) -> None:
        self.hold_bin(self._bin_under(place))

    def _bin_title(self, histogram: Histogram, number: int) -> str:
        low, high = histogram.edges[number], histogram.edges[number + 1]
        count = int(histogram.counts[number])
        what = f"1 {self.one}" if count == 1 else f"{count} {self.many}"
        return f"{what} from {difference_text(float(low))} to {difference_text(float(high))}"


class HistogramView(AnyHistogram[Result]):
    """Differences of the classes, as probabilities or as logits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.space_switch = space_switch()
        self.space_switch.chosen.connect(self._space_chosen)
        self._header.insertWidget(0, self.space_switch)

    def _differences(self, result: Result) -> NDArray[np.float64]:
        return differences_in(self.space_switch.value, result)

    def _axis_label(self) -> str:
        return AXIS_LABELS[self.space_switch.value]

    def _problem(self, result: Result) -> str:
        return super()._problem(result) or why_no_differences(self._differences(result))

    def _space_chosen(self) -> None:
        self._touch()
