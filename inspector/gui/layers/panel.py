"""A trace as a whole: the answer, the plot over depth, and beside it the table of the endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout

from inspector.core.reports.trace_report import trace_text
from inspector.core.trace import TraceCode
from inspector.core.wording import mode_text
from inspector.gui.causes.section import text_line
from inspector.gui.icons import icon
from inspector.gui.layers.depth_chart import DepthChart
from inspector.gui.layers.endpoints import MARK, PLACE, EndpointsTree, row_tip
from inspector.gui.model_details.tab import DetailsTab
from inspector.gui.views.widgets import tinted

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QTreeWidgetItem, QWidget

    from inspector.core.palette import Palette
    from inspector.core.trace import Trace
    from inspector.gui.layers.tracer import Layers

SHORT = 260
"""Under this height only the answer, the plot and the table are shown."""

LOOKS = {
    TraceCode.AGREE: "good",
    TraceCode.INPUT: "warning",
    TraceCode.DEPART: "bad",
    TraceCode.NOT_ALIGNED: "note",
}
"""The icon of every answer."""

ON_SAME_PIXELS = "Compare on identical pixels"
_TIP = (
    "Give both networks the same pixels (mode Identical pixels on both sides), so that every "
    "difference comes from the networks alone; Undo takes it back"
)
_ALREADY = "Both networks receive the same pixels already"


class LayersPanel(DetailsTab):
    """Shows a trace: the answer in a sentence, the difference over depth, every endpoint."""

    tree: EndpointsTree

    def __init__(self, palette: Palette) -> None:
        super().__init__(EndpointsTree(), "names and shapes", palette)
        self._trace: Trace | None = None
        self._icon = QLabel()
        self.summary = text_line()
        self.inputs = text_line()
        self.identical_button = QPushButton(ON_SAME_PIXELS)
        self.identical_button.setAutoDefault(False)
        self.alone_box = QCheckBox("Without a counterpart, too")
        self.alone_box.setToolTip("List the endpoints that only one of the networks has")
        self.chart = DepthChart()
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self._arrange()
        tinted(self.inputs, palette.muted)
        self._show_parts()
        self.alone_box.toggled.connect(self._fill)
        self.chart.point_clicked.connect(self._point_clicked)
        self.tree.currentItemChanged.connect(lambda item, _: self._mark_chosen(item))

    @property
    def trace(self) -> Trace | None:
        """What is on show."""
        return self._trace

    def show_layers(self, layers: Layers) -> None:
        """Show what is known."""
        already = layers.on_same_pixels
        self.identical_button.setEnabled(not already)
        self.identical_button.setToolTip(_ALREADY if already else _TIP)
        if layers.trace is not None:
            if layers.trace is not self._trace:
                self.set_trace(layers.trace)
            return
        self.clear()
        if layers.doing:
            self.show_progress(layers.doing)
        elif layers.error is not None:
            self.show_error(layers.error)
        elif layers.stopped:
            self.state.show_stopped()
        else:
            self.state.settle()

    def set_trace(self, trace: Trace) -> None:
        """Show a trace."""
        self._trace = trace
        self._fill()

    def clear(self) -> None:
        """Show nothing."""
        super().clear()
        self._trace = None
        self._show_parts()

    def choose_row(self, place: int) -> None:
        """Mark a row of the path in the table, and its point."""
        self.tree.choose(place)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        super().set_palette_scheme(palette)
        self.chart.dress(palette)
        tinted(self.inputs, palette.muted)
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the height to the plot where there is little."""
        super().resizeEvent(event)
        self._show_parts()

    def _arrange(self) -> None:
        self.beside.addWidget(self.alone_box)
        answer = QHBoxLayout()
        answer.setSpacing(8)
        answer.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        answer.addWidget(self.summary, 1)
        answer.addWidget(self.identical_button, 0, Qt.AlignmentFlag.AlignTop)
        self.above.addLayout(answer)
        self.above.addWidget(self.inputs)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(self.chart)
        self.parts.addWidget(self.tree)
        self.parts.setSizes([540, 400])
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.setContentsMargins(8, 6, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.parts, 1)
        column.addStretch(0)

    def _fill(self) -> None:
        """Draw everything from the trace."""
        trace = self._trace
        if trace is None:
            return
        self.chart.draw(trace.path, self._tip, self.palette_scheme)
        self.tree.fill(trace.path, self.alone_box.isChecked(), self.palette_scheme)
        self.summary.setText(trace.text)
        look = LOOKS[trace.path.code]
        self._icon.setPixmap(icon(look, self.palette_scheme).pixmap(QSize(22, 22)))
        self.inputs.setText(_inputs_text(trace))
        self.settle(trace_text(trace, everything=True))
        self._show_parts()
        if trace.path.departs is not None:
            self.choose_row(trace.path.departs)

    def _show_parts(self) -> None:
        """Show what there is something for, and has room."""
        trace = self._trace
        shown, roomy = trace is not None, self.height() >= SHORT
        wanted: dict[QWidget, bool] = dict.fromkeys(
            (self.parts, self.identical_button, self._icon, self.summary), shown
        )
        wanted |= dict.fromkeys(
            (self.search_field, self.copy_button, self.inputs, self.count), shown and roomy
        )
        for part, visible in wanted.items():
            part.setVisible(visible)
        self.chart.name_depth(roomy)
        alone = trace is not None and any(row.gap is None for row in trace.path.rows)
        self.alone_box.setVisible(alone and roomy)

    def _tip(self, place: int) -> str:
        return "" if self._trace is None else row_tip(self._trace.path.rows[place])

    def _point_clicked(self, point: int) -> None:
        place = self.chart.row_of(point)
        if place is not None:
            self.choose_row(place)

    def _mark_chosen(self, item: QTreeWidgetItem | None) -> None:
        place = None if item is None else item.data(MARK, PLACE)
        self.chart.mark_row(place, self.palette_scheme)


def _inputs_text(trace: Trace) -> str:
    result = trace.result
    left, right = (side.settings.mode for side in (result.left, result.right))
    first, second = mode_text(left), mode_text(right)
    modes = f"{first} on both sides" if left == right else f"{first} left, {second} right"
    return f"Of {result.picture.name}, {modes}; the output as centred logits or features."
