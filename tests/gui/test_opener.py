"""Which pictures are walked while folders are listed and comparisons are given up."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inspector.core.pairs import Side
from inspector.gui import opener as opener_module
from inspector.gui.controller import Controller
from inspector.gui.folder_walk import Walk, walk_of
from inspector.gui.jobs import Jobs
from inspector.gui.opener import Opener
from inspector.session import Session
from tests.gui.fakes import FakeWorker
from tests.support.results import PAIR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def controller(worker: FakeWorker, qapp: object) -> Controller:
    return Controller(Session(PAIR), worker)


@pytest.fixture
def jobs(qapp: object) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def opener(controller: Controller, jobs: Jobs) -> Opener:
    return Opener(controller, jobs)


@pytest.fixture
def settle(qtbot: QtBot, jobs: Jobs) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: not jobs.busy)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Hold every listing back until this is set."""
    held = threading.Event()
    held.set()

    def list_later(*wanted: object) -> Walk:
        assert held.wait(5)
        return walk_of(*wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(opener_module, "walk_of", list_later)
    return held


def pictures(folder: Path, count: int) -> str:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.png").touch()
    return str(folder)


def test_the_first_picture_stays_with_its_walk_where_it_is_cancelled(
    opener: Opener, controller: Controller, settle: Callable[[], None], tmp_path: Path
) -> None:
    opener.open_paths((pictures(tmp_path / "a", 5),))
    settle()
    controller.cancel()
    assert len(opener.walk) == 5
    assert opener.place == opener.walk


def test_the_first_picture_is_surrounded_even_where_it_was_cancelled_before(
    opener: Opener,
    controller: Controller,
    gate: threading.Event,
    settle: Callable[[], None],
    tmp_path: Path,
) -> None:
    gate.clear()
    opener.open_paths((f"{pictures(tmp_path / 'a', 5)}/1.png",))
    controller.cancel()
    gate.set()
    settle()
    assert (len(opener.walk), opener.walk.position) == (5, 1)


@pytest.mark.parametrize("cancel_first", [True, False])
def test_cancel_keeps_the_folder_of_the_picture_on_screen_however_late_it_is_listed(
    opener: Opener,
    controller: Controller,
    worker: FakeWorker,
    gate: threading.Event,
    settle: Callable[[], None],
    tmp_path: Path,
    cancel_first: bool,
) -> None:
    opener.open_paths((pictures(tmp_path / "a", 5),))
    settle()
    worker.answer()
    gate.clear()
    opener.open_paths((f"{pictures(tmp_path / 'b', 4)}/1.png",))
    worker.answer()
    controller.set_mode(Side.LEFT, "bgr")
    if cancel_first:
        controller.cancel()
    gate.set()
    settle()
    if not cancel_first:
        assert controller.is_busy
        controller.cancel()
    assert (len(opener.walk), opener.walk.position) == (4, 1)
    assert {Path(path).parent.name for path in opener.walk.paths} == {"b"}


def test_a_folder_listed_after_its_picture_was_given_up_is_not_walked(
    opener: Opener,
    controller: Controller,
    worker: FakeWorker,
    gate: threading.Event,
    settle: Callable[[], None],
    tmp_path: Path,
) -> None:
    opener.open_paths((pictures(tmp_path / "a", 5),))
    settle()
    worker.answer()
    gate.clear()
    opener.open_paths((f"{pictures(tmp_path / 'b', 4)}/1.png",))
    controller.cancel()
    gate.set()
    settle()
    assert {Path(path).parent.name for path in opener.walk.paths} == {"a"}


@pytest.mark.parametrize("leave", ["open another", "close"])
def test_a_walk_below_a_folder_ends_where_it_is_not_wanted_any_more(
    opener: Opener,
    worker: FakeWorker,
    settle: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    leave: str,
) -> None:
    ended: list[bool] = []
    big = pictures(tmp_path / "big", 3)

    def list_long(paths: tuple[str, ...], unwanted: threading.Event) -> Walk:
        if paths == (big,):
            ended.append(unwanted.wait(5))
        return walk_of(paths)

    monkeypatch.setattr(opener_module, "walk_of", list_long)
    opener.open_paths((big,))
    if leave == "close":
        opener.close()
    else:
        opener.open_paths((pictures(tmp_path / "a", 2),))
    settle()
    assert ended == [True]
    assert len(opener.walk) == (0 if leave == "close" else 2)
    assert len(worker.requests) == (0 if leave == "close" else 1)
