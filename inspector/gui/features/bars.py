"""The dimensions that differ most, as two bar plots that share their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QWidget

from inspector.core.modes import MODE_IDS, find_mode
from inspector.core.numbers import difference_text, score_text
from inspector.core.ordering import largest_differences
from inspector.core.pairs import Side
from inspector.core.scales import bar_range
from inspector.core.top import MAX_TOP
from inspector.gui.features.tips import dimension_tip
from inspector.gui.views.axes import Ticks
from inspector.gui.views.base import FeatureWidget
from inspector.gui.views.rows import BarColumn, Rows
from inspector.gui.views.rows_canvas import RowsCanvas
from inspector.gui.views.widgets import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.core.features.result import FeatureResult

DEFAULT_TOP = 5
PER_TOP = 2
"""Rows for each class that the bars of classes would show on a side: as many as those have."""


class FeatureBarsView(FeatureWidget):
    """Left's number growing to the left, right's to the right, on one scale.

    Between them stand the dimension and left minus right.
    """

    k_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Dimensions that differ most", parent)
        self._shown: tuple[int, ...] = ()
        self._canvas: RowsCanvas | None = None
        self._titles = {Side.LEFT: ElidedLabel(), Side.RIGHT: ElidedLabel(align_right=True)}
        self._spin = QSpinBox()
        self._spin.setRange(PER_TOP, PER_TOP * MAX_TOP)
        self._spin.setSingleStep(PER_TOP)
        self._spin.setValue(PER_TOP * DEFAULT_TOP)
        self._spin.setAccessibleName("Number of dimensions")
        self._spin.setToolTip("How many dimensions are shown, the largest difference first")
        self._spin.valueChanged.connect(self._count_edited)
        caption = QLabel("Most &apart")
        caption.setBuddy(self._spin)
        middle = QHBoxLayout()
        middle.setSpacing(4)
        middle.addWidget(caption)
        middle.addWidget(self._spin)
        self._header.setContentsMargins(6, 2, 6, 0)
        self._header.setSpacing(12)
        self._header.addWidget(self._titles[Side.LEFT], 1)
        self._header.addLayout(middle)
        self._header.addWidget(self._titles[Side.RIGHT], 1)

    @property
    def shown_dimensions(self) -> tuple[int, ...]:
        """The dimensions on show, the largest difference first."""
        return self._shown

    @property
    def canvas(self) -> RowsCanvas | None:
        """The bars, or None before the first result was shown."""
        return self._canvas

    def set_k(self, k: int) -> None:
        """Show as many rows as the bars of classes have for `k` classes of each side."""
        self._spin.setValue(PER_TOP * k)

    def title(self, side: Side) -> str:
        """Give the sub-header of a side."""
        return self._titles[side].text

    def _count_edited(self, count: int) -> None:
        self.k_changed.emit(max(1, count // PER_TOP))
        self._touch()

    def _build(self) -> QWidget:
        self._canvas = RowsCanvas(self.accessibleName(), butterfly=True)
        self._canvas.row_clicked.connect(self._row_clicked)
        return self._canvas

    def _draw(self, result: FeatureResult) -> None:
        canvas = self._canvas
        if canvas is None:
            return
        difference = result.comparison.difference
        self._shown = largest_differences(difference, self._spin.value())
        for side in Side:
            self._titles[side].set_text(_title(result, side), getattr(self._palette, side.value))
        canvas.dress(self._palette)
        canvas.set_rows(self._rows(result))
        words = (f"dimension {i}: {difference_text(float(difference[i]))}" for i in self._shown)
        self.setAccessibleDescription("; ".join(words))

    def _rows(self, result: FeatureResult) -> Rows:
        comparison = result.comparison
        chosen = list(self._shown)
        rows = {Side.LEFT: comparison.left[chosen], Side.RIGHT: comparison.right[chosen]}
        limits = bar_range(np.concatenate(list(rows.values())))
        columns = tuple(
            BarColumn(
                values=values,
                texts=tuple(score_text(float(value), probability=False) for value in values),
                colours=(getattr(self._palette, side.value),) * values.size,
                limits=limits,
                ticks=Ticks.NUMBERS,
            )
            for side, values in rows.items()
        )
        return Rows(
            labels=tuple(str(index) for index in chosen),
            marks=tuple(difference_text(float(comparison.difference[i])) for i in chosen),
            tips=tuple(dimension_tip(result, index) for index in chosen),
            columns=columns,
        )

    def _mark(self) -> None:
        if self._canvas is not None:
            chosen = self.valid_selection()
            found = chosen is not None and chosen in self._shown
            self._canvas.select(self._shown.index(chosen) if chosen is not None and found else None)

    def _order(self) -> Sequence[int]:
        return self._shown

    def _row_clicked(self, number: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._choose(self._shown[number])


def _title(result: FeatureResult, side: Side) -> str:
    mode = result.side(side).settings.mode
    shown = find_mode(mode).title if mode in MODE_IDS else mode
    return f"{result.pair.release(side).name} · {shown}"
