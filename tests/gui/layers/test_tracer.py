from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import EngineCrashedError, EngineError, ReleaseError
from inspector.core.picture import PictureSource
from inspector.engine.messages import Failed, Finished, Progress, TaskDone
from inspector.gui.controller import NO_ENGINE, Controller
from inspector.gui.layers.tracer import KEPT, WAITING, Tracer
from inspector.session import Session
from tests.gui.fakes import FakeWorker
from tests.gui.model_details.made_up import make_trace
from tests.support.results import PAIR, make_result

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from inspector.core.trace import Trace


class Stand:
    """A controller with a worker that answers when the test says so, and a tracer."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.worker = FakeWorker()
        self.controller = Controller(Session(PAIR), self.worker)
        self.tracer = Tracer(
            self.controller.session, self.worker, self.controller.explainer, self.controller
        )

    def compare(self, name: str = "owl.jpg", explain: bool = True) -> None:
        """Compare a picture and find the causes."""
        self.controller.set_picture(PictureSource(name, path=f"/pictures/{name}"))
        self.worker.answer(result=make_result(pair=PAIR))
        if explain:
            self.worker.explain()
        self.turn()

    def turn(self) -> None:
        """Let the event loop have a turn."""
        turned = []
        from PySide6.QtCore import QTimer

        QTimer.singleShot(5, lambda: turned.append(True))
        self.qtbot.waitUntil(lambda: bool(turned))

    def answer(self, trace: Trace | None = None) -> Trace:
        """Answer the newest trace."""
        made = trace or make_trace()
        generation = self.worker.tasks[-1].generation
        self.worker.task_done.emit(TaskDone(generation, made))
        self.worker.finished.emit(Finished(generation))
        self.turn()
        return made

    @property
    def names(self) -> list[str]:
        """The pictures whose traces were asked for."""
        return [request.task.picture.name for request in self.worker.tasks]


@pytest.fixture
def stand(qtbot: QtBot) -> Stand:
    return Stand(qtbot)


def test_nothing_is_asked_while_nobody_looks(stand: Stand) -> None:
    stand.compare()
    assert stand.worker.tasks == []
    assert stand.tracer.layers is not None
    assert stand.tracer.layers.doing == ""


def test_it_is_asked_when_somebody_looks_and_the_answer_is_kept(stand: Stand) -> None:
    stand.compare()
    stand.tracer.look(True)
    stand.turn()
    (request,) = stand.worker.tasks
    assert request.task.pair == PAIR
    stand.worker.progress.emit(Progress(request.generation, "Reading"))
    assert stand.tracer.layers.doing == "Reading"
    trace = stand.answer()
    assert stand.tracer.layers.trace is trace
    assert (stand.tracer.layers.doing, stand.tracer.is_running) == ("", False)
    stand.tracer.look(False)
    stand.tracer.look(True)
    stand.turn()
    assert len(stand.worker.tasks) == 1


def test_it_waits_for_the_causes(stand: Stand) -> None:
    stand.tracer.look(True)
    stand.compare(explain=False)
    assert stand.worker.tasks == []
    assert stand.tracer.layers.doing == WAITING
    stand.worker.explain()
    stand.turn()
    assert len(stand.worker.tasks) == 1


def test_a_newer_comparison_takes_its_place_and_the_late_answer_is_dropped(stand: Stand) -> None:
    stand.tracer.look(True)
    stand.compare("owl.jpg")
    late = stand.worker.tasks[-1].generation
    stand.controller.set_picture(PictureSource("cat.jpg", path="/pictures/cat.jpg"))
    stand.worker.task_done.emit(TaskDone(late, make_trace()))
    stand.worker.finished.emit(Finished(late))
    assert stand.tracer.layers.trace is None
    stand.worker.answer()
    assert stand.tracer.layers.task.picture.name == "cat.jpg"
    stand.worker.task_done.emit(TaskDone(late, make_trace()))
    assert stand.tracer.layers.trace is None
    stand.worker.explain()
    stand.turn()
    assert stand.names == ["owl.jpg", "cat.jpg"]
    assert stand.tracer.layers.trace is None
    trace = stand.answer()
    assert stand.tracer.layers.trace is trace


def test_a_trace_never_disturbs_the_comparison(stand: Stand) -> None:
    failures: list[object] = []
    stand.controller.failed.connect(failures.append)
    stand.tracer.look(True)
    stand.compare()
    shown, explanation = stand.controller.result, stand.controller.explainer.explanation
    error = ReleaseError("It gives no access to what is inside of it.", "Choose another.")
    generation = stand.worker.tasks[-1].generation
    stand.worker.failed.emit(Failed(generation, error))
    stand.worker.finished.emit(Finished(generation))
    stand.turn()
    assert stand.tracer.layers.error is error
    assert failures == []
    assert stand.controller.result is shown
    assert stand.controller.explainer.explanation is explanation
    assert not stand.controller.is_busy
    assert len(stand.worker.tasks) == 1, "an error is not asked for again by itself"
    stand.tracer.ask_again()
    stand.turn()
    assert len(stand.worker.tasks) == 2
    stand.controller.explain()
    stand.worker.explain()
    stand.turn()
    assert stand.controller.explainer.explanation is not None


def with_outputs(trace: Trace) -> Trace:
    """Give a trace whose comparison gave what the stand's comparisons give."""
    return replace(trace, result=make_result(pair=PAIR))


