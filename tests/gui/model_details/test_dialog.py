"""The dialog with a stand-in for the engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication

from inspector.core.description import DescribeTask
from inspector.core.pairs import Side
from inspector.core.palette import DARK, LIGHT
from inspector.core.picture import PictureSource
from inspector.core.trace import TraceTask
from inspector.gui.model_details.dialog import ModelDetailsDialog, Subject
from inspector.gui.model_details.endpoints_tab import NO_PICTURE
from inspector.gui.model_details.inquiries import Inquiries
from inspector.gui.pair_wizard.runner import TaskRunner
from inspector.session import Session
from tests.gui.model_details.made_up import make_description, make_trace
from tests.gui.pair_wizard.stand_ins import FakeTaskWorker
from tests.support.results import make_result

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTreeWidgetItem
    from pytestqt.qtbot import QtBot

    from inspector.gui.model_details.table import RowsTree

ENDPOINTS = 2


@pytest.fixture
def worker() -> FakeTaskWorker:
    return FakeTaskWorker()


@pytest.fixture
def session() -> Session:
    made = Session(make_result().pair)
    made.set_picture(PictureSource("ball.jpg", "/p/ball.jpg"))
    return made


@pytest.fixture
def dialog(qtbot: QtBot, worker: FakeTaskWorker, session: Session) -> ModelDetailsDialog:
    inquiries = Inquiries(TaskRunner(lambda: worker))
    made = ModelDetailsDialog(Subject.of(session), LIGHT, inquiries)
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
    assert len(worker.requests) == 2, "no trace is made before anybody looks at it"


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


def traced(dialog: ModelDetailsDialog, worker: FakeTaskWorker, parting: bool = True) -> RowsTree:
    for _ in Side:
        worker.answer(make_description())
    dialog.tabs.setCurrentIndex(ENDPOINTS)
    worker.answer(make_trace(parting))
    return dialog.endpoints.tree


def test_the_trace_is_of_the_picture_and_modes_in_use(
    dialog: ModelDetailsDialog, worker: FakeTaskWorker, session: Session
) -> None:
    traced(dialog, worker)
    assert session.picture is not None
    left, right = (session.settings(side) for side in Side)
    assert tasks(worker)[-1] == TraceTask(session.picture, session.pair, left, right)
    count = len(worker.requests)
    dialog.tabs.setCurrentIndex(0)
    dialog.tabs.setCurrentIndex(ENDPOINTS)
    assert len(worker.requests) == count, "what was traced is not traced again"
    session.set_pair_mode("identical")
    dialog.set_subject(Subject.of(session))
    task = tasks(worker)[-1]
    assert isinstance(task, TraceTask)
    assert task.left.mode == "identical"
    assert dialog.endpoints.trace is None, "the old one is not left on show"


def test_a_change_behind_another_tab_is_traced_when_it_is_looked_at(
    dialog: ModelDetailsDialog, worker: FakeTaskWorker, session: Session
) -> None:
    traced(dialog, worker)
    dialog.tabs.setCurrentIndex(0)
    count = len(worker.requests)
    session.set_picture(PictureSource("other.jpg", "/p/other.jpg"))
    dialog.set_subject(Subject.of(session))
    assert len(worker.requests) == count
    dialog.tabs.setCurrentIndex(ENDPOINTS)
    task = tasks(worker)[-1]
    assert isinstance(task, TraceTask)
    assert task.picture.name == "other.jpg"


def test_where_the_networks_part_is_marked(
    dialog: ModelDetailsDialog, worker: FakeTaskWorker
) -> None:
    tree = traced(dialog, worker)
    assert [marks(tree, place) for place in range(5)] == [
        ("=", "input", "input"),
        ("=", "left/one", "right/one"),
        ("=", "left/two", "right/two"),
        ("→", "left/three", "right/three"),
        ("≠", "output", "output"),
    ]
    assert tree.topLevelItemCount() == 5
    parts = tree.topLevelItem(3)
    assert parts is not None
    assert parts.background(1).color() == QColor(LIGHT.warning)
    assert parts.text(3) == "7"
    assert float(parts.text(4)) > 0.1
    assert float(parts.text(6)) == pytest.approx(0.5, rel=0.05)
    assert "first differ at left/three / right/three" in dialog.endpoints.summary.text()
    dialog.set_palette_scheme(DARK)
    parts = tree.topLevelItem(3)
    assert parts is not None
    assert parts.background(1).color() == QColor(DARK.warning)


def marks(tree: RowsTree, place: int) -> tuple[str, str, str]:
    item = tree.topLevelItem(place)
    assert item is not None
    return item.text(0), item.text(1), item.text(2)


def test_endpoints_without_a_counterpart_are_listed_on_demand(
    dialog: ModelDetailsDialog, worker: FakeTaskWorker
) -> None:
    tree = traced(dialog, worker, parting=False)
    assert "agree at all 5 aligned endpoints" in dialog.endpoints.summary.text()
    dialog.endpoints.alone_box.setChecked(True)
    assert tree.topLevelItemCount() == 6
    assert ("·", "left/alone", "–") in [marks(tree, place) for place in range(6)]
    dialog.endpoints.search_field.setText("alone")
    assert dialog.endpoints.count.text() == "1 row"


def test_without_a_picture_nothing_is_traced(
    qtbot: QtBot, worker: FakeTaskWorker, session: Session
) -> None:
    subject = replace(Subject.of(session), picture=None)
    dialog = ModelDetailsDialog(subject, LIGHT, Inquiries(TaskRunner(lambda: worker)))
    qtbot.addWidget(dialog)
    dialog.tabs.setCurrentIndex(ENDPOINTS)
    assert dialog.endpoints.state.text == NO_PICTURE
    assert dialog.endpoints.state.again_button.isHidden()
    dialog.set_subject(Subject.of(session))
    worker.answer(make_description(), which=0)
    assert isinstance(tasks(worker)[-1], TraceTask), "what is looked at comes first"


def test_another_pair_is_told_anew(
    dialog: ModelDetailsDialog, worker: FakeTaskWorker, session: Session
) -> None:
    traced(dialog, worker)
    pair = replace(session.pair, title="Other", left=session.pair.right)
    session.set_pair(pair)
    dialog.set_subject(Subject.of(session))
    assert dialog.heading.text() == "Other"
    assert not shown(dialog.sides[Side.RIGHT].tree)
    for outcome in (make_description(), make_trace(), make_description()):
        worker.answer(outcome)
    left, trace, right = tasks(worker)[-3:]
    assert left == DescribeTask(pair.left)
    assert isinstance(trace, TraceTask), "it is what is looked at"
    assert trace.pair == pair
    assert right == DescribeTask(pair.right)
    assert dialog.endpoints.trace is not None


def test_closing_ends_the_engine_process(
    dialog: ModelDetailsDialog, worker: FakeTaskWorker
) -> None:
    dialog.close()
    assert worker.closes == 1
