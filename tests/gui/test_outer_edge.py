from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication

from inspector.core.errors import PictureError
from inspector.gui.jobs import Jobs
from inspector.gui.outer_edge import CrashCatcher, SignalWatcher

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_an_uncaught_exception_becomes_a_sentence(qtbot: QtBot) -> None:
    before = sys.excepthook
    catcher = CrashCatcher()
    try:
        with qtbot.waitSignal(catcher.caught) as caught:
            sys.excepthook(ValueError, ValueError("seven"), None)
        assert caught.args is not None
        assert "ValueError: seven" in caught.args[0]
    finally:
        catcher.close()
    assert sys.excepthook == before


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_the_loop(qtbot: QtBot, number: signal.Signals) -> None:
    ended: list[bool] = []
    before = signal.getsignal(number)
    watcher = SignalWatcher(lambda: ended.append(True))
    try:
        os.kill(os.getpid(), number)
        qtbot.waitUntil(lambda: bool(ended))
    finally:
        watcher.close()
    assert signal.getsignal(number) is before


def test_a_job_comes_back_on_this_thread(qtbot: QtBot) -> None:
    from PySide6.QtCore import QThread

    jobs = Jobs()
    threads: list[object] = []
    jobs.run(
        QThread.currentThread, lambda worked: threads.extend([worked, QThread.currentThread()])
    )
    qtbot.waitUntil(lambda: not jobs.busy and bool(threads))
    app = QCoreApplication.instance()
    assert app is not None
    assert threads[1] is app.thread()
    assert threads[0] is not threads[1]
    jobs.close()


def test_a_failed_job_tells(qtbot: QtBot) -> None:
    jobs = Jobs()

    def fail() -> None:
        raise PictureError("No.", "Yes.")

    with qtbot.waitSignal(jobs.failed) as failed:
        jobs.run(fail, lambda _: None)
    assert failed.args is not None
    assert failed.args[0].message == "No."
    qtbot.waitUntil(lambda: not jobs.busy)
    jobs.close()
