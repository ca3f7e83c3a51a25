"""``trace``: where inside the two networks they part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from inspector.core.catalogue import STARTER
from inspector.core.trace import TraceTask
from tests.core.reports.test_trace_report import make_trace
from tests.support.program import GOLF_BALL, run_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.program import Outcome

    Call = Callable[..., Outcome]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Answer every task with a made-up trace; keep the tasks."""
    state: dict[str, Any] = {"trace": make_trace(0.0), "tasks": []}

    def do_task(engine: object, task: object, watcher: object) -> object:
        state["tasks"].append(task)
        return state["trace"]

    monkeypatch.setattr("inspector.engine.tasks.do_task", do_task)
    return state


def test_the_real_program_on_the_starter_pair() -> None:
    modes = ("--left-mode", "identical", "--right-mode", "identical")
    outcome = run_program("trace", GOLF_BALL, "--pair", STARTER, *modes, "--json")
    assert outcome.code == 0, outcome.err
    found = outcome.json()
    assert found["schema"] == "twin-inspector/trace/1"
    assert found["verdict"]["code"] == "agree"
    assert found["aligned"] > 60
    assert found["comparison"]["left"]["mode"] == "identical"
    assert {row["agrees"] for row in found["endpoints"]} == {True, None}


def test_text_and_exit_code(call: Call, engine: dict[str, Any]) -> None:
    agreeing = call("trace", GOLF_BALL, "--pair", STARTER, "--fail-on-difference")
    assert agreeing.code == 0
    assert agreeing.out.startswith("Both networks agree at all 4 aligned endpoints")
    assert "only_left_endpoint" not in agreeing.out
    engine["trace"] = make_trace(0.1)
    assert call("trace", GOLF_BALL, "--pair", STARTER).code == 0
    assert call("trace", GOLF_BALL, "--pair", STARTER, "--fail-on-difference").code == 1
    assert "only_left_endpoint" in call("trace", GOLF_BALL, "--pair", STARTER, "--all").out


def test_options_reach_the_task(call: Call, engine: dict[str, Any]) -> None:
    call("trace", GOLF_BALL, "--pair", STARTER, "--right-mode", "bgr")
    (task,) = engine["tasks"]
    assert isinstance(task, TraceTask)
    assert (task.pair.id, task.left.mode, task.right.mode) == (STARTER, "keras", "bgr")


def test_json_lists_as_many_classes_as_asked_for(call: Call, engine: dict[str, Any]) -> None:
    found = call("trace", GOLF_BALL, "--pair", STARTER, "--json", "--top", "2").json()
    assert len(found["comparison"]["right"]["top"]) == 2


def test_what_cannot_be_traced(call: Call, engine: dict[str, Any]) -> None:
    unknown = call("trace", GOLF_BALL, "--pair", "startr")
    assert (unknown.code, engine["tasks"]) == (2, [])
    assert "'starter'" in unknown.err
    assert call("trace").code == 2
