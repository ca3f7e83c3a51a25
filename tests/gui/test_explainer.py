"""Causes: asked for after each comparison, and never in its way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.modes import resolve_mode
from inspector.core.picture import PictureSource
from inspector.core.result import SideSettings
from inspector.core.scores import OutputSwitches
from inspector.engine.messages import Explained, Finished, Progress
from inspector.gui.controller import Controller
from inspector.session import Session
from tests.gui.fakes import FakeWorker
from tests.support.explanations import make_explanation
from tests.support.results import LEFT, PAIR, RIGHT

if TYPE_CHECKING:
    from inspector.gui.explainer import Causes

FIRST = PictureSource("first.jpg", "/photos/first.jpg")
SECOND = PictureSource("second.jpg", "/photos/second.jpg")


@pytest.fixture
def worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def controller(worker: FakeWorker, qapp: object) -> Controller:
    return Controller(Session(PAIR), worker)


@pytest.fixture
def told(controller: Controller) -> list[Causes]:
    collected: list[Causes] = []
    controller.explainer.changed.connect(collected.append)
    return collected


def test_the_causes_are_asked_for_once_the_comparison_is_shown(
    controller: Controller, worker: FakeWorker, told: list[Causes]
) -> None:
    controller.set_picture(FIRST)
    assert worker.explains == []
    result = worker.answer()
    asked = worker.explains[0]
    assert asked.comparison is worker.requests[0]
    assert asked.generation == worker.requests[0].generation
    assert not controller.is_busy
    assert told[-1].result is result
    assert told[-1].doing
    explanation = worker.explain()
    assert controller.explainer.explanation is explanation
    assert told[-1].explanation is explanation
    assert told[-1].findings == explanation.findings
    assert not controller.explainer.is_running


def test_the_causes_are_asked_for_before_anything_is_drawn(
    controller: Controller, worker: FakeWorker
) -> None:
    asked: list[int] = []
    controller.explainer.begun.connect(lambda *_: asked.append(len(worker.explains)))
    controller.explainer.changed.connect(lambda _: asked.append(len(worker.explains)))
    controller.set_picture(FIRST)
    worker.answer()
    assert len(asked) == 2
    assert set(asked) == {1}


def test_a_stale_explanation_is_dropped(controller: Controller, worker: FakeWorker) -> None:
    controller.set_picture(FIRST)
    worker.answer()
    controller.set_picture(SECOND)
    worker.explain(0)
    assert controller.explainer.explanation is None
    worker.answer()
    worker.explain(0)
    assert controller.explainer.explanation is None
    newest = worker.explain(1)
    assert controller.explainer.explanation is newest
    worker.explain(0)
    assert controller.explainer.explanation is newest


def test_a_failure_disturbs_nothing(
    controller: Controller, worker: FakeWorker, told: list[Causes]
) -> None:
    errors: list[object] = []
    controller.failed.connect(errors.append)
    controller.set_picture(FIRST)
    result = worker.answer()
    error = worker.fail_explaining()
    assert errors == []
    assert controller.result is result
    assert not controller.is_stale
    assert controller.session.picture == FIRST
    assert told[-1].error is error
    assert not controller.explainer.is_running


def test_the_causes_can_be_asked_for_again(controller: Controller, worker: FakeWorker) -> None:
    controller.set_picture(FIRST)
    worker.answer()
    worker.fail_explaining()
    controller.explain()
    again = worker.explains[-1]
    assert again.comparison == replace(worker.requests[0], generation=again.generation)
    assert again.generation > worker.requests[0].generation
    explanation = worker.explain()
    assert controller.explainer.explanation is explanation


def test_measuring_can_be_stopped_without_touching_the_comparison(
    controller: Controller, worker: FakeWorker, told: list[Causes]
) -> None:
    controller.set_picture(FIRST)
    result = worker.answer()
    controller.cancel_explaining()
    assert worker.cancels == 1
    assert not told[-1].doing
    worker.explained.emit(Explained(worker.explains[0].generation, make_explanation()))
    worker.finished.emit(Finished(worker.explains[0].generation, cancelled=True))
    assert controller.explainer.explanation is None
    assert controller.result is result
    assert not controller.is_stale


def test_progress_of_the_causes_is_none_of_the_comparison(
    controller: Controller, worker: FakeWorker, told: list[Causes]
) -> None:
    texts: list[str] = []
    controller.progressed.connect(lambda text, _: texts.append(text))
    controller.set_picture(FIRST)
    worker.answer()
    worker.progress.emit(Progress(worker.explains[0].generation, "Running every mix"))
    assert texts == []
    assert told[-1].doing == "Running every mix"


def test_an_end_without_an_answer_ends_the_measuring(
    controller: Controller, worker: FakeWorker, told: list[Causes]
) -> None:
    controller.set_picture(FIRST)
    worker.answer()
    worker.finished.emit(Finished(worker.explains[0].generation))
    assert not controller.explainer.is_running
    assert told[-1].explanation is None


def test_the_causes_before_stay_on_show_while_the_next_are_measured(
    controller: Controller, worker: FakeWorker, told: list[Causes]
) -> None:
    veiled: list[bool] = []
    controller.explainer.veiled_changed.connect(veiled.append)
    controller.set_picture(FIRST)
    worker.answer()
    first = worker.explain()
    count = len(told)
    controller.set_picture(SECOND)
    worker.answer()
    assert len(told) == count
    assert veiled[-1] is True
    second = worker.explain()
    assert [causes.explanation for causes in told[count - 1 :]] == [first, second]
    assert veiled[-1] is False


def test_a_slow_measurement_shows_the_findings_alone(
    controller: Controller, worker: FakeWorker, told: list[Causes], qtbot: object
) -> None:
    controller.set_picture(FIRST)
    worker.answer()
    worker.explain()
    controller.set_picture(SECOND)
    result = worker.answer()
    controller.explainer._hold.timeout.emit()
    assert told[-1].result is result
    assert told[-1].explanation is None
    assert told[-1].doing
    assert not controller.explainer.is_held


def test_a_comparison_that_failed_brings_the_missing_causes_back(
    controller: Controller, worker: FakeWorker
) -> None:
    controller.set_picture(FIRST)
    worker.answer()
    controller.set_picture(SECOND)
    worker.fail()
    assert controller.session.picture == FIRST
    assert worker.explains[-1].comparison.picture == FIRST
    explanation = worker.explain()
    assert controller.explainer.explanation is explanation


def test_settings_of_both_sides_are_one_request_and_one_undo_step(
    controller: Controller, worker: FakeWorker
) -> None:
    controller.set_picture(FIRST)
    left = SideSettings("hub", resolve_mode("hub", LEFT, RIGHT), OutputSwitches())
    right = SideSettings("keras", resolve_mode("keras", RIGHT, LEFT), OutputSwitches())
    controller.apply_settings(left, right)
    assert len(worker.requests) == 2
    assert (worker.requests[-1].left, worker.requests[-1].right) == (left, right)
    controller.undo()
    assert worker.requests[-1].left.mode == "keras"
    assert worker.requests[-1].right.mode == "hub"
    assert controller.session.undo_goal is None


def test_the_engine_is_free_only_between_the_causes_and_the_next_wish(
    controller: Controller, worker: FakeWorker
) -> None:
    explainer = controller.explainer
    freed: list[bool] = []
    explainer.freed.connect(lambda: freed.append(explainer.is_free))
    controller.set_picture(FIRST)
    assert not explainer.is_free
    worker.answer()
    assert not explainer.is_free
    freed.clear()
    worker.explain()
    assert freed[-1]
    assert explainer.is_free
    controller.set_picture(SECOND)
    assert not explainer.is_free
    freed.clear()
    controller.cancel()
    assert freed[-1], "what was compared before is on screen, its causes are known"
