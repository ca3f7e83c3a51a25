"""Table and plots of one run, read from its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from inspector.gui.sweep.calibration_plot import CalibrationPlot
from inspector.gui.sweep.classes import ClassesView
from inspector.gui.sweep.confusion import ConfusionView
from inspector.gui.sweep.filter_bar import FilterBar
from inspector.gui.sweep.lane import Lane
from inspector.gui.sweep.model import SHOWN, SweepModel
from inspector.gui.sweep.plots import DistributionPlot, RankPlot
from inspector.gui.sweep.run_table import TRUTH, RunTable
from inspector.gui.sweep.thumbnails import Thumbnails
from inspector.sweep.filters import EVERY_ROW, worst_first
from inspector.sweep.later_truth import can_take_truth
from inspector.sweep.run_file import LIVE_STATES
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
    truth_wanted = Signal(str)
    """The user wants to give true classes: ``names``, ``folders``, or empty for a table."""
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
        self.table = RunTable(self.model)
        self.table.show_usual_columns(truth=bool(info.truth))
        self.filters = FilterBar(info.labels, self.table.columns_menu)
        self.plots = QTabWidget()
        self.plots.setDocumentMode(True)
        self.plots.setAccessibleName("Plots of the run")
        self.plots.tabBar().setAccessibleName("Plots of the run")
        self.calibration = CalibrationPlot()
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
        for part in (self.filters, self.model, self.table, *self.views):
            part.set_palette_scheme(palette)

    def set_info(self, info: RunInfo) -> None:
        """Take what the run is about now: its true classes were given; read everything anew."""
        self.info = info
        if info.truth:
            self.table.show_column(TRUTH)
        self.look()
        self.model.refresh()
        self.sums_lane.ask("sums", _sums)

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
            ("Calibration", self.calibration),
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
        split.setSizes([800, 460])
        split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)

    def _connect(self) -> None:
        self.filters.changed.connect(self._show_filter)
        self.filters.worst_wanted.connect(self._show_worst)
        for view in self.views:
            view.filter_wanted.connect(self.filters.set_filter)
        header = self.table.horizontalHeader()
        header.sortIndicatorChanged.connect(self.model.sort)
        header.sortIndicatorChanged.connect(lambda *_: self.filters.set_order(self.model.order))
        self.table.clear_wanted.connect(lambda: self.filters.set_filter(EVERY_ROW))
        self.calibration.truth_wanted.connect(self.truth_wanted)
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
        self.table.set_filtered(row_filter != EVERY_ROW)
        self.model.set_filter(row_filter)
        self.table.scrollToTop()

    def _show_worst(self, metric: str) -> None:
        """Sort by a measure, the worst first; an empty one gives the order of the list."""
        header = self.table.horizontalHeader()
        down, up = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
        if not metric:
            header.setSortIndicator(-1, down)
        else:
            order = worst_first(metric)
            place = next(place for place, column in enumerate(SHOWN) if column.id == order.column)
            header.setSortIndicator(place, down if order.descending else up)
            self.table.show_column(order.column)
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
            at_rest = answer.state not in LIVE_STATES
            self.calibration.set_offered(at_rest and can_take_truth(self.info))
            self._tell_count()
            self.progressed.emit(answer)
        elif key == "sums":
            self._summed = answer.answered + answer.errors
            for view in self.views:
                view.set_statistics(answer)
            self.summed.emit(answer)

    def _tell_count(self) -> None:
        self.filters.set_count(self.model.rowCount(), max(self._written, self.model.rowCount()))


def _progress(reading: Reading) -> SweepProgress:
    return reading.run.progress()


def _sums(reading: Reading) -> RunStatistics:
    return measure_run(reading.run, reading.is_closed)
