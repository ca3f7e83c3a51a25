"""What the bars of classes and of dimensions share: two bar plots with common rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QWidget

from inspector.core.pairs import Side
from inspector.core.top import DEFAULT_TOP, MAX_TOP
from inspector.core.wording import mode_text
from inspector.gui.views.base import AnyResultWidget, R
from inspector.gui.views.rows_canvas import RowsCanvas
from inspector.gui.views.widgets import ElidedLabel

if TYPE_CHECKING:
    from inspector.gui.views.rows import Rows


class AnyBars(AnyResultWidget[R]):
    """Left's bars growing to the left, right's to the right, below a header with their number.

    A view overrides `_choose_rows` (what is on show, before anything is drawn), `_drawn_rows`,
    `_in_words` and `_order`.
    """

    per_top = 1
    """Rows that the number in the header counts for each top class of a side."""

    name, caption = "", ""
    count_name, count_tip = "", ""
    """Accessible name and tooltip of the number."""

    k_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.name, parent)
        self._canvas: RowsCanvas | None = None
        self._titles = {Side.LEFT: ElidedLabel(), Side.RIGHT: ElidedLabel(align_right=True)}
        self._spin = QSpinBox()
        self._spin.setRange(self.per_top, self.per_top * MAX_TOP)
        self._spin.setSingleStep(self.per_top)
        self._spin.setValue(self.per_top * DEFAULT_TOP)
        self._spin.setAccessibleName(self.count_name)
        self._spin.setToolTip(self.count_tip)
        self._spin.valueChanged.connect(self._count_edited)
        caption = QLabel(self.caption)
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
    def canvas(self) -> RowsCanvas | None:
        """The bars, or None before the first result was shown."""
        return self._canvas

    def set_k(self, k: int) -> None:
        """Show as many rows as belong to `k` top classes per side, 1 to 20."""
        self._spin.setValue(self.per_top * k)

    def title(self, side: Side) -> str:
        """Give the sub-header of a side."""
        return self._titles[side].text

    def _choose_rows(self, result: R) -> None:
        raise NotImplementedError

    def _drawn_rows(self, result: R) -> Rows:
        raise NotImplementedError

    def _in_words(self, result: R) -> str:
        raise NotImplementedError

    def _count_edited(self, count: int) -> None:
        self.k_changed.emit(max(1, count // self.per_top))
        self._touch()

    def _build(self) -> QWidget:
        self._canvas = RowsCanvas(self.accessibleName(), butterfly=True)
        self._canvas.row_clicked.connect(self._row_clicked)
        return self._canvas

    def _draw(self, result: R) -> None:
        canvas = self._canvas
        if canvas is None:
            return
        self._choose_rows(result)
        for side in Side:
            mode = mode_text(result.side(side).settings.mode)
            title = f"{result.pair.release(side).name} · {mode}"
            self._titles[side].set_text(title, getattr(self._palette, side.value))
        canvas.dress(self._palette)
        canvas.set_rows(self._drawn_rows(result))
        self.setAccessibleDescription(self._in_words(result))

    def _mark(self) -> None:
        if self._canvas is not None:
            self._canvas.select(self._marked_place())

    def _row_clicked(self, number: int) -> None:
        """Choose an entry; a row beyond them, as of the background class, takes only the keys."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        order = self._order()
        if number < len(order):
            self._choose(order[number])
