"""The signed difference of every dimension: the largest as bars, or all by index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from inspector.core.numbers import difference_text
from inspector.core.ordering import largest_differences
from inspector.core.scales import signed_range
from inspector.gui.features.tips import dimension_tip
from inspector.gui.views.axes import Ticks
from inspector.gui.views.base import FeatureWidget
from inspector.gui.views.difference_points import DifferencePoints
from inspector.gui.views.legend import Legend, Shape
from inspector.gui.views.rows import BarColumn, Rows
from inspector.gui.views.rows_canvas import RowsCanvas
from inspector.gui.views.segmented import Segmented

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.core.features.result import FeatureResult

LARGEST, BY_INDEX = "largest", "index"
MOST_BARS = 40

_ORDERS = (
    (LARGEST, "Largest first", f"The {MOST_BARS} dimensions that differ most, as bars"),
    (BY_INDEX, "By dimension", "All of them; wheel and drag zoom, a double click shows all"),
)


class FeatureDifferencesView(FeatureWidget):
    """Left minus right per dimension, in the colour of the side that is larger."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Difference of every dimension", parent)
        self._canvas = RowsCanvas("Largest differences", butterfly=False)
        self._chart = DifferencePoints("dimension")
        self._pages = QStackedWidget()
        self._shown: tuple[int, ...] = ()
        self.order_switch = Segmented("Order", _ORDERS)
        self.order_switch.chosen.connect(self._touch)
        self.legend = Legend()
        self._header.setContentsMargins(6, 4, 6, 0)
        self._header.addWidget(self.order_switch)
        self._header.addStretch(1)
        self._header.addWidget(self.legend)
        self._canvas.row_clicked.connect(self._row_clicked)
        self._chart.point_clicked.connect(self._point_clicked)
        for page in (self._canvas, self._chart):
            self._pages.addWidget(page)

    @property
    def canvas(self) -> RowsCanvas:
        """The bars."""
        return self._canvas

    @property
    def chart(self) -> DifferencePoints:
        """The plot by index."""
        return self._chart

    @property
    def shown_dimensions(self) -> tuple[int, ...]:
        """The dimensions in the order of the arrow keys."""
        return self._shown

    def _build(self) -> QWidget:
        return self._pages

    def _draw(self, result: FeatureResult) -> None:
        self.legend.set_entries(
            (
                (Shape.DOT, self._palette.left, "left larger"),
                (Shape.DOT, self._palette.right, "right larger"),
            )
        )
        difference = result.comparison.difference
        if self.order_switch.value == LARGEST:
            self._shown = largest_differences(difference, MOST_BARS)
            self._canvas.dress(self._palette)
            self._canvas.set_rows(self._rows(result))
            self._pages.setCurrentWidget(self._canvas)
            return
        self._shown = tuple(range(difference.size))
        self._chart.draw_difference(
            difference, lambda index: dimension_tip(result, index), self._palette
        )
        self._pages.setCurrentWidget(self._chart)

    def _rows(self, result: FeatureResult) -> Rows:
        values = result.comparison.difference[list(self._shown)]
        column = BarColumn(
            values=values,
            texts=tuple(difference_text(float(value)) for value in values),
            colours=tuple(self._palette.left if v >= 0 else self._palette.right for v in values),
            limits=signed_range(values),
            ticks=Ticks.NUMBERS,
        )
        return Rows(
            labels=tuple(f"dimension {index}" for index in self._shown),
            marks=("",) * len(self._shown),
            tips=tuple(dimension_tip(result, index) for index in self._shown),
            columns=(column,),
        )

    def _mark(self) -> None:
        chosen = self.valid_selection()
        if self.order_switch.value == BY_INDEX:
            self._chart.ring(chosen, self._palette.selected)
        else:
            found = chosen is not None and chosen in self._shown
            self._canvas.select(self._shown.index(chosen) if chosen is not None and found else None)

    def _order(self) -> Sequence[int]:
        return self._shown

    def _row_clicked(self, number: int) -> None:
        self._point_clicked(self._shown[number])

    def _point_clicked(self, index: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._choose(index)
