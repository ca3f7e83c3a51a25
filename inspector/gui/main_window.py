"""The window's layout, and nothing else; :mod:`inspector.gui.binder` gives it life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QVBoxLayout, QWidget

from inspector.gui.actions import make_toolbar
from inspector.gui.drop_frame import DropFrame
from inspector.gui.drops import holds_something, invitation
from inspector.gui.message_bar import MessageBar
from inspector.gui.picture_panel import PicturePanel
from inspector.gui.plot_area import PlotArea
from inspector.gui.progress_strip import ProgressStrip
from inspector.gui.side_runs import SideRuns
from inspector.gui.stages_dock import StagesPanel
from inspector.gui.status_line import StatusLine
from inspector.gui.tab_order import next_stop
from inspector.gui.verdict_banner import VerdictBanner

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QCloseEvent,
        QDragEnterEvent,
        QDragLeaveEvent,
        QDropEvent,
        QResizeEvent,
        QShowEvent,
    )

    from inspector.core.palette import Palette
    from inspector.gui.settings import Settings

START_SIZE = QSize(1280, 800)
LEAST_SIZE = QSize(900, 600)
LEFT_SHARE = 0.297
LEAST_LEFT, MOST_LEFT = 340, 460
LEAST_PICTURE = 240
STAGES_HEIGHT = 502
SHORT_HEIGHT = 700
"""Under this height verdict and messages are kept to a few lines, so that the plots have room."""


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
        self.status = StatusLine(self.progress)
        self.setStatusBar(self.status)
        self.drop_frame = DropFrame(self)
        self._sized = self._restored = False
        self._left_share: float | None = None
        self._left_pressed = 0
        self.panel.view.setFocus()

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
        for part in (*parts, self.drop_frame):
            part.set_palette_scheme(palette)

    def set_pair_text(self, text: str) -> None:
        """Name the pair in the status line."""
        self.status.pair.setText(text)

    def set_timings_text(self, text: str) -> None:
        """Show the last comparison's timings in the status line."""
        self.status.timings.setText(text)

    def set_engine_text(self, text: str) -> None:
        """Show the engine's state in the status line."""
        self.status.engine.setText(text)

    @property
    def status_texts(self) -> tuple[str, str, str]:
        """Pair, timings and engine state as the status line shows them."""
        return (self.status.pair.text(), self.status.timings.text(), self.status.engine.text())

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
        for part in (self.banner, self.messages):
            part.set_short(self.height() < SHORT_HEIGHT)
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

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go on with the Tab key: through the toolbar, the picture, the verdict, the stages last.

        Where the system lets Tab reach text fields alone, its own order is kept.
        """
        hints = QGuiApplication.styleHints()
        if hints.tabFocusBehavior() != Qt.TabFocusBehavior.TabFocusAllControls:
            return super().focusNextPrevChild(forward)
        parts: tuple[QWidget, ...] = (
            *(self.toolbar, self.messages, self.panel, self.banner, self.runs, self.plots),
            *(self.stages_dock, self.status),
        )
        areas = [part for part in parts if not part.isWindow()]  # a dock may float
        stop = next_stop(areas, QApplication.focusWidget(), forward)
        if stop is None:
            return False
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stop.setFocus(reason)
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept whatever may hold a picture, and show that it can be dropped."""
        if holds_something(event.mimeData()) and event.source() is not self:
            event.acceptProposedAction()
            self.drop_frame.invite(invitation(event.mimeData()))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the sign away."""
        self.drop_frame.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what was dropped."""
        self.drop_frame.hide()
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


def _frame_style(palette: Palette) -> str:
    return (
        f"QToolBar {{ background: {palette.window}; border: none;"
        f" border-bottom: 1px solid {palette.grid}; padding: 3px; spacing: 2px; }}"
        " QToolBar QToolButton::menu-indicator { image: none; }"
        f" QMainWindow::separator {{ background: {palette.window}; width: 5px; height: 5px; }}"
        f" QStatusBar {{ border-top: 1px solid {palette.grid}; }}"
        " QStatusBar::item { border: none; }"
        f" QStatusBar QLabel {{ color: {palette.muted}; }}"
        f" QStatusBar #status_message {{ color: {palette.text}; }}"
    )