def test_coming_back_to_a_picture_costs_nothing(stand: Stand) -> None:
    stand.tracer.look(True)
    stand.compare("owl.jpg")
    owl = stand.answer(with_outputs(make_trace()))
    stand.compare("cat.jpg")
    stand.answer(with_outputs(make_trace(parting=False)))
    stand.compare("owl.jpg", explain=False)
    assert stand.tracer.layers.trace is owl
    stand.worker.explain()
    stand.turn()
    assert stand.names == ["owl.jpg", "cat.jpg"]


def test_other_modes_are_another_trace(stand: Stand) -> None:
    stand.tracer.look(True)
    stand.compare()
    stand.answer(with_outputs(make_trace()))
    stand.controller.set_pair_mode("identical")
    stand.worker.answer(result=make_result(pair=PAIR))
    assert stand.tracer.layers.trace is None
    stand.worker.explain()
    stand.turn()
    modes = [(each.task.left.mode, each.task.right.mode) for each in stand.worker.tasks]
    assert modes == [("keras", "hub"), ("identical", "identical")]


def test_a_release_that_answers_otherwise_is_traced_anew(stand: Stand) -> None:
    stand.tracer.look(True)
    stand.compare("owl.jpg")
    trace = with_outputs(make_trace())
    changed = replace(trace.result.left, raw=trace.result.left.raw + 1.0)
    stand.answer(replace(trace, result=replace(trace.result, left=changed)))
    stand.controller.rerun()
    stand.worker.answer(result=make_result(pair=PAIR))
    assert stand.tracer.layers.trace is None
    stand.worker.explain()
    stand.turn()
    assert stand.names == ["owl.jpg", "owl.jpg"]


def test_only_the_newest_traces_are_kept(stand: Stand) -> None:
    stand.tracer.look(True)
    for number in range(KEPT + 1):
        stand.compare(f"{number}.jpg")
        stand.answer(with_outputs(make_trace()))
    stand.compare("0.jpg")
    assert stand.names[-1] == "0.jpg"
    assert len(stand.names) == KEPT + 2


def test_stopped_it_stays_so_until_it_is_wanted_again(stand: Stand) -> None:
    stand.tracer.look(True)
    stand.compare()
    stand.tracer.stop()
    assert stand.worker.cancels == 1
    assert stand.tracer.layers.stopped
    stand.worker.finished.emit(Finished(stand.worker.tasks[-1].generation, cancelled=True))
    stand.turn()
    assert len(stand.worker.tasks) == 1
    stand.tracer.ask_again()
    stand.turn()
    assert len(stand.worker.tasks) == 2
    assert not stand.tracer.layers.stopped


