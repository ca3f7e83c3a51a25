"""The table of the endpoints: where inside both networks the picture's way parts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel

from inspector.core.reports.trace_report import trace_text
from inspector.core.trace import NOISE, TraceCode
from inspector.core.wording import mode_text
from inspector.gui.causes.section import text_line
from inspector.gui.icons import icon
from inspector.gui.model_details.entries import shape_text
from inspector.gui.model_details.tab import DetailsTab
from inspector.gui.model_details.table import RowsTree
from inspector.gui.views.widgets import tinted

if TYPE_CHECKING:
    from inspector.core.palette import Palette
    from inspector.core.trace import Trace, TraceRow

COLUMNS = ("", "Left", "Right", "Shape", "Relative L2", "Cosine", "Max |Δ|")
MARK, LEFT, RIGHT, SHAPE, RELATIVE, COSINE, LARGEST = range(len(COLUMNS))
_WIDTHS = (34, 0, 0, 120, 95, 95, 95)
PLACE = Qt.ItemDataRole.UserRole + 1
"""Role of an item's first column: the number of its row in the path."""
NOTHING = "–"
AGREES, PARTS, DIFFERS, ALONE = "=", "→", "≠", "·"
"""The marks of the rows."""

_TIPS = {
    AGREES: "The two agree, but for float noise",
    PARTS: "Here the two part: no endpoint after it agrees any more",
    DIFFERS: "The two differ",
    ALONE: "The other side has no counterpart",
}
LOOKS = {
    TraceCode.AGREE: "good",
    TraceCode.INPUT: "warning",
    TraceCode.DEPART: "bad",
    TraceCode.NOT_ALIGNED: "note",
}
"""The icon of every answer."""


class EndpointsTab(DetailsTab):
    """Shows a trace: the answer in a sentence, then both sides' endpoints by depth."""

    def __init__(self, palette: Palette) -> None:
        tree = RowsTree(COLUMNS, numbers=(RELATIVE, COSINE, LARGEST))
        tree.set_widths(_WIDTHS, stretching=(LEFT, RIGHT))
        tree.setRootIsDecorated(False)
        tree.setTextElideMode(Qt.TextElideMode.ElideLeft)
        tree.setAccessibleName("Endpoints of both networks")
        tree.headerItem().setToolTip(
            RELATIVE,
            f"Length of the difference over the larger length; up to {NOISE:g} is float noise",
        )
        tree.headerItem().setToolTip(LARGEST, "The largest absolute difference of two numbers")
        super().__init__(tree, "names and shapes", palette)
        self._trace: Trace | None = None
        self._icon = QLabel()
        self.summary = text_line()
        self.inputs = text_line()
        self.alone_box = QCheckBox("Without a counterpart, too")
        self.alone_box.setToolTip("List the endpoints that only one of the networks has")
        self.alone_box.toggled.connect(self._fill)
        self.beside.addWidget(self.alone_box)
        self.answer = QHBoxLayout()
        self.answer.setSpacing(8)
        self.answer.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self.answer.addWidget(self.summary, 1)
        self.above.addLayout(self.answer)
        self.above.addWidget(self.inputs)
        tinted(self.inputs, palette.muted)
        self.clear()

    @property
    def trace(self) -> Trace | None:
        """What is on show."""
        return self._trace

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        super().set_palette_scheme(palette)
        tinted(self.inputs, palette.muted)
        if self._trace is not None:
            self._fill()

    def set_trace(self, trace: Trace) -> None:
        """Show a trace."""
        self._trace = trace
        self._fill()

    def clear(self) -> None:
        """Show nothing."""
        super().clear()
        self._trace = None
        for part in (self._icon, self.summary, self.inputs, self.alone_box):
            part.hide()

    def _fill(self) -> None:
        trace = self._trace
        if trace is None:
            return
        self.tree.clear()
        for place, row in enumerate(trace.path.rows):
            if row.gap is not None or self.alone_box.isChecked():
                self._add(place, row, place == trace.path.departs)
        self.summary.setText(trace.text)
        look = LOOKS[trace.path.code]
        self._icon.setPixmap(icon(look, self.palette_scheme).pixmap(QSize(22, 22)))
        self.inputs.setText(_inputs_text(trace))
        for part in (self._icon, self.summary, self.inputs):
            part.show()
        alone = sum(row.gap is None for row in trace.path.rows)
        self.alone_box.setVisible(alone > 0)
        self.settle(trace_text(trace, everything=True))

    def _add(self, place: int, row: TraceRow, parts: bool) -> None:
        mark = mark_of(row, parts)
        item = self.tree.add(row_cells(row, mark))
        item.setData(MARK, PLACE, place)
        item.setToolTip(MARK, _TIPS[mark])
        item.setTextAlignment(MARK, Qt.AlignmentFlag.AlignCenter)
        if mark == ALONE:
            for column in range(len(COLUMNS)):
                item.setForeground(column, QBrush(QColor(self.palette_scheme.muted)))
        if parts:
            font = item.font(LEFT)
            font.setBold(True)
            for column in range(len(COLUMNS)):
                item.setFont(column, font)
                item.setBackground(column, QBrush(QColor(self.palette_scheme.warning)))
            self.tree.scrollToItem(item)


def mark_of(row: TraceRow, parts: bool) -> str:
    """Give the mark of a row; `parts` where the two networks part there."""
    if parts:
        return PARTS
    if row.gap is None:
        return ALONE
    return AGREES if row.agrees else DIFFERS


def row_cells(row: TraceRow, mark: str) -> tuple[str, ...]:
    """Give the texts of a row."""
    either = row.left or row.right
    shape = "" if either is None else shape_text(either.shape)
    names = (end.name if end is not None else NOTHING for end in (row.left, row.right))
    gap = row.gap
    if gap is None:
        return (mark, *names, shape, "", "", "")
    return (
        mark,
        *names,
        shape,
        _number(gap.relative_l2, ".2g"),
        _number(gap.cosine, ".6f"),
        _number(gap.max_abs, ".2g"),
    )


def _number(value: float, form: str) -> str:
    if not math.isfinite(value):
        return "not finite"
    return "0" if value == 0.0 else format(value, form)


def _inputs_text(trace: Trace) -> str:
    result = trace.result
    left, right = (side.settings.mode for side in (result.left, result.right))
    first, second = mode_text(left), mode_text(right)
    modes = f"{first} on both sides" if left == right else f"{first} left, {second} right"
    return f"Of {result.picture.name}, {modes}; the output as centred logits or features."
