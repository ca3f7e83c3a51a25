"""Work off the GUI thread: what is delivered, and what is not any more."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from inspector.core.errors import Cancelled, InputError
from inspector.gui.jobs import Jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

WAIT_MS = 20_000


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


def _fail() -> None:
    raise InputError("No.", "Yes.")


def _withdraw() -> None:
    raise Cancelled("a question")


def test_an_answer_comes_on_the_thread_of_the_window(jobs: Jobs, qtbot: QtBot) -> None:
    threads: list[threading.Thread] = []
    answers: list[int] = []

    def work() -> int:
        threads.append(threading.current_thread())
        return 5

    def done(answer: int) -> None:
        threads.append(threading.current_thread())
        answers.append(answer)

    jobs.run(work, done)
    assert jobs.busy
    qtbot.waitUntil(lambda: not jobs.busy, timeout=WAIT_MS)
    assert answers == [5]
    assert threads[0] is not threads[1]
    assert threads[1] is threading.main_thread()


def test_an_error_comes_as_a_signal(jobs: Jobs, qtbot: QtBot) -> None:
    answers: list[object] = []
    with qtbot.waitSignal(jobs.failed, timeout=WAIT_MS) as told:
        jobs.run(_fail, answers.append)
    assert told.args[0].message == "No."
    qtbot.waitUntil(lambda: not jobs.busy, timeout=WAIT_MS)
    assert answers == []


def test_what_is_withdrawn_ends_without_a_word(
    jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *what: said.append(what))
    jobs.failed.connect(said.append)
    jobs.run(_withdraw, said.append)
    qtbot.waitUntil(lambda: not jobs.busy, timeout=WAIT_MS)
    assert said == []


def test_what_is_queued_as_the_jobs_close_is_not_delivered(jobs: Jobs) -> None:
    said: list[object] = []
    jobs.failed.connect(said.append)
    jobs.run(lambda: 5, said.append)
    jobs.run(_fail, said.append)
    jobs._pool.waitForDone()  # both answers wait in the queue of this thread now
    jobs.close()
    QApplication.processEvents()
    assert said == []
    assert not jobs.busy


def test_closed_jobs_begin_nothing(jobs: Jobs) -> None:
    begun: list[object] = []
    jobs.close()
    jobs.run(lambda: begun.append(1), begun.append)
    assert not jobs.busy
    jobs._pool.waitForDone()
    QApplication.processEvents()
    assert begun == []
