"""The window's layout, and nothing else; :mod:`inspector.gui.binder` gives it life."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDockWidget,
    QLabel,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.actions import make_toolbar
from inspector.gui.drops import holds_something
from inspector.gui.eliding import ElidingLabel
from inspector.gui.message_bar import MessageBar
from inspector.gui.picture_panel import PicturePanel
from inspector.gui.plot_area import PlotArea
from inspector.gui.progress_strip import ProgressStrip
from inspector.gui.side_runs import SideRuns
from inspector.gui.stages_dock import StagesPanel
from inspector.gui.verdict_banner import VerdictBanner

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent, QShowEvent

    from inspector.core.palette import Palette
    from inspector.gui.settings import Settings

START_SIZE = QSize(1280, 800)
LEAST_SIZE = QSize(900, 600)
LEFT_SHARE = 0.297
LEAST_LEFT, MOST_LEFT = 340, 460
LEAST_PICTURE = 240
STAGES_HEIGHT = 502
SHORT_HEIGHT = 700
"""Under this height the verdict is kept to two lines, so that the plots have room."""


class MainWindow(QMainWindow):
    """Picture and stages on the left; verdict, bars and plots on the right."""

    dropped = Signal(QMimeData)
    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Twin Inspector")
        self.setObjectName("main_window")
        self.setMinimumSize(LEAST_SIZE)
        self.resize(START_SIZE)
        self.setAcceptDrops(True)
        self.toolbar = make_toolbar(self)
        self.addToolBar(self.toolbar)
        self.messages = MessageBar()
        self.banner = VerdictBanner()
        self.runs = SideRuns()
        self.plots = PlotArea()
        self.panel = PicturePanel()
        self.stages = StagesPanel()
        self.progress = ProgressStrip()
        self._build_centre()
        self.picture_dock = self._dock("Picture", "picture_dock", self.panel)
        self.picture_dock.setTitleBarWidget(QWidget())  # its tabs say what it is
        self.picture_dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.stages_dock = self._dock("Stages", "stages_dock", self.stages)
        self.stages_dock.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetClosable
            | QDockWidget.DockWidgetFeature.DockWidgetMovable
            | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        self._build_status()
        self._sized = self._restored = False
        self._left_share: float | None = None
        self._left_pressed = 0
        self._order_tabs()

    def restore(self, settings: Settings) -> None:
        """Take over the layout of an earlier run, as far as it can be read."""
        self.restoreGeometry(settings.layout("geometry"))
        self._sized = self._restored = self.restoreState(settings.layout("window"))
        self.plots.rows.restoreState(settings.layout("rows"))
        self.plots.beneath.restoreState(settings.layout("beneath"))

    def store(self, settings: Settings) -> None:
        """Keep the layout for the next run."""
        settings.set_layout("geometry", self.saveGeometry())
        settings.set_layout("window", self.saveState())
        settings.set_layout("rows", self.plots.rows.saveState())
        settings.set_layout("beneath", self.plots.beneath.saveState())

    def set_palette_scheme(self, palette: Palette) -> None:
        """Give every part of the frame other colours."""
        # A style sheet brings back the colours of every widget inside, so it comes first.
        self.setStyleSheet(_frame_style(palette))
        parts = (self.messages, self.banner, self.runs, self.plots, self.panel, self.stages)
        for part in parts:
            part.set_palette_scheme(palette)

    def set_pair_text(self, text: str) -> None:
        """Name the pair in the status line."""
        self._pair_label.setText(text)

    def set_timings_text(self, text: str) -> None:
        """Show the last comparison's timings in the status line."""
        self._timings_label.setText(text)

    def set_engine_text(self, text: str) -> None:
        """Show the engine's state in the status line."""
        self._engine_label.setText(text)

    @property
    def status_texts(self) -> tuple[str, str, str]:
        """Pair, timings and engine state as the status line shows them."""
        return (self._pair_label.text(), self._timings_label.text(), self._engine_label.text())

    def showEvent(self, event: QShowEvent) -> None:
        """Share out the room at the first show, unless an earlier run's layout was restored."""
        super().showEvent(event)
        if not self._sized:
            self._sized = True
            self._default_sizes()
        elif self._restored:
            self._restored = False
            QTimer.singleShot(0, self, self._note_share)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the share of the left column, and the plots' room."""
        super().resizeEvent(event)
        self.banner.set_short(self.height() < SHORT_HEIGHT)
        if self._sized and event.oldSize().width() != self.width():
            QTimer.singleShot(0, self, self._keep_share)

    def event(self, event: QEvent) -> bool:
        """Note the share of the left column that the user drags its edge to."""
        if event.type() is QEvent.Type.MouseButtonPress:
            self._left_pressed = self.picture_dock.width()
        done = super().event(event)
        if event.type() is QEvent.Type.MouseButtonRelease:
            width = self.picture_dock.width()
            if width != self._left_pressed:
                self._left_share = width / self.width()
        return done

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept whatever may hold a picture."""
        if holds_something(event.mimeData()) and event.source() is not self:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what was dropped."""
        event.acceptProposedAction()
        self.dropped.emit(event.mimeData())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the window closes."""
        self.closing.emit()
        super().closeEvent(event)

    def _build_centre(self) -> None:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(4, 6, 8, 4)
        column.setSpacing(6)
        column.addWidget(self.messages)
        column.addWidget(self.banner)
        column.addWidget(self.runs)
        column.addWidget(self.plots, 1)
        self.setCentralWidget(centre)

    def _dock(self, title: str, name: str, content: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setWidget(content)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        return dock

    def _build_status(self) -> None:
        self._pair_label, self._timings_label = ElidingLabel(), QLabel()
        self._engine_label = QLabel("Engine starting")
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.addWidget(self.progress)
        self.progress.visibility_changed.connect(self._make_room)
        for label in (self._pair_label, self._timings_label, self._engine_label):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setContentsMargins(8, 0, 8, 0)
            bar.addPermanentWidget(label, 1 if label is self._pair_label else 0)

    def _make_room(self, progressing: bool) -> None:
        for label in (self._pair_label, self._timings_label):
            label.setHidden(progressing)

    def _default_sizes(self) -> None:
        docks = [self.picture_dock, self.stages_dock]
        self._keep_share()
        free = max(self.height() - STAGES_HEIGHT, LEAST_PICTURE)
        self.resizeDocks(docks, [free, STAGES_HEIGHT], Qt.Orientation.Vertical)

    def _keep_share(self) -> None:
        wanted = round(self.width() * (self._left_share or LEFT_SHARE))
        if self._left_share is None:
            wanted = min(max(wanted, LEAST_LEFT), MOST_LEFT)
        self.resizeDocks([self.picture_dock], [wanted], Qt.Orientation.Horizontal)

    def _note_share(self) -> None:
        self._left_share = self.picture_dock.width() / self.width()

    def _order_tabs(self) -> None:
        chain = [self.panel.tabs, self.panel.view, self.stages, self.banner.causes_button]
        for first, second in itertools.pairwise(chain):
            QWidget.setTabOrder(first, second)
        self.panel.view.setFocus()


def _frame_style(palette: Palette) -> str:
    return (
        f"QToolBar {{ background: {palette.window}; border: none;"
        f" border-bottom: 1px solid {palette.grid}; padding: 3px; spacing: 2px; }}"
        " QToolBar QToolButton::menu-indicator { image: none; }"
        f" QMainWindow::separator {{ background: {palette.window}; width: 5px; height: 5px; }}"
        f" QStatusBar {{ border-top: 1px solid {palette.grid}; }}"
        " QStatusBar::item { border: none; }"
        f" QStatusBar QLabel {{ color: {palette.muted}; }}"
    )
