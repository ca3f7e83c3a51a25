"""The dialog as the window opens it, follows it and closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings

from inspector.core.catalogue import STARTER, find_pair, shipped_pairs
from inspector.core.pairs import Side
from inspector.gui import worker as worker_module
from inspector.gui.model_details.dialog import ModelDetailsDialog
from inspector.gui.settings import Settings
from inspector.gui.window import Window
from tests.gui.fakes import FakeWorker
from tests.gui.pair_wizard.stand_ins import FakeTaskWorker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture
def own_worker(monkeypatch: pytest.MonkeyPatch) -> FakeTaskWorker:
    """Stand in for the engine process of the dialog's own."""
    made = FakeTaskWorker()
    monkeypatch.setattr(worker_module, "EngineWorker", lambda: made)
    return made


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Window]:
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    made = Window(qapp, FakeWorker(), settings, find_pair(shipped_pairs(), STARTER))
    qtbot.addWidget(made.frame)
    with qtbot.waitSignal(made.binder.plots_built, timeout=20_000):
        made.frame.show()
    yield made
    made.frame.close()


def dialog_of(window: Window) -> ModelDetailsDialog:
    [found] = window.frame.findChildren(ModelDetailsDialog)
    return found


def test_the_window_opens_follows_and_closes_it(
    window: Window, own_worker: FakeTaskWorker, qtbot: QtBot
) -> None:
    assert not own_worker.requests, "no process is started before it is needed"
    window.binder.deeds.beside.show_model_details()
    dialog = dialog_of(window)
    assert dialog.isVisible()
    assert own_worker.starts == 1
    window.binder.deeds.beside.show_model_details()
    assert dialog_of(window) is dialog
    other = next(pair for pair in shipped_pairs() if pair.id != STARTER)
    window.binder.deeds.choose_pair(other)
    assert dialog.pair == other
    with qtbot.waitSignal(dialog.destroyed):
        window.binder.deeds.beside.close()
    assert own_worker.closes == 1
    window.binder.deeds.set_mode(Side.LEFT, "own")
