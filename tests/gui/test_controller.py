from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import EngineError, ReleaseMissingError
from inspector.core.modes import HUB, OWN
from inspector.core.pairs import Side
from inspector.core.palette import DARK
from inspector.core.picture import PictureSource
from inspector.core.scores import OutputSwitches
from inspector.core.training import Training
from inspector.engine.messages import Compared, Failed, Finished, Progress, Ready
from inspector.gui.controller import NO_ENGINE, Controller
from inspector.session import CUSTOM, Session
from tests.gui.fakes import FakeView, FakeWorker
from tests.support.results import PAIR, make_result

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

FIRST = PictureSource("first.jpg", "/photos/first.jpg")
SECOND = PictureSource("second.jpg", "/photos/second.jpg")


@pytest.fixture
def worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def controller(worker: FakeWorker, qapp: object) -> Controller:
    return Controller(Session(PAIR), worker)


def test_picture_becomes_one_request_and_its_answer_reaches_the_views(
    controller: Controller, worker: FakeWorker
) -> None:
    view = FakeView()
    controller.attach(view)
    controller.set_picture(FIRST)
    assert [request.picture for request in worker.requests] == [FIRST]
    assert controller.is_busy
    result = worker.answer()
    assert view.results[-1] is result
    assert controller.result is result
    assert not controller.is_busy


def test_stale_replies_are_dropped(controller: Controller, worker: FakeWorker) -> None:
    controller.set_picture(FIRST)
    controller.set_picture(SECOND)
    worker.answer(0)
    assert controller.result is None
    assert controller.is_busy
    newest = worker.answer(1)
    assert controller.result is newest
    worker.answer(0)
    assert controller.result is newest


def test_stale_failures_and_progress_are_dropped(
    controller: Controller, worker: FakeWorker
) -> None:
    errors: list[object] = []
    texts: list[str] = []
    controller.failed.connect(errors.append)
    controller.progressed.connect(lambda text, _: texts.append(text))
    controller.set_picture(FIRST)
    controller.set_picture(SECOND)
    worker.fail(0)
    worker.progress.emit(Progress(worker.requests[0].generation, "old"))
    worker.progress.emit(Progress(worker.requests[1].generation, "new", 0.5))
    assert errors == []
    assert texts == ["new"]


def test_old_result_is_marked_stale_until_the_new_one_is_there(
    controller: Controller, worker: FakeWorker, qtbot: QtBot
) -> None:
    view = FakeView()
    controller.attach(view)
    controller.set_picture(FIRST)
    worker.answer()
    with qtbot.waitSignal(controller.stale_changed, check_params_cb=bool):
        controller.set_mode(Side.LEFT, "hub")
    assert controller.is_stale
    assert view.stale[-1] is True
    worker.answer()
    assert not controller.is_stale
    assert view.stale[-1] is False


def test_nothing_is_stale_before_the_first_result(controller: Controller) -> None:
    controller.set_picture(FIRST)
    assert not controller.is_stale


def test_a_broken_picture_keeps_the_last_result_and_goes_back_to_its_picture(
    controller: Controller, worker: FakeWorker
) -> None:
    errors: list[object] = []
    controller.failed.connect(errors.append)
    controller.set_picture(FIRST)
    good = worker.answer()
    controller.set_picture(SECOND)
    error = worker.fail()
    assert errors == [error]
    assert controller.result is good
    assert controller.session.picture == FIRST
    assert not controller.is_stale
    assert not controller.is_busy


def test_a_pair_that_cannot_be_had_is_given_up(controller: Controller, worker: FakeWorker) -> None:
    controller.set_picture(FIRST)
    worker.answer()
    controller.set_pair(replace(PAIR, id="elsewhere"))
    worker.fail(error=ReleaseMissingError("It is not here.", "Go online."))
    assert controller.session.pair == PAIR


def test_an_engine_failure_goes_back_too_and_can_be_tried_again(
    controller: Controller, worker: FakeWorker
) -> None:
    controller.set_picture(FIRST)
    worker.answer()
    worker.explain()
    controller.set_mode(Side.LEFT, "bgr")
    controller.set_picture(SECOND)
    worker.fail(error=EngineError("It failed.", "Try again."))
    assert controller.session.picture == FIRST
    assert controller.session.choices.left.mode == OWN
    assert not controller.is_stale
    controller.try_again(controller.given_up)
    assert worker.requests[-1].picture == SECOND
    assert worker.requests[-1].left.mode == "bgr"


