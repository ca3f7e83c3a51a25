"""The plot over depth beside the table of the endpoints."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QVBoxLayout,
)

from inspector.gui.layers.depth_chart import DepthChart
from inspector.gui.layers.endpoints_tab import (
    COSINE,
    LARGEST,
    LEFT,
    MARK,
    PLACE,
    RELATIVE,
    RIGHT,
    SHAPE,
    EndpointsTab,
)
from inspector.gui.model_details.entries import shape_text

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QTreeWidgetItem, QWidget

    from inspector.core.palette import Palette
    from inspector.core.trace import TraceRow
    from inspector.gui.layers.tracer import Layers

_WIDTHS = {MARK: 30, RELATIVE: 86, LEFT: 134, RIGHT: 134, SHAPE: 104, COSINE: 80, LARGEST: 80}
"""Of the columns, in the order in which they stand here; beside the plot the first four fit."""

SHORT = 260
"""Under this height only the answer, the plot and the table are shown."""

MODE = "identical"
STOPPED = "It was stopped."
IDENTICAL = "Compare on identical pixels"
_TIP = (
    "Give both networks the same pixels (mode Identical pixels on both sides), so that every "
    "difference comes from the networks alone; Undo takes it back"
)
_ALREADY = "Both networks receive the same pixels already"


class LayersPanel(EndpointsTab):
    """Shows a trace: the answer in a sentence, the difference over depth, every endpoint."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(palette)
        self.identical_button = QPushButton(IDENTICAL)
        self.identical_button.setAutoDefault(False)
        self.answer.addWidget(self.identical_button, 0, Qt.AlignmentFlag.AlignTop)
        self.chart = DepthChart()
        self.parts = QSplitter(Qt.Orientation.Horizontal)
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
        self._show_parts(False)
        self._set_up_table()
        self.chart.point_clicked.connect(self._point_clicked)
        self.tree.currentItemChanged.connect(lambda item, _: self._mark_chosen(item))

    def show_layers(self, layers: Layers) -> None:
        """Show what is known."""
        already = {layers.task.left.mode, layers.task.right.mode} == {MODE}
        self.identical_button.setEnabled(not already)
        self.identical_button.setToolTip(_ALREADY if already else _TIP)
        if layers.trace is not None:
            if layers.trace is not self.trace:
                self._show_parts(True)
                self.set_trace(layers.trace)
            return
        self.clear()
        self._show_parts(False)
        if layers.doing:
            self.show_progress(layers.doing)
        elif layers.error is not None:
            self.show_error(layers.error)
        elif layers.stopped:
            self.state.show_end(STOPPED, "warning")
        else:
            self.state.settle()

    def choose_row(self, place: int) -> None:
        """Mark a row of the path in the table, and its point."""
        for number in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(number)
            if item is not None and item.data(MARK, PLACE) == place:
                self.tree.setCurrentItem(item)
                self.tree.scrollToItem(item, QAbstractItemView.ScrollHint.PositionAtCenter)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self.chart.dress(palette)
        super().set_palette_scheme(palette)

    def _fill(self) -> None:
        trace = self.trace
        if trace is None:
            return
        self.chart.draw(trace.path, self._tip, self.palette_scheme)
        super()._fill()
        self._show_parts(True)
        if trace.path.departs is not None:
            self.choose_row(trace.path.departs)

    def _tip(self, place: int) -> str:
        return "" if self.trace is None else row_tip(self.trace.path.rows[place])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the height to the plot where there is little."""
        super().resizeEvent(event)
        self._show_parts(self.trace is not None)

    def _show_parts(self, shown: bool) -> None:
        always: tuple[QWidget, ...] = (self.parts, self.identical_button)
        roomy: tuple[QWidget, ...]
        roomy = (self.search_field, self.copy_button, self.inputs, self.count)
        has_room = self.height() >= SHORT
        for part in always:
            part.setVisible(shown)
        for part in roomy:
            part.setVisible(shown and has_room)
        self.chart.name_depth(has_room)
        alone = self.trace is not None and any(row.gap is None for row in self.trace.path.rows)
        self.alone_box.setVisible(shown and has_room and alone)

    def _point_clicked(self, point: int) -> None:
        place = self.chart.row_of(point)
        if place is not None:
            self.choose_row(place)

    def _mark_chosen(self, item: QTreeWidgetItem | None) -> None:
        place = None if item is None else item.data(MARK, PLACE)
        self.chart.mark_row(place, self.palette_scheme)

    def _set_up_table(self) -> None:
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(1)
        for place, (column, width) in enumerate(_WIDTHS.items()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, width)
            header.moveSection(header.visualIndex(column), place)
        self.tree.setFrameShape(QTreeWidget.Shape.NoFrame)


def row_tip(row: TraceRow) -> str:
    """Give the tooltip of an endpoint's point, as rich text."""
    gap = row.gap
    if gap is None:
        return ""
    lines = [f"<b>{escape(row.name)}</b>"]
    either = row.left or row.right
    if either is not None:
        lines.append(shape_text(either.shape))
    lines.append(f"relative L2 {gap.relative_l2:.3g}, cosine {gap.cosine:.6f}")
    lines.append(f"largest |Δ| {gap.max_abs:.3g}, most in channel {gap.worst_channel}")
    return "<br>".join(lines)
