from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings

from inspector.core.catalogue import default_pair
from inspector.engine.messages import Finished, TaskDone
from inspector.gui.settings import Settings
from inspector.gui.window import Window
from tests.gui.fakes import FakeWorker
from tests.gui.model_details.made_up import make_trace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture
def worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def window(
    qtbot: QtBot,
    qapp: QApplication,
    worker: FakeWorker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Window]:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))
    store = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    made = Window(qapp, worker, store, default_pair())
    qtbot.addWidget(made.frame)
    with qtbot.waitSignal(made.binder.plots_built, timeout=20000):
        made.frame.show()
    yield made
    made.frame.close()


def test_the_layers_are_traced_when_they_are_looked_at(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    plots = window.frame.plots
    window.open([])
    worker.answer()
    worker.explain()
    assert worker.tasks == []
    window.binder.actions.by_id["plot_tab_5"].trigger()
    qtbot.waitUntil(lambda: len(worker.tasks) == 1)
    trace = make_trace()
    worker.task_done.emit(TaskDone(worker.tasks[0].generation, trace))
    worker.finished.emit(Finished(worker.tasks[0].generation))
    assert plots.layers.panel.trace is trace
    plots.layers.panel.identical_button.click()
    assert (worker.requests[-1].left.mode, worker.requests[-1].right.mode) == ("identical",) * 2
    qtbot.waitUntil(lambda: plots.layers.is_stale)
    worker.answer()
    assert not plots.layers.is_stale
    assert plots.layers.panel.trace is None, "the other modes' layers are not left on show"
    window.controller.undo()
    assert worker.requests[-1].left.mode == "keras"