def test_what_failed_before_can_be_tried_again_after_another_failure(
    controller: Controller, worker: FakeWorker
) -> None:
    controller.set_picture(FIRST)
    worker.answer()
    controller.set_pair(replace(PAIR, id="elsewhere"))
    worker.fail(error=ReleaseMissingError("It is not here.", "Go online."))
    missing = controller.given_up
    controller.set_picture(SECOND)
    worker.fail()
    controller.try_again(missing)
    assert (worker.requests[-1].pair.id, worker.requests[-1].picture) == ("elsewhere", FIRST)


def test_a_wish_that_was_cancelled_is_not_what_an_idle_engine_failed_at(
    controller: Controller, worker: FakeWorker
) -> None:
    controller.set_picture(FIRST)
    worker.answer()
    controller.set_picture(SECOND)
    controller.cancel()
    worker.explain()
    worker.failed.emit(Failed(NO_ENGINE, EngineError("No engine.", "")))
    controller.try_again(controller.given_up)
    assert worker.requests[-1].picture == FIRST


def test_an_engine_that_failed_is_not_asked_for_causes_by_itself(
    controller: Controller, worker: FakeWorker
) -> None:
    controller.set_picture(FIRST)
    worker.answer()
    controller.set_picture(SECOND)
    asked = len(worker.explains)
    worker.fail(error=EngineError("It failed.", "Try again."))
    assert len(worker.explains) == asked
    controller.set_picture(SECOND)
    worker.fail()
    assert len(worker.explains) == asked + 1


def test_first_failure_keeps_the_picture(controller: Controller, worker: FakeWorker) -> None:
    controller.set_picture(FIRST)
    worker.fail()
    assert controller.session.picture == FIRST
    assert controller.result is None


def test_engine_that_cannot_start_is_started_again_with_the_next_request(
    controller: Controller, worker: FakeWorker
) -> None:
    states: list[str] = []
    errors: list[object] = []
    controller.engine_changed.connect(states.append)
    controller.failed.connect(errors.append)
    controller.set_picture(FIRST)
    worker.failed.emit(Failed(NO_ENGINE, EngineError("No engine.", "")))
    assert len(errors) == 1
    assert not controller.is_busy
    controller.rerun()
    assert worker.starts == 1
    assert len(worker.requests) == 2
    worker.ready.emit(Ready({}, 1.0))
    assert states[-1] == "Engine ready"


def test_cancel_abandons_the_request(controller: Controller, worker: FakeWorker) -> None:
    controller.set_picture(FIRST)
    controller.cancel()
    assert worker.cancels == 1
    assert not controller.is_busy
    worker.answer()
    assert controller.result is None


def test_cancel_goes_back_to_what_is_on_screen(
    controller: Controller, worker: FakeWorker, qtbot: QtBot
) -> None:
    view = FakeView()
    controller.attach(view)
    controller.set_picture(FIRST)
    good = worker.answer()
    worker.explain()
    controller.set_mode(Side.LEFT, "bgr")
    changed = worker.answer()
    worker.explain()
    with qtbot.waitSignal(controller.stale_changed, check_params_cb=bool):
        controller.set_pair(replace(PAIR, id="elsewhere"))
    with qtbot.waitSignal(controller.cancelled):
        controller.cancel()
    assert good is not changed
    assert controller.result is changed
    assert (controller.is_busy, controller.is_stale, view.stale[-1]) == (False, False, False)
    assert controller.session.pair == PAIR
    assert controller.session.choices.left.mode == "bgr"
    assert controller.session.undo_goal is not None
    worker.answer()
    assert controller.result is changed


def test_cancel_completes_the_causes_that_it_had_interrupted(
    controller: Controller, worker: FakeWorker
) -> None:
    controller.set_picture(FIRST)
    worker.answer()
    controller.set_picture(SECOND)
    controller.cancel()
    assert len(worker.explains) == 2
    assert worker.explains[-1].comparison.picture == FIRST
    worker.explain()
    assert controller.explainer.explanation is not None


def test_cancel_of_the_first_comparison_asks_nothing_more(
    controller: Controller, worker: FakeWorker
) -> None:
    controller.set_picture(FIRST)
    controller.set_training(Side.LEFT, Training())
    asked = len(worker.requests)
    controller.cancel()
    assert len(worker.requests) == asked
    assert controller.session.picture == FIRST
    assert controller.session.choices.left.training is not None


