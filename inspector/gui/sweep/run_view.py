"""Table and plots of one run, read from its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSplitter,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.sweep.classes import ClassesView, ConfusionView
from inspector.gui.sweep.filter_bar import FilterBar
from inspector.gui.sweep.lane import Lane
from inspector.gui.sweep.model import SHOWN, SweepModel
from inspector.gui.sweep.plots import CalibrationPlot, DistributionPlot, RankPlot
from inspector.gui.sweep.thumbnails import SIDE, Thumbnails
from inspector.sweep.filters import worst_first
from inspector.sweep.statistics import measure_run

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from inspector.core.palette import Palette
    from inspector.gui.sweep.lane import Reading
    from inspector.sweep.filters import RowFilter
    from inspector.sweep.rows import RunInfo, SweepProgress, SweepRow
    from inspector.sweep.statistics import RunStatistics

POLL_MS = 500
"""How often the run file is asked how far it is."""

REFRESH_MS = 2500
"""How often table and plots take in what was added, at most."""

THUMBNAILS_MS = 150
"""Small pictures that arrive within this time are drawn together: each drawing is of the table."""

LEAST_COLUMN = 82


class RunView(QWidget):
    """Shows a run file, also while it is being written.

    Parameters
    ----------
    path, info
        The run file, and what it is about.
    """

    compare_wanted = Signal(object)
    """SweepRow: the user wants to see this picture in the main window."""
    progressed = Signal(object)
    """SweepProgress, as the run file tells it."""
    summed = Signal(object)
    """RunStatistics."""
    failed = Signal(object)
    """InspectorError: the file cannot be read."""

    def __init__(self, path: Path, info: RunInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.info = info
        self._written = -1
        self._summed = -1
        self.table_lane = Lane(path, self)
        self.sums_lane = Lane(path, self)
        self.thumbnails = Thumbnails(self)
        self.model = SweepModel(self.table_lane, info.labels, self)
        self.model.set_thumbnails(self.thumbnails.image)
        self.filters = FilterBar(info.labels)
        self.table = _make_table(self.model)
        self.plots = QTabWidget()
        self.plots.setDocumentMode(True)
        self.views = self._make_views()
        self._lay_out()
        self._connect()
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self.look)
        self._refresh = QTimer(self, interval=REFRESH_MS)
        self._refresh.timeout.connect(self._take_in)
        self._paint_soon = QTimer(self, singleShot=True, interval=THUMBNAILS_MS)
        self._paint_soon.timeout.connect(self.table.viewport().update)
        self.thumbnails.ready.connect(self._note_thumbnail)
        self._poll.start()
        self._refresh.start()
        self.look()
        self.model.refresh()
        self.sums_lane.ask("sums", _sums)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        for part in (self.filters, self.model, *self.views):
            part.set_palette_scheme(palette)

    def look(self) -> None:
        """Ask the file how far the run is."""
        self.table_lane.ask("progress", _progress)

    def close_files(self) -> None:
        """Stop reading."""
        self._poll.stop()
        self._refresh.stop()
        self._paint_soon.stop()
        self.thumbnails.close()
        self.table_lane.close()
        self.sums_lane.close()

    def _make_views(self) -> tuple[Any, ...]:
        labels = self.info.labels
        named = (
            ("Distributions", DistributionPlot()),
            ("Confusion", ConfusionView(labels)),
            ("Classes", ClassesView(labels)),
            ("Ranks", RankPlot()),
            ("Calibration", CalibrationPlot()),
        )
        for title, view in named:
            self.plots.addTab(view, title)
        return tuple(view for _, view in named)

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.filters)
        column.addWidget(self.table, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self.plots)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([740, 520])
        split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)

    def _connect(self) -> None:
        self.filters.changed.connect(self._show_filter)
        self.filters.worst_wanted.connect(self._show_worst)
        for view in self.views:
            view.filter_wanted.connect(self.filters.set_filter)
        self.table.horizontalHeader().sortIndicatorChanged.connect(self.model.sort)
        self.table.doubleClicked.connect(self._open)
        self.table.activated.connect(self._open)
        self.model.rowsInserted.connect(self._tell_count)
        self.model.rowsRemoved.connect(self._tell_count)
        for lane in (self.table_lane, self.sums_lane):
            lane.answered.connect(self._on_answered)
            lane.failed.connect(self.failed)

    def _note_thumbnail(self) -> None:
        if not self._paint_soon.isActive():
            self._paint_soon.start()

    def _show_filter(self, row_filter: RowFilter) -> None:
        self.model.set_filter(row_filter)
        self.table.scrollToTop()

    def _show_worst(self, metric: str) -> None:
        order = worst_first(metric)
        place = next(place for place, column in enumerate(SHOWN) if column.id == order.column)
        down, up = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
        self.table.horizontalHeader().setSortIndicator(place, down if order.descending else up)
        self.table.scrollToTop()

    def _open(self, index: QModelIndex) -> None:
        row: SweepRow | None = self.model.row(index.row())
        if row is not None:
            self.compare_wanted.emit(row)

    def _take_in(self) -> None:
        """Bring table and plots up to date, where the last questions are answered."""
        if self._summed != self._written and self.sums_lane.is_idle:
            self.sums_lane.ask("sums", _sums)
            if self.table_lane.is_idle:
                self.model.refresh()

    def _on_answered(self, key: Hashable, answer: Any) -> None:
        if key == "progress":
            self._written = answer.done
            self._tell_count()
            self.progressed.emit(answer)
        elif key == "sums":
            self._summed = answer.answered + answer.errors
            for view in self.views:
                view.set_statistics(answer)
            self.summed.emit(answer)

    def _tell_count(self) -> None:
        self.filters.set_count(self.model.rowCount(), max(self._written, self.model.rowCount()))


def _make_table(model: SweepModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setAlternatingRowColors(True)
    table.setWordWrap(False)
    table.setIconSize(QSize(SIDE, SIDE))
    table.setAccessibleName("Pictures of the run")
    rows = table.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(SIDE + 6)
    header = table.horizontalHeader()
    header.setSectionsClickable(True)
    header.setSortIndicatorShown(True)
    header.setSortIndicatorClearable(True)
    header.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
    widths = {"path": 210, "left_class": 130, "right_class": 130, "error": 320}
    widths |= {"left_probability": 56, "right_probability": 60, "truth": 130}
    metrics = table.fontMetrics()
    for place, column in enumerate(SHOWN):
        wide = metrics.horizontalAdvance(column.title) + 34
        table.setColumnWidth(place, widths.get(column.id, max(wide, LEAST_COLUMN)))
    return table


def _progress(reading: Reading) -> SweepProgress:
    return reading.run.progress()


def _sums(reading: Reading) -> RunStatistics:
    return measure_run(reading.run, reading.is_closed)
