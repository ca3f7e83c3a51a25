from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

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
    assert "at most 3e-06 apart" in dialog.said["Proof"].text()
    assert dialog.said["Note"].text() == "A note."
    assert dialog.said["Twin"].text() == str(tmp_path / "twin")
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
    dialog.cancel_button.click()
    assert worker.cancels == 1
    assert dialog.pages.currentIndex() == WISHES


def test_takes_other_colours(dialog: TwinDialog) -> None:
    dialog.problem.tell("Something.")
    dialog.set_palette_scheme(DARK)
    assert DARK.bad in dialog.problem.styleSheet()


def test_the_folder_of_what_was_made_is_shown(
    dialog: TwinDialog, worker: FakeTaskWorker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    dialog.model.set_model("keras-application:VGG16")
    dialog.next.click()
    worker.answer(made_twin(tmp_path))
    assert dialog.show_button.isVisible()
    dialog.show_button.click()
    assert opened == [str(tmp_path / "twin")]


def test_what_is_made_again_takes_the_place_of_the_first(
    dialog: TwinDialog, worker: FakeTaskWorker, tmp_path: Path
) -> None:
    dialog.model.set_model("keras-application:VGG16")
    for folder in (tmp_path / "one", tmp_path / "two"):
        dialog.next.click()
        worker.answer(made_twin(folder))
        assert dialog.said["Twin"].text() == str(folder / "twin")
        dialog.back.click()
    assert list(dialog.said) == ["Twin", "Pair of both", "Input", "Proof", "Note"]


def test_the_fields_are_equally_wide_and_none_is_clipped(dialog: TwinDialog) -> None:
    QApplication.processEvents()
    line, target = dialog.model.line, dialog.target
    assert dialog.range.width() == dialog.labels.width() == dialog.model.width()
    assert line.width() == target.width()
    for each in (line, target):
        assert each.fontMetrics().horizontalAdvance(each.placeholderText()) < each.width() - 12


def test_a_model_that_is_none_makes_no_twin(dialog: TwinDialog, worker: FakeTaskWorker) -> None:
    dialog.model.set_model("/nothing/here.keras")
    dialog.target.setText("/mine")
    assert not dialog.next.isEnabled()
    assert LIGHT.bad in dialog.model.said.styleSheet()
    dialog.set_palette_scheme(DARK)
    assert DARK.bad in dialog.model.said.styleSheet()
