"""Training mode and auxiliary heads on their way through the controller."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.auxiliary import AuxiliaryHead
from inspector.core.errors import ReleaseError
from inspector.core.pairs import Side
from inspector.core.picture import PictureSource
from inspector.core.training import Training
from inspector.gui.controller import Controller
from inspector.session import Choices, Session, SideChoice
from tests.gui.fakes import FakeWorker
from tests.support.results import PAIR

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

PICTURE = PictureSource("photo.jpg", "/photos/photo.jpg")
REFUSED = ReleaseError("It was published for inference only.", "Switch training mode off.")


@pytest.fixture
def worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def controller(qtbot: QtBot, worker: FakeWorker) -> Controller:
    return Controller(Session(PAIR), worker)


def test_a_switch_asks_anew(controller: Controller, worker: FakeWorker) -> None:
    controller.set_picture(PICTURE)
    controller.set_training(Side.LEFT, Training(seed=2))
    controller.set_auxiliary(Side.RIGHT, AuxiliaryHead())
    assert worker.requests[-1].left.training == Training(seed=2)
    assert worker.requests[-1].right.auxiliary == AuxiliaryHead()
    controller.undo()
    assert worker.requests[-1].right.auxiliary is None


def test_a_release_that_refuses_leaves_the_switch_off(
    controller: Controller, worker: FakeWorker, qtbot: QtBot
) -> None:
    controller.set_picture(PICTURE)
    worker.answer()
    controller.set_training(Side.LEFT, Training())
    with qtbot.waitSignal(controller.failed):
        worker.fail(error=REFUSED)
    assert controller.session.choices.left.training is None


def test_choices_of_an_earlier_start_are_not_in_the_way(
    controller: Controller, worker: FakeWorker, qtbot: QtBot
) -> None:
    left = SideChoice("bgr", training=Training(), auxiliary=AuxiliaryHead())
    controller.session.restore_choices(Choices(left))
    controller.set_picture(PICTURE)
    with qtbot.waitSignal(controller.failed):
        worker.fail(error=REFUSED)
    assert len(worker.requests) == 2
    assert worker.requests[-1].left.training is None
    assert worker.requests[-1].left.auxiliary is None
    assert worker.requests[-1].left.mode == "bgr"
    worker.fail(error=REFUSED)
    assert len(worker.requests) == 2, "what still fails is not asked for again and again"
