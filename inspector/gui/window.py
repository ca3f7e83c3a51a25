"""Puts session, controller, frame and binder together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from inspector.gui.binder import WindowBinder
from inspector.gui.controller import Controller
from inspector.gui.layers.tracer import Tracer
from inspector.gui.layers.wiring import connect_layers
from inspector.gui.main_window import MainWindow
from inspector.gui.opener import read_preview
from inspector.gui.samples import first_sample
from inspector.gui.scheme import SchemeKeeper
from inspector.session import Session

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from inspector.core.pairs import PairSpec
    from inspector.core.picture import PictureSource
    from inspector.gui.settings import Settings
    from inspector.gui.worker_protocol import Worker


class Window(QObject):
    """The whole window, ready to be shown.

    Parameters
    ----------
    app
        The application.
    worker
        Speaks with the engine; started and closed by the caller.
    settings
        What an earlier run left.
    pair
        The pair to begin with.
    note
        A sentence to show at once; may be empty.
    """

    first_painted = Signal()

    def __init__(
        self, app: QApplication, worker: Worker, settings: Settings, pair: PairSpec, note: str = ""
    ) -> None:
        super().__init__()
        self._painted = False
        session = Session(pair)
        session.restore_choices(settings.choices)
        self.controller = Controller(session, worker, self)
        self.scheme = SchemeKeeper(app, settings.scheme, self)
        self.frame = MainWindow()
        self.frame.restore(settings)
        self.binder = WindowBinder(self.frame, self.controller, settings, self.scheme)
        self.tracer = Tracer(session, worker, self.controller.explainer, self)
        connect_layers(self.frame.plots.layers, self.tracer, self.controller)
        self.frame.closing.connect(self.binder.close)
        self.frame.installEventFilter(self)
        if note:
            self.binder.notices.tell_note(note)

    def open(self, pictures: list[PictureSource]) -> None:
        """Compare the first picture at once; without one, the shipped sample."""
        source = pictures[0] if pictures else first_sample()
        if not pictures and source.path is not None:
            self.frame.panel.set_preview(read_preview(source.path), source.name)
        paths = tuple(picture.path for picture in pictures if picture.path is not None)
        if len(paths) > 1:
            self.binder.opener.open_paths(paths)
        else:
            self.binder.opener.open_source(source)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin to build the plots right after the first paint."""
        if not self._painted and watched is self.frame and event.type() is QEvent.Type.Paint:
            self._painted = True
            QTimer.singleShot(0, self, self._after_first_paint)
        return super().eventFilter(watched, event)

    def _after_first_paint(self) -> None:
        self.first_painted.emit()
        self.binder.build_plots()
