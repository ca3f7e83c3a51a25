"""The runner with a real engine process, and how the window opens the dialogs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from inspector.core.proposing import PairProposal, ProposeTask
from inspector.core.sources import Source, SourceKind
from inspector.gui.pair_wizard.desk import PairDesk
from inspector.gui.pair_wizard.runner import TaskRunner
from inspector.gui.scheme import SchemeKeeper
from inspector.gui.settings import Settings
from tests.gui.pair_wizard.stand_ins import FakeTaskWorker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

WAIT_MS = 90_000
APPLICATION = Source(
    SourceKind.KERAS_APPLICATION,
    "MobileNetV2",
    (("alpha", "0.35"), ("size", "32"), ("weights", "none"), ("classes", "5")),
)


@pytest.fixture
def runner() -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    made.close()


def test_a_proposal_comes_out_of_an_engine_process(runner: TaskRunner, qtbot: QtBot) -> None:
    texts: list[str] = []
    runner.progressed.connect(lambda text, _: texts.append(text))
    with qtbot.waitSignal(runner.done, timeout=WAIT_MS) as done:
        runner.run(ProposeTask(APPLICATION))
    assert done.args is not None
    found = done.args[0]
    assert isinstance(found, PairProposal)
    assert found.left.outputs == 5
    assert any(text.startswith("Trying") for text in texts)
    assert not runner.is_busy
    broken = Source(SourceKind.KERAS_FILE, "/nothing/here.keras")
    with qtbot.waitSignal(runner.failed, timeout=WAIT_MS) as failed:
        runner.run(ProposeTask(broken))
    assert failed.args is not None
    assert "is not there" in str(failed.args[0])


def test_the_newest_task_alone_is_heard() -> None:
    worker = FakeTaskWorker()
    runner = TaskRunner(lambda: worker)
    heard: list[object] = []
    runner.done.connect(heard.append)
    runner.run("first")
    runner.run("second")
    worker.answer("old", which=0)
    worker.answer("new")
    assert heard == ["new"]
    assert worker.starts == 1


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> PairDesk:
    window = QWidget()
    qtbot.addWidget(window)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    made = PairDesk(window, settings, SchemeKeeper(app, "light", window))
    window.setProperty("desk", made)
    return made


def test_each_dialog_is_open_once_and_no_process_starts_with_it(desk: PairDesk) -> None:
    desk.new_pair()
    first = desk.wizard
    desk.new_pair()
    assert desk.wizard is first
    desk.make_twin()
    assert first is not None
    assert desk.twin is not None
    assert not first.runner.is_busy
    desk.close()
    assert desk.wizard is None
    assert desk.twin is None


def test_pair_files_are_handed_on(desk: PairDesk, qtbot: QtBot) -> None:
    desk.new_pair()
    assert desk.wizard is not None
    with qtbot.waitSignal(desk.pair_file_made) as made:
        desk.wizard.saved.emit("/a.toml")
    assert made.args == ["/a.toml"]
    desk.make_twin()
    assert desk.twin is not None
    with qtbot.waitSignal(desk.pair_file_made) as made:
        desk.twin.opened.emit("/b.toml")
    assert made.args == ["/b.toml"]
    desk.close()
