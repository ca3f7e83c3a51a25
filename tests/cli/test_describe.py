"""``describe``: what a model offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.catalogue import STARTER, choose_pair
from inspector.core.description import DescribeTask
from tests.core.reports.test_description_report import DESCRIPTION
from tests.support.program import run_program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.program import Outcome

    Call = Callable[..., Outcome]


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Answer every task with a made-up description; give the tasks."""
    given: list[object] = []

    def do_task(engine: object, task: object, watcher: object) -> object:
        given.append(task)
        return DESCRIPTION

    monkeypatch.setattr("inspector.engine.tasks.do_task", do_task)
    return given


def test_the_real_program_on_a_side_of_the_starter_pair() -> None:
    outcome = run_program("describe", f"{STARTER}/right", "--json")
    assert outcome.code == 0, outcome.err
    found = outcome.json()
    assert found["schema"] == "twin-inspector/description/1"
    assert found["graphs"][0]["tags"] == ["serve"]
    assert found["size"] == [96, 96]
    assert len(found["endpoints"]) == 65


def test_text(call: Call, tasks: list[object]) -> None:
    outcome = call("describe", f"{STARTER}/left")
    assert outcome.code == 0
    assert outcome.out.startswith("TensorFlow Hub module in TF1's format")
    assert tasks == [DescribeTask(choose_pair(STARTER).left)]
    assert "layer_9" not in outcome.out
    assert "layer_9" in call("describe", f"{STARTER}/left", "--all").out


@pytest.mark.parametrize(
    ("model", "code", "said"),
    [
        ("startr/left", 2, "'starter'"),
        ("word", 2, "starter/left"),
        ("/none/model.keras", 4, "/none/model.keras"),
        ("hub:/m?tags=a&outputs=b", 3, "'output'"),
        ("hubb:/m", 4, "hubb:/m"),
    ],
)
def test_what_cannot_be_described(
    call: Call, tasks: list[object], model: str, code: int, said: str
) -> None:
    outcome = call("describe", model)
    assert (outcome.code, tasks) == (code, [])
    assert said in outcome.err
    assert outcome.out == ""


def test_a_file_that_is_no_model(call: Call, tasks: list[object], tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("notes", encoding="utf-8")
    outcome = call("describe", path)
    assert (outcome.code, tasks) == (3, [])
    assert "notes.txt is no model of a known format" in outcome.err