def test_cancel_without_work_does_nothing(controller: Controller, worker: FakeWorker) -> None:
    controller.cancel()
    assert worker.cancels == 0


def test_late_finish_of_an_old_request_does_not_end_the_new_one(
    controller: Controller, worker: FakeWorker
) -> None:
    controller.set_picture(FIRST)
    controller.set_picture(SECOND)
    worker.finished.emit(Finished(worker.requests[0].generation, cancelled=True))
    assert controller.is_busy


def test_undo_and_redo_run_again(controller: Controller, worker: FakeWorker) -> None:
    controller.set_picture(FIRST)
    controller.set_mode(Side.LEFT, "hub")
    assert worker.requests[-1].left.mode == "hub"
    controller.undo()
    assert worker.requests[-1].left.mode == "keras"
    controller.redo()
    assert worker.requests[-1].left.mode == "hub"


def test_a_change_that_changes_nothing_runs_nothing(
    controller: Controller, worker: FakeWorker
) -> None:
    controller.set_picture(FIRST)
    controller.set_output(Side.LEFT, OutputSwitches())
    controller.undo()
    assert len(worker.requests) == 1


def test_stages_set_by_hand_reach_the_engine(controller: Controller, worker: FakeWorker) -> None:
    controller.set_picture(FIRST)
    controller.set_preprocessing(Side.LEFT, HUB)
    assert worker.requests[-1].left.mode == CUSTOM
    assert worker.requests[-1].left.preprocessing == HUB


def test_pair_mode_sets_both_sides(controller: Controller, worker: FakeWorker) -> None:
    controller.set_picture(FIRST)
    controller.set_pair_mode("swapped")
    assert (worker.requests[-1].left.mode, worker.requests[-1].right.mode) == ("hub", "keras")
    controller.set_pair_mode(OWN)
    assert (worker.requests[-1].left.mode, worker.requests[-1].right.mode) == ("keras", "hub")


def test_a_class_picked_in_one_view_is_marked_in_all(controller: Controller) -> None:
    views = [FakeView(), FakeView()]
    for view in views:
        controller.attach(view)
    views[0].class_selected.emit(7)
    assert [view.selected[-1] for view in views] == [7, 7]
    assert controller.selected_class == 7


def test_the_first_class_is_marked_until_one_is_picked(
    controller: Controller, worker: FakeWorker
) -> None:
    controller.set_picture(FIRST)
    worker.answer()
    assert controller.selected_class == 574
    controller.select_class(None)
    controller.rerun()
    worker.answer()
    assert controller.selected_class is None


def test_a_view_attached_late_is_told_everything(
    controller: Controller, worker: FakeWorker
) -> None:
    controller.set_palette(DARK)
    controller.set_picture(FIRST)
    result = worker.answer()
    view = FakeView()
    controller.attach(view)
    assert (view.results, view.selected, view.stale) == ([result], [574], [False])
    assert view.palettes == [DARK]


def test_an_answer_to_nobody_is_dropped(controller: Controller, worker: FakeWorker) -> None:
    worker.compared.emit(Compared(99, make_result()))
    assert controller.result is None


def test_a_restart_is_told(controller: Controller, worker: FakeWorker) -> None:
    told: list[str] = []
    controller.told.connect(told.append)
    worker.restarted.emit("It was started again.")
    assert told == ["It was started again."]


def test_what_leaves_the_program_says_what_the_window_says(
    controller: Controller, worker: FakeWorker
) -> None:
    controller.set_picture(FIRST)
    shown = worker.answer()
    assert controller.report is shown
    explanation = worker.explain()
    report = controller.report
    assert report is not None
    assert report.verdict == explanation.verdict
    assert report.findings == explanation.findings
    assert report.comparison is shown.comparison


def test_trying_again_after_a_failure_before_any_picture_keeps_what_came_since(
    controller: Controller, worker: FakeWorker
) -> None:
    worker.failed.emit(Failed(NO_ENGINE, EngineError("No engine.", "")))
    moment = controller.given_up
    controller.set_picture(FIRST)
    controller.try_again(moment)
    assert controller.session.picture == FIRST
    assert [request.picture for request in worker.requests] == [FIRST, FIRST]
