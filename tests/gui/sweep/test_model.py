from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt

from inspector.core.errors import InputError
from inspector.gui.sweep.cells import cell_text, column_value
from inspector.gui.sweep.lane import Lane
from inspector.gui.sweep.model import PAGE, SHOWN, SweepModel
from inspector.sweep.columns import COLUMNS
from inspector.sweep.filters import RowFilter, RowKind
from inspector.sweep.rows import SweepItem, SweepRow
from inspector.sweep.run_file import RunFile
from tests.sweep.made_up import make_row, make_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

WAIT_MS = 20_000
COUNT = 5000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("run") / "made.sqlite", COUNT)


@pytest.fixture
def lane(run: Path) -> Iterator[Lane]:
    made = Lane(run)
    yield made
    made.close()


@pytest.fixture
def model(lane: Lane, run: Path, qtbot: QtBot) -> SweepModel:
    with RunFile.open(run) as opened:
        made = SweepModel(lane, opened.info.labels)
    made.refresh()
    qtbot.waitUntil(lambda: made.rowCount() == COUNT, timeout=WAIT_MS)
    return made


def shown(model: SweepModel, place: int, column_id: str) -> Any:
    column = next(i for i, column in enumerate(SHOWN) if column.id == column_id)
    return model.data(model.index(place, column))


def loaded(model: SweepModel, place: int, qtbot: QtBot) -> SweepRow:
    qtbot.waitUntil(lambda: model.row(place) is not None, timeout=WAIT_MS)
    row = model.row(place)
    assert row is not None
    return row


def test_pages_come_when_they_are_looked_at(model: SweepModel, qtbot: QtBot) -> None:
    assert shown(model, 4321, "path") is None
    row = loaded(model, 4321, qtbot)
    assert row.item.number == 4321
    assert shown(model, 4321, "path") == "picture 4321.jpg"
    assert model.row(4321 // PAGE * PAGE) is not None


def test_the_database_sorts(model: SweepModel, qtbot: QtBot) -> None:
    column = next(i for i, c in enumerate(SHOWN) if c.id == "max_abs_difference")
    model.sort(column, Qt.SortOrder.DescendingOrder)
    loaded(model, 0, qtbot)
    qtbot.waitUntil(lambda: model.row(1) is not None, timeout=WAIT_MS)
    found = [model.row(place) for place in range(20)]
    values = [row.measures.max_abs_difference for row in found if row and row.measures]
    assert len(values) == 20
    assert values == sorted(values, reverse=True)
    model.sort(-1)
    assert loaded(model, 0, qtbot).item.number == 0


def test_the_database_filters(model: SweepModel, qtbot: QtBot) -> None:
    model.set_filter(RowFilter(kind=RowKind.ERRORS))
    qtbot.waitUntil(lambda: 0 < model.rowCount() < COUNT / 10, timeout=WAIT_MS)
    for place in range(model.rowCount()):
        assert loaded(model, place, qtbot).error
    model.set_filter(RowFilter())
    qtbot.waitUntil(lambda: model.rowCount() == COUNT, timeout=WAIT_MS)


def test_a_refresh_keeps_what_is_on_show_until_the_new_is_here(
    model: SweepModel, qtbot: QtBot
) -> None:
    loaded(model, 10, qtbot)
    model.refresh()
    assert shown(model, 10, "path") == "picture 10.jpg"


def test_few_pages_are_kept(model: SweepModel, qtbot: QtBot) -> None:
    for place in range(0, COUNT, PAGE):
        loaded(model, place, qtbot)
    assert len(model._pages) <= 60
    assert loaded(model, 0, qtbot).item.number == 0


def test_a_file_that_is_no_run_is_told(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "no.sqlite").write_text("nothing")
    lane = Lane(tmp_path / "no.sqlite")
    with qtbot.waitSignal(lane.failed, timeout=WAIT_MS) as caught:
        lane.ask("x", lambda reading: reading.run.count())
    assert isinstance(caught.args[0], InputError)
    lane.close()


def test_the_newest_question_is_answered_first_and_one_key_once(lane: Lane, qtbot: QtBot) -> None:
    answers: list[object] = []
    lane.answered.connect(lambda key, answer: answers.append((key, answer)))
    gate = __import__("threading").Event()
    lane.ask("slow", lambda _: gate.wait(10))
    qtbot.waitUntil(lambda: not lane._thread._waiting, timeout=WAIT_MS)
    for number in range(3):
        lane.ask("same", lambda _, number=number: number)
    lane.ask("last", lambda _: "last")
    gate.set()
    qtbot.waitUntil(lambda: len(answers) == 3, timeout=WAIT_MS)
    assert answers == [("slow", True), ("last", "last"), ("same", 2)]


def test_every_column_has_a_value_for_a_whole_row() -> None:
    import numpy as np

    rng = np.random.default_rng(3)
    row = next(row for row in (make_row(n, rng) for n in range(100)) if row.left and row.item.truth)
    for column in COLUMNS:
        if column.id not in {"error", "smaller_margin"}:
            assert column_value(row, column.id) is not None, column.id


def test_an_error_has_no_numbers() -> None:
    row = SweepRow(SweepItem(7, "/a/b.jpg"), error="It is cut off.", mend="Copy it again.")
    texts = {column.id: cell_text(row, column, ()) for column in SHOWN}
    assert texts["path"] == "b.jpg"
    assert texts["error"] == "It is cut off."
    assert texts["left_class"] == "It is cut off."
    assert {name for name, text in texts.items() if text} == {
        *("path", "top1_same", "left_class", "error", "number"),
    }


def test_a_name_stays_on_its_line() -> None:
    row = SweepRow(SweepItem(7, "/a/new\nline\x1b[31m\udcff.jpg"))
    column = next(column for column in SHOWN if column.id == "path")
    assert cell_text(row, column, ()) == "new�line�[31m�.jpg"
