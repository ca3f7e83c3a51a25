"""Starts the window: engine first, so that its imports overlap with the window's own."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from inspector.core.pairs import PairSpec
    from inspector.core.picture import PictureSource
    from inspector.gui.settings import Settings
    from inspector.gui.worker_protocol import Worker

LOG = logging.getLogger("inspector.gui")
PROGRAM = "twin-inspector"


def run_window(pictures: list[PictureSource], pair: PairSpec | None, started: float) -> int:
    """Show the window and run it to its end.

    Parameters
    ----------
    pictures
        What to compare; the first at once, the others by the arrow keys. The shipped sample where
        there is none.
    pair
        The pair to use, or None for the one of the last run, else the default one.
    started
        ``time.perf_counter()`` at the start of the process, for the log's first-paint line.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    InspectorError
        Where Qt or a system library that it needs is missing.
    """
    from inspector.engine.client import EngineClient
    from inspector.figure.application import qt_import_error

    engine = EngineClient()
    try:
        from inspector.gui.worker import EngineWorker

        app = make_application()
    except ImportError as error:
        engine.close()
        raise qt_import_error(error) from error
    worker = EngineWorker(started=engine)
    worker.start()
    try:
        return _run(app, worker, pictures, pair, started)
    finally:
        worker.close()


def make_application() -> QApplication:
    """Give the application object with its names and icon."""
    from PySide6.QtWidgets import QApplication

    from inspector import __version__

    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    app.setOrganizationName(PROGRAM)
    app.setApplicationName(PROGRAM)
    app.setApplicationDisplayName("Twin Inspector")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName(PROGRAM)
    return app


def pair_to_use(wanted: PairSpec | None, settings: Settings) -> tuple[PairSpec, str]:
    """Give the pair to start with, and a sentence where the stored one cannot be had."""
    from inspector.core.catalogue import choose_pair, default_pair
    from inspector.core.errors import InspectorError

    if wanted is not None:
        return wanted, ""
    try:
        return choose_pair(settings.pair or None), ""
    except InspectorError as error:
        settings.pair = ""
        return default_pair(), f"The pair of the last run cannot be used: {error}"


def _run(
    app: QApplication,
    worker: Worker,
    pictures: list[PictureSource],
    pair: PairSpec | None,
    started: float,
) -> int:
    from PySide6.QtCore import QSettings, QTimer

    from inspector.gui.collector import GuiCollector
    from inspector.gui.icons import program_icon
    from inspector.gui.key_guard import KeyGuard
    from inspector.gui.outer_edge import CrashCatcher, SignalWatcher
    from inspector.gui.patient_store import PatientStore
    from inspector.gui.settings import Settings
    from inspector.gui.window import Window

    ini, user = QSettings.Format.IniFormat, QSettings.Scope.UserScope
    settings = Settings(PatientStore(ini, user, PROGRAM))
    app.setWindowIcon(program_icon())
    collector = GuiCollector()
    catcher = CrashCatcher()
    window = Window(app, worker, settings, *pair_to_use(pair, settings))
    catcher.caught.connect(window.binder.notices.tell_fault)
    signals = SignalWatcher(window.frame.close)
    guard = KeyGuard(app)
    window.first_painted.connect(
        lambda: LOG.info("first paint after %.3f s", time.perf_counter() - started)
    )
    window.binder.plots_built.connect(collector.leave_alone)
    window.open(pictures)
    QTimer.singleShot(0, window.frame, window.frame.show)
    try:
        return app.exec()
    finally:
        app.removeEventFilter(guard)
        signals.close()
        collector.close()
        catcher.close()