def test_stopped_it_stays_so_where_the_causes_alone_are_asked_for_again(stand: Stand) -> None:
    stand.tracer.look(True)
    stand.compare()
    stand.tracer.stop()
    stand.worker.finished.emit(Finished(stand.worker.tasks[-1].generation, cancelled=True))
    stand.controller.explain()
    stand.worker.explain()
    stand.turn()
    assert stand.tracer.layers.stopped
    assert len(stand.worker.tasks) == 1
    stand.controller.rerun()
    stand.worker.answer(result=make_result(pair=PAIR))
    stand.worker.explain()
    stand.turn()
    assert len(stand.worker.tasks) == 2, "another comparison is another trace"


def test_a_trace_is_kept_where_the_causes_alone_are_asked_for_again(stand: Stand) -> None:
    stand.tracer.look(True)
    stand.compare()
    trace = stand.answer()
    stand.controller.explain()
    stand.worker.explain()
    stand.turn()
    assert stand.tracer.layers.trace is trace
    assert len(stand.worker.tasks) == 1


def test_an_engine_that_ended_during_a_trace_is_named_and_not_started_by_itself(
    stand: Stand,
) -> None:
    stand.tracer.look(True)
    stand.compare()
    starts = stand.worker.starts
    stand.worker.finished.emit(Finished(stand.worker.tasks[-1].generation))
    assert "engine ended" in str(stand.tracer.layers.error)
    error = EngineError("The engine keeps ending.", "Run the doctor.")
    stand.worker.failed.emit(Failed(NO_ENGINE, error))
    stand.turn()
    assert stand.tracer.layers.error is error
    assert not stand.tracer.layers.stopped, "nobody stopped it"
    assert (len(stand.worker.tasks), stand.worker.starts) == (1, starts)
    stand.tracer.ask_again()
    stand.turn()
    assert (len(stand.worker.tasks), stand.worker.starts) == (2, starts + 1)


def test_an_engine_that_is_gone_is_not_started_to_trace(stand: Stand) -> None:
    stand.tracer.look(True)
    stand.compare()
    stand.controller.set_pair_mode("identical")
    starts = stand.worker.starts
    error = EngineError("The engine keeps ending.", "Run the doctor.")
    stand.worker.finished.emit(Finished(stand.worker.requests[-1].generation))
    stand.worker.failed.emit(Failed(NO_ENGINE, error))
    stand.turn()
    assert stand.tracer.layers.error is error
    assert (len(stand.worker.tasks), stand.worker.starts) == (1, starts)
    stand.controller.explain()
    stand.worker.explain()
    stand.turn()
    assert len(stand.worker.tasks) == 2, "it was there for the causes"


def test_an_engine_that_failed_in_a_comparison_is_not_asked_by_itself(stand: Stand) -> None:
    stand.tracer.look(True)
    stand.compare()
    stand.controller.set_pair_mode("identical")
    error = stand.worker.fail(error=EngineCrashedError("It ended twice.", "Try again."))
    stand.turn()
    assert stand.tracer.layers.error is error
    assert len(stand.worker.tasks) == 1


def test_a_comparison_that_failed_for_its_picture_is_followed_by_the_trace(stand: Stand) -> None:
    stand.tracer.look(True)
    stand.compare()
    stand.controller.set_pair_mode("identical")
    stand.worker.fail()
    stand.turn()
    assert stand.tracer.layers.error is None
    assert stand.names == ["owl.jpg", "owl.jpg"]


def test_a_trace_that_is_there_outlives_the_engine(stand: Stand) -> None:
    stand.tracer.look(True)
    stand.compare()
    trace = stand.answer()
    stand.worker.failed.emit(Failed(NO_ENGINE, EngineError("It keeps ending.", "")))
    assert stand.tracer.layers.trace is trace
    assert stand.tracer.layers.error is None


def test_after_a_cancelled_comparison_the_one_before_is_traced(stand: Stand) -> None:
    stand.compare("owl.jpg")
    stand.controller.set_picture(PictureSource("cat.jpg", path="/pictures/cat.jpg"))
    stand.tracer.look(True)
    stand.turn()
    assert stand.worker.tasks == [], "a trace would take the comparison's place"
    stand.controller.cancel()
    stand.turn()
    assert stand.names == ["owl.jpg"]
