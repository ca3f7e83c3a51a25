"""The dialog with a stand-in for the engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from inspector.core.description import DescribeTask
from inspector.core.pairs import Side
from inspector.core.palette import LIGHT
from inspector.gui.model_details.dialog import ModelDetailsDialog
from inspector.gui.model_details.inquiries import Inquiries
from inspector.gui.pair_wizard.runner import TaskRunner
from inspector.session import Session
from tests.gui.model_details.made_up import make_description
from tests.gui.pair_wizard.stand_ins import FakeTaskWorker
from tests.support.results import make_result

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTreeWidgetItem
    from pytestqt.qtbot import QtBot

    from inspector.gui.model_details.table import RowsTree


@pytest.fixture
def worker() -> FakeTaskWorker:
    return FakeTaskWorker()


@pytest.fixture
def session() -> Session:
    return Session(make_result().pair)


@pytest.fixture
def dialog(qtbot: QtBot, worker: FakeTaskWorker, session: Session) -> ModelDetailsDialog:
    inquiries = Inquiries(TaskRunner(lambda: worker))
    made = ModelDetailsDialog(session.pair, LIGHT, inquiries)
    qtbot.addWidget(made)
    made.show()
    return made


def tasks(worker: FakeTaskWorker) -> list[object]:
    return [request.task for request in worker.requests]


def shown(tree: RowsTree) -> list[str]:
    """Give the names of the rows on show, those of folded groups left out."""
    found = []

    def visit(item: QTreeWidgetItem | None) -> None:
        if item is None or item.isHidden():
            return
        found.append(item.text(0))
        if item.isExpanded():
            for place in range(item.childCount()):
                visit(item.child(place))

    for place in range(tree.topLevelItemCount()):
        visit(tree.topLevelItem(place))
    return found


def test_both_sides_are_asked_one_after_the_other(
    dialog: ModelDetailsDialog, worker: FakeTaskWorker, session: Session
) -> None:
    assert tasks(worker) == [DescribeTask(session.pair.left)]
    left, right = dialog.sides[Side.LEFT], dialog.sides[Side.RIGHT]
    worker.tell("Opening it", 0.5)
    assert left.state.text == "Opening it …"
    assert "Waiting" in right.state.text
    worker.answer(make_description("the left one"))
    assert tasks(worker)[1:] == [DescribeTask(session.pair.right)]
    worker.answer(make_description("the right one", notes=("It is not trusted.",)))
    assert left.state.isHidden()
    assert "Overview" in shown(left.tree)
    assert left.title.text == session.pair.left.name
    assert right.notes.text() == "It is not trusted."
    assert left.notes.isHidden()
    assert worker.starts == 1
    assert len(worker.requests) == 2


def test_a_side_that_cannot_be_opened_says_why_and_can_be_tried_again(
    dialog: ModelDetailsDialog, worker: FakeTaskWorker, session: Session, qtbot: QtBot
) -> None:
    worker.fail("The file is broken.")
    left = dialog.sides[Side.LEFT]
    assert left.state.text == "The file is broken. Mend it."
    assert not left.copy_button.isEnabled()
    worker.answer(make_description())
    assert shown(dialog.sides[Side.RIGHT].tree)
    qtbot.mouseClick(left.state.again_button, Qt.MouseButton.LeftButton)
    assert tasks(worker)[-1] == DescribeTask(session.pair.left)
    worker.answer(make_description())
    assert left.state.isHidden()


def test_what_is_stopped_makes_room_for_the_next(
    dialog: ModelDetailsDialog, worker: FakeTaskWorker, session: Session, qtbot: QtBot
) -> None:
    left = dialog.sides[Side.LEFT]
    qtbot.mouseClick(left.state.stop_button, Qt.MouseButton.LeftButton)
    assert worker.cancels == 1
    assert tasks(worker)[-1] == DescribeTask(session.pair.right)
    worker.answer("too late", which=0)
    assert left.state.text == "It was stopped."
    worker.answer(make_description())
    assert dialog.sides[Side.RIGHT].state.isHidden()


def test_searching_unfolds_what_is_found(
    dialog: ModelDetailsDialog, worker: FakeTaskWorker
) -> None:
    worker.answer(make_description())
    tab = dialog.sides[Side.LEFT]
    whole = shown(tab.tree)
    assert "first" not in whole, "the layers are folded at first"
    tab.search_field.setText("conv2d first")
    assert shown(tab.tree) == ["Layers (1)", "first"]
    assert tab.count.text() == "1 row"
    tab.search_field.setText("/models/hub/saved_model")
    assert shown(tab.tree) == ["Files", "saved_model.pb"]
    tab.search_field.setText("constants")
    assert shown(tab.tree)[1:] == ["kernel"]
    tab.search_field.clear()
    assert shown(tab.tree) == whole


def test_copying(dialog: ModelDetailsDialog, worker: FakeTaskWorker, qtbot: QtBot) -> None:
    worker.answer(make_description())
    tab = dialog.sides[Side.LEFT]
    qtbot.mouseClick(tab.copy_button, Qt.MouseButton.LeftButton)
    assert "aside_4" in QGuiApplication.clipboard().text(), "what is folded is copied too"
    files = tab.tree.findItems("Files", Qt.MatchFlag.MatchExactly)[0]
    file = files.child(0)
    assert file is not None
    file.setSelected(True)
    qtbot.keyClick(tab.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "saved_model.pb\tgraph\t\t1.5 MB"


def test_another_pair_is_told_anew(
    dialog: ModelDetailsDialog, worker: FakeTaskWorker, session: Session
) -> None:
    for _ in Side:
        worker.answer(make_description())
    dialog.set_pair(session.pair)
    assert len(worker.requests) == 2, "the same pair is not asked again"
    pair = replace(session.pair, title="Other", left=session.pair.right)
    session.set_pair(pair)
    dialog.set_pair(session.pair)
    assert dialog.heading.text() == "Other"
    assert not shown(dialog.sides[Side.RIGHT].tree)
    for _ in Side:
        worker.answer(make_description())
    assert tasks(worker)[-2:] == [DescribeTask(pair.left), DescribeTask(pair.right)]
    assert shown(dialog.sides[Side.RIGHT].tree)


def test_closing_ends_the_engine_process(
    dialog: ModelDetailsDialog, worker: FakeTaskWorker
) -> None:
    dialog.close()
    assert worker.closes == 1
