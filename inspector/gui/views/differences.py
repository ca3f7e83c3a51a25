"""The signed difference of every class: the largest as bars, or all by index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from inspector.core.features.kinds import entry_labels
from inspector.core.numbers import difference_text
from inspector.core.ordering import largest_differences
from inspector.core.result import Result
from inspector.core.scales import signed_range
from inspector.gui.views.axes import Ticks
from inspector.gui.views.base import AnyResultWidget, R
from inspector.gui.views.difference_points import DifferencePoints
from inspector.gui.views.legend import Legend, Shape
from inspector.gui.views.rows import BarColumn, Rows
from inspector.gui.views.rows_canvas import RowsCanvas
from inspector.gui.views.segmented import Segmented
from inspector.gui.views.spaces import (
    AXIS_LABELS,
    differences_in,
    space_switch,
    why_no_differences,
)
from inspector.gui.views.tips import class_tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

LARGEST, BY_INDEX = "largest", "index"
MOST_BARS = 30


class AnyDifferences(AnyResultWidget[R]):
    """Left minus right per entry, in the colour of the side that is larger.

    A view overrides `_tip`.
    """

    one, many, index_name = "class", "classes", "class index"
    """What is drawn, and what its index is called."""

    most_bars = MOST_BARS
    zoom_tip = "All classes; wheel and drag zoom, a double click shows all"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(f"Difference of every {self.one}", parent)
        self._canvas: RowsCanvas | None = None
        self._chart: DifferencePoints | None = None
        self._pages = QStackedWidget()
        self._shown: tuple[int, ...] = ()
        largest_tip = f"The {self.most_bars} {self.many} that differ most, as bars"
        orders = (
            (LARGEST, "Largest first", largest_tip),
            (BY_INDEX, f"By {self.index_name}", self.zoom_tip),
        )
        self.order_switch = Segmented("Order", orders)
        self.order_switch.chosen.connect(self._touch)
        self.legend = Legend()
        self._header.setContentsMargins(6, 4, 6, 0)
        self._header.addWidget(self.order_switch)
        self._header.addStretch(1)
        self._header.addWidget(self.legend)

    @property
    def canvas(self) -> RowsCanvas | None:
        """The bars, or None before they were shown."""
        return self._canvas

    @property
    def chart(self) -> DifferencePoints | None:
        """The plot by index, or None before it was shown."""
        return self._chart

    def _tip(self, result: R, index: int) -> str:
        raise NotImplementedError

    def _differences(self, result: R) -> NDArray[np.float64]:
        return result.comparison.difference

    def _axis_label(self) -> str:
        return "Δ, left − right"

    def _build(self) -> QWidget:
        return self._pages

    def _draw(self, result: R) -> None:
        self.legend.set_entries(
            (
                (Shape.DOT, self._palette.left, "left larger"),
                (Shape.DOT, self._palette.right, "right larger"),
            )
        )
        if self.order_switch.value == LARGEST:
            self._draw_largest(result)
        else:
            self._draw_by_index(result)

    def _mark(self) -> None:
        if self.order_switch.value == BY_INDEX and self._chart is not None:
            self._chart.ring(self.valid_selection(), self._palette.selected)
        elif self._canvas is not None:
            self._canvas.select(self._marked_place())

    def _order(self) -> Sequence[int]:
        return self._shown

    def _draw_largest(self, result: R) -> None:
        if self._canvas is None:
            self._canvas = RowsCanvas("Largest differences", butterfly=False)
            self._canvas.row_clicked.connect(self._row_clicked)
            self._pages.addWidget(self._canvas)
        self._pages.setCurrentWidget(self._canvas)
        self._shown = largest_differences(self._differences(result), self.most_bars)
        self._canvas.dress(self._palette)
        self._canvas.set_rows(self._largest_rows(result))

    def _largest_rows(self, result: R) -> Rows:
        values = self._differences(result)[list(self._shown)]
        column = BarColumn(
            values=values,
            texts=tuple(difference_text(float(value)) for value in values),
            colours=tuple(self._palette.left if v >= 0 else self._palette.right for v in values),
            limits=signed_range(values),
            ticks=Ticks.NUMBERS,
        )
        labels = entry_labels(result)
        return Rows(
            labels=tuple(labels.name(index) for index in self._shown),
            marks=("",) * len(self._shown),
            tips=tuple(self._tip(result, index) for index in self._shown),
            columns=(column,),
        )

    def _draw_by_index(self, result: R) -> None:
        if self._chart is None:
            self._chart = DifferencePoints(self.index_name)
            self._chart.point_clicked.connect(self._clicked)
            self._pages.addWidget(self._chart)
        self._pages.setCurrentWidget(self._chart)
        difference = self._differences(result)
        self._shown = tuple(range(difference.size))
        self._chart.draw(difference, lambda index: self._tip(result, index), self._palette)
        self._chart.label_axes(self.index_name, self._axis_label())

    def _row_clicked(self, number: int) -> None:
        self._clicked(self._shown[number])


class DifferencesView(AnyDifferences[Result]):
    """Differences of the classes, as probabilities or as logits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.space_switch = space_switch()
        self.space_switch.chosen.connect(self._touch)
        self._header.insertWidget(0, self.space_switch)
        self._header.setSpacing(12)

    @property
    def shown_classes(self) -> tuple[int, ...]:
        """The classes in the order of the arrow keys."""
        return self._shown

    def _differences(self, result: Result) -> NDArray[np.float64]:
        return differences_in(self.space_switch.value, result)

    def _axis_label(self) -> str:
        return AXIS_LABELS[self.space_switch.value]

    def _problem(self, result: Result) -> str:
        return super()._problem(result) or why_no_differences(self._differences(result))

    def _tip(self, result: Result, index: int) -> str:
        return class_tip(result, index)
