from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.input_range import LEVELS
from inspector.core.palette import DARK, LIGHT
from inspector.core.twin import Parity, Published, PublishTask
from inspector.gui.pair_wizard.runner import TaskRunner
from inspector.gui.twin_dialog import MADE, PROGRESS, WISHES, TwinDialog
from tests.gui.pair_wizard.stand_ins import FakeTaskWorker
from tests.support.proposals import make_proposal, make_side

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def worker() -> FakeTaskWorker:
    return FakeTaskWorker()


@pytest.fixture
def dialog(qtbot: QtBot, worker: FakeTaskWorker, tmp_path: Path) -> TwinDialog:
    made = TwinDialog(str(tmp_path), LIGHT, TaskRunner(lambda: worker))
    qtbot.addWidget(made)
    made.show()
    return made


def made_twin(folder: Path) -> Published:
    return Published(
        folder / "twin",
        folder / "twin.toml",
        make_proposal().to_pair(),
        make_side().range,
        Parity(3e-6, 8.0, 7),
        ("A note.",),
    )


def test_a_folder_is_proposed_until_one_is_typed(dialog: TwinDialog, tmp_path: Path) -> None:
    assert not dialog.next.isEnabled()
    dialog.model.set_model("keras-application:VGG16")
    assert dialog.target.text() == str(tmp_path / "vgg16_twin")
    assert dialog.next.isEnabled()
    dialog.target.setText("/mine")
    dialog.target.setModified(True)
    dialog.model.set_model("keras-application:ResNet50")
    assert dialog.target.text() == "/mine"


def test_asks_for_what_the_fields_say(
    dialog: TwinDialog, worker: FakeTaskWorker, tmp_path: Path
) -> None:
    dialog.model.set_model("keras-application:VGG16")
    dialog.range.setCurrentIndex(3)
    dialog.background.setChecked(True)
    dialog.labels.set_labels("imagenet")
    dialog.next.click()
    assert dialog.pages.currentIndex() == PROGRESS
    task = worker.requests[0].task
    assert task == PublishTask(
        task.source, tmp_path / "vgg16_twin", LEVELS, background=True, labels="imagenet"
    )


def test_shows_what_was_proven_and_hands_the_pair_on(
    qtbot: QtBot, dialog: TwinDialog, worker: FakeTaskWorker, tmp_path: Path
) -> None:
    dialog.model.set_model("keras-application:VGG16")
    dialog.next.click()
    worker.answer(made_twin(tmp_path))
    assert dialog.pages.currentIndex() == MADE
    assert "at most 3e-06 apart" in dialog.said.text()
    assert "A note." in dialog.said.text()
    with qtbot.waitSignal(dialog.opened) as opened:
        dialog.next.click()
    assert opened.args == [str(tmp_path / "twin.toml")]
    assert worker.closes == 1


def test_errors_and_cancel_go_back(dialog: TwinDialog, worker: FakeTaskWorker) -> None:
    dialog.model.set_model("keras-application:VGG16")
    dialog.next.click()
    worker.fail()
    assert dialog.pages.currentIndex() == WISHES
    assert dialog.problem.text() == "It is broken. Mend it."
    dialog.next.click()
    assert dialog.problem.isHidden()
    dialog.back.click()
    assert worker.cancels == 1
    assert dialog.pages.currentIndex() == WISHES


def test_takes_other_colours(dialog: TwinDialog) -> None:
    dialog.problem.tell("Something.")
    dialog.set_palette_scheme(DARK)
    assert DARK.bad in dialog.problem.styleSheet()
