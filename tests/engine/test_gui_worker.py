"""The window's worker with the real engine process, and with stand-ins that crash or hang.

It stands beside the engine's tests, and so runs before any window is made in this process.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import textwrap
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QCoreApplication, QThread

from inspector.core.catalogue import STARTER, choose_pair
from inspector.core.errors import (
    EngineCrashedError,
    EngineError,
    PictureError,
    ReleaseMissingError,
)
from inspector.core.picture import PictureSource
from inspector.core.resources import resource_path
from inspector.core.sources import Source, SourceKind
from inspector.engine import client as client_module
from inspector.gui.worker import NO_ENGINE, EngineWorker
from inspector.session import Session
from tests.store.made import model_files, put_module, tar_gz
from tests.store.servers import Server, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from inspector.engine.messages import CompareRequest

WAIT_MS = 30_000
PRELUDE = """
import os, sys, time
from pathlib import Path
from inspector.core.errors import EngineError
from inspector.engine import wire
from inspector.engine.messages import *
note = Path(sys.argv[1])
starts = len(note.read_text().split()) if note.exists() else 0
note.write_text("start " * (starts + 1))
def say(message): wire.send(sys.stdout.buffer, message)
def hear(): return wire.receive(sys.stdin.buffer)
"""


@pytest.fixture(autouse=True)
def collected_here() -> Iterator[None]:
    """Let no other thread destroy a Qt object, as the program itself does."""
    gc.collect()
    gc.disable()
    yield
    gc.collect()
    gc.enable()


class Heard:
    """Everything that a worker said, in order."""

    def __init__(self, worker: EngineWorker) -> None:
        self.said: list[tuple[str, Any]] = []
        for name in ("ready", "progress", "compared", "explained", "failed", "finished"):
            getattr(worker, name).connect(lambda m, name=name: self.said.append((name, m)))
        worker.restarted.connect(lambda text: self.said.append(("restarted", text)))

    def of(self, name: str) -> list[Any]:
        return [message for said, message in self.said if said == name]

    def names(self) -> list[str]:
        return [name for name, _ in self.said if name != "progress"]


@pytest.fixture(autouse=True)
def own_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "log_file", lambda name: tmp_path / name)


@pytest.fixture
def make(tmp_path: Path, qapp: QCoreApplication) -> Iterator[Callable[..., tuple[Any, Heard]]]:
    """Make workers, with the real engine or a script instead; all are closed at the end."""
    workers: list[EngineWorker] = []

    def make_one(script: str | None = None) -> tuple[EngineWorker, Heard]:
        command = [sys.executable, "-c", PRELUDE + textwrap.dedent(script or "")]
        arguments = {"command": [*command, str(tmp_path / "starts")]} if script else {}
        workers.append(EngineWorker(**arguments))
        return workers[-1], Heard(workers[-1])

    yield make_one
    for worker in workers:
        worker.close()
        assert not worker.findChild(QThread).isRunning()
        worker.deleteLater()


@pytest.fixture
def session() -> Session:
    made = Session(choose_pair(STARTER))
    made.set_picture(PictureSource.from_path(resource_path("samples", "colour_bars.png")))
    return made


@pytest.fixture
def starts(tmp_path: Path) -> Callable[[], int]:
    return lambda: len((tmp_path / "starts").read_text().split())


def ask(session: Session) -> CompareRequest:
    request = session.request()
    assert request is not None
    return request


def settle(milliseconds: int) -> None:
    """Let events of other threads arrive for a while."""
    end = time.monotonic() + milliseconds / 1000
    while time.monotonic() < end:
        QCoreApplication.processEvents()
        QThread.msleep(5)


def test_the_real_engine(
    make: Callable[..., tuple[EngineWorker, Heard]], session: Session, qtbot: QtBot
) -> None:
    """One process: a result, an error, newest wins, a crash with a second try, a quick close."""
    worker, heard = make()
    first = ask(session)
    with qtbot.waitSignal(worker.finished, timeout=WAIT_MS):
        worker.start()
        worker.submit(first)
    assert heard.names() == ["ready", "compared", "finished"]
    assert heard.of("compared")[0].generation == first.generation
    assert heard.of("compared")[0].result.pair == session.pair

    session.set_picture(PictureSource("text.jpg", data=b"no picture"))
    with qtbot.waitSignal(worker.finished, timeout=WAIT_MS):
        worker.submit(ask(session))
    assert heard.names()[-2:] == ["failed", "finished"]
    assert isinstance(heard.of("failed")[0].error, PictureError)

    session.set_picture(first.picture)
    asked = [ask(session) for _ in range(5)]
    for request in asked:
        worker.submit(request)
    qtbot.waitUntil(lambda: len(heard.of("finished")) == 7, timeout=WAIT_MS)
    assert [m.generation for m in heard.of("finished")[2:]] == [r.generation for r in asked]
    assert not heard.of("finished")[-1].cancelled
    assert heard.of("compared")[-1].generation == asked[-1].generation

    pid = worker.engine_pid
    assert pid is not None
    last = ask(session)
    with qtbot.waitSignal(worker.progress, timeout=WAIT_MS):
        worker.submit(last)
    os.kill(pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: len(heard.of("finished")) == 8, timeout=WAIT_MS)
    assert heard.of("compared")[-1].generation == last.generation
    if worker.engine_pid != pid:  # else the answer was on its way already
        assert len(heard.of("restarted")) == 1
        assert len(heard.of("ready")) == 2

    started = time.monotonic()
    worker.close()
    assert time.monotonic() - started < 2


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_an_idle_engine_that_ends_is_started_again(
    make: Callable[..., tuple[EngineWorker, Heard]], qtbot: QtBot, starts: Callable[[], int]
) -> None:
    worker, heard = make("say(Ready({}, 0.0)); hear()")
    with qtbot.waitSignal(worker.ready, timeout=WAIT_MS):
        worker.start()
    assert worker.engine_pid is not None
    os.kill(worker.engine_pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: len(heard.of("ready")) == 2, timeout=WAIT_MS)
    assert heard.names() == ["ready", "restarted", "ready"]
    assert "signal 9" in heard.of("restarted")[0]
    assert starts() == 2


CRASH_ONCE = """
say(Ready({}, 0.0))
while True:
    request = hear()
    if starts == 0:
        os._exit(9)
    say(Progress(request.generation, "again"))
    say(Finished(request.generation))
"""


def test_a_request_is_tried_again_after_a_crash(
    make: Callable[..., tuple[EngineWorker, Heard]], session: Session, qtbot: QtBot
) -> None:
    worker, heard = make(CRASH_ONCE)
    request = ask(session)
    with qtbot.waitSignal(worker.finished, timeout=WAIT_MS):
        worker.start()
        worker.submit(request)
    assert heard.names() == ["ready", "restarted", "ready", "finished"]
    assert heard.of("finished")[0].generation == request.generation


def test_a_request_that_crashes_twice_has_failed(
    make: Callable[..., tuple[EngineWorker, Heard]],
    session: Session,
    qtbot: QtBot,
    starts: Callable[[], int],
) -> None:
    worker, heard = make("say(Ready({}, 0.0)); hear(); os._exit(9)")
    request = ask(session)
    worker.start()
    worker.submit(request)
    qtbot.waitUntil(lambda: len(heard.of("ready")) == 3, timeout=WAIT_MS)
    assert heard.names() == [
        *("ready", "restarted", "ready", "failed", "finished", "restarted", "ready"),
    ]
    failed = heard.of("failed")[0]
    assert failed.generation == request.generation
    assert isinstance(failed.error, EngineCrashedError)
    assert "exit code 9" in failed.error.message
    assert not heard.of("finished")[0].cancelled
    settle(300)
    assert starts() == 3


def test_only_the_newest_of_several_lost_requests_has_failed(
    make: Callable[..., tuple[EngineWorker, Heard]], session: Session, qtbot: QtBot
) -> None:
    worker, heard = make("say(Ready({}, 0.0)); hear(); hear(); os._exit(9)")
    asked = [ask(session), ask(session)]
    for request in asked:
        worker.submit(request)
    worker.start()
    qtbot.waitUntil(lambda: len(heard.of("finished")) == 2, timeout=WAIT_MS)
    assert [m.generation for m in heard.of("failed")] == [asked[1].generation]
    assert [(m.generation, m.cancelled) for m in heard.of("finished")] == [
        (asked[0].generation, True),
        (asked[1].generation, False),
    ]


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_an_engine_that_cannot_start_fails_once(
    make: Callable[..., tuple[EngineWorker, Heard]],
    session: Session,
    qtbot: QtBot,
    starts: Callable[[], int],
    asked: int,
) -> None:
    worker, heard = make("os._exit(3)")
    for _ in range(asked):
        worker.submit(ask(session))
    with qtbot.waitSignal(worker.failed, timeout=WAIT_MS) as caught:
        worker.start()
    (message,) = caught.args
    assert message.generation == NO_ENGINE
    assert isinstance(message.error, EngineError)
    assert "exit code 3" in message.error.message
    assert "doctor" in message.error.mend
    settle(400)
    assert heard.names() == ["finished"] * asked + ["failed"]
    assert starts() == 1


def test_a_command_that_does_not_exist_fails_once(qtbot: QtBot, session: Session) -> None:
    worker = EngineWorker(command=["/none/python"])
    heard = Heard(worker)
    worker.submit(ask(session))
    with qtbot.waitSignal(worker.failed, timeout=WAIT_MS):
        worker.start()
    settle(200)
    assert heard.names() == ["finished", "failed"]
    assert "could not be started" in heard.of("failed")[0].error.message
    worker.close()


START_THE_SECOND_TIME = """
if starts == 0:
    os._exit(3)
say(Ready({}, 0.0))
while True:
    say(Finished(hear().generation))
"""


@pytest.mark.parametrize("start_again", [True, False])
def test_the_next_request_starts_an_engine_that_was_given_up(
    make: Callable[..., tuple[EngineWorker, Heard]],
    session: Session,
    qtbot: QtBot,
    start_again: bool,
) -> None:
    worker, heard = make(START_THE_SECOND_TIME)
    with qtbot.waitSignal(worker.failed, timeout=WAIT_MS):
        worker.start()
    with qtbot.waitSignal(worker.finished, timeout=WAIT_MS):
        if start_again:
            worker.start()
        worker.submit(ask(session))
    settle(100)
    assert heard.names() == ["failed", "ready", "finished"]


def test_an_engine_that_keeps_ending_is_given_up(
    make: Callable[..., tuple[EngineWorker, Heard]], qtbot: QtBot, starts: Callable[[], int]
) -> None:
    worker, heard = make("say(Ready({}, 0.0)); os._exit(4)")
    with qtbot.waitSignal(worker.failed, timeout=WAIT_MS) as caught:
        worker.start()
    assert "keeps ending" in caught.args[0].error.message
    settle(400)
    assert heard.names().count("failed") == 1
    assert starts() == 3


STUCK = """
say(Ready({}, 0.0))
while True:
    request = hear()
    if starts == 0:
        time.sleep(60)
    say(Finished(request.generation))
"""


def test_a_stuck_engine_is_killed_after_a_cancel(
    make: Callable[..., tuple[EngineWorker, Heard]],
    session: Session,
    qtbot: QtBot,
    starts: Callable[[], int],
) -> None:
    worker, heard = make(STUCK)
    stuck = ask(session)
    with qtbot.waitSignal(worker.ready, timeout=WAIT_MS):
        worker.start()
    worker.submit(stuck)
    started = time.monotonic()
    with qtbot.waitSignal(worker.finished, timeout=WAIT_MS) as caught:
        worker.cancel()
    assert 1.5 < time.monotonic() - started < 4
    assert (caught.args[0].generation, caught.args[0].cancelled) == (stuck.generation, True)
    with qtbot.waitSignal(worker.finished, timeout=WAIT_MS):
        worker.submit(ask(session))
    assert heard.names() == ["ready", "finished", "ready", "finished"]
    assert starts() == 2


def test_a_request_behind_a_cancelled_stuck_one_is_done_by_the_next_process(
    make: Callable[..., tuple[EngineWorker, Heard]], session: Session, qtbot: QtBot
) -> None:
    worker, heard = make(STUCK)
    worker.start()
    stuck = ask(session)
    worker.submit(stuck)
    worker.cancel()
    wanted = ask(session)
    worker.submit(wanted)
    qtbot.waitUntil(lambda: len(heard.of("finished")) == 2, timeout=WAIT_MS)
    assert [(m.generation, m.cancelled) for m in heard.of("finished")] == [
        (stuck.generation, True),
        (wanted.generation, False),
    ]
    assert heard.of("failed") == []


POLITE = """
say(Ready({}, 0.0))
while True:
    message = hear()
    if isinstance(message, Cancel):
        say(Finished(message.generation, cancelled=True))
"""


def test_an_engine_that_heeds_a_cancel_is_not_killed(
    make: Callable[..., tuple[EngineWorker, Heard]],
    session: Session,
    qtbot: QtBot,
    starts: Callable[[], int],
) -> None:
    worker, heard = make(POLITE)
    worker.start()
    worker.submit(ask(session))
    with qtbot.waitSignal(worker.finished, timeout=WAIT_MS):
        worker.cancel()
    settle(2300)
    assert heard.names() == ["ready", "finished"]
    assert starts() == 1
    worker.cancel()
    settle(50)
    assert heard.names() == ["ready", "finished"]


def test_a_cancel_before_the_engine_is_ready(
    make: Callable[..., tuple[EngineWorker, Heard]], session: Session, qtbot: QtBot
) -> None:
    worker, heard = make("time.sleep(60)\nsay(Ready({}, 0.0))")
    worker.start()
    worker.submit(ask(session))
    with qtbot.waitSignal(worker.finished, timeout=WAIT_MS) as caught:
        worker.cancel()
    assert caught.args[0].cancelled
    assert heard.of("failed") == []


@pytest.mark.parametrize(
    "script", ["time.sleep(60)", "say(Ready({}, 0.0))\nhear()\ntime.sleep(60)"]
)
def test_close_ends_whatever_the_engine_does(
    make: Callable[..., tuple[EngineWorker, Heard]], session: Session, script: str
) -> None:
    worker, heard = make(script)
    worker.start()
    worker.submit(ask(session))
    settle(500)
    pid = worker.engine_pid
    assert pid is not None
    started = time.monotonic()
    worker.close()
    assert time.monotonic() - started < 2
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    settle(50)
    assert heard.of("failed") == []
    worker.close()


def test_close_without_a_start(qapp: QCoreApplication) -> None:
    EngineWorker().close()


def test_close_after_the_engine_was_given_up(
    make: Callable[..., tuple[EngineWorker, Heard]], qtbot: QtBot
) -> None:
    worker, _ = make("os._exit(3)")
    with qtbot.waitSignal(worker.failed, timeout=WAIT_MS):
        worker.start()
    started = time.monotonic()
    worker.close()
    assert time.monotonic() - started < 1


def test_nothing_blocks_the_caller(
    make: Callable[..., tuple[EngineWorker, Heard]], session: Session
) -> None:
    """Not even a large pasted picture on its way to an engine that does not read."""
    worker, _ = make("time.sleep(60)")
    session.set_picture(PictureSource("pasted.png", data=bytes(30_000_000)))
    started = time.perf_counter()
    worker.start()
    worker.submit(ask(session))
    worker.cancel()
    assert time.perf_counter() - started < 0.2


ANSWERS = """
say(Ready({}, 0.0))
while True:
    message = hear()
    if not isinstance(message, Cancel):
        say(Finished(message.generation))
"""


def remote(session: Session, handle: str) -> Session:
    right = replace(session.pair.right, source=Source(SourceKind.HUB, handle))
    session.set_pair(replace(session.pair, right=right))
    return session


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with serving() as made:
        yield made


def test_releases_are_fetched_before_the_engine_is_asked(
    make: Callable[..., tuple[EngineWorker, Heard]],
    session: Session,
    qtbot: QtBot,
    server: Server,
) -> None:
    worker, heard = make(ANSWERS)
    worker.start()
    handle = put_module(server, tar_gz(model_files()), pace=0.01)
    with qtbot.waitSignal(worker.finished, timeout=WAIT_MS) as caught:
        worker.submit(ask(remote(session, handle)))
    assert not caught.args[0].cancelled
    assert heard.of("progress")[0].text.startswith("Fetching ")
    assert [request.path for request in server.requests] == ["/module/1?tf-hub-format=compressed"]


def test_a_release_that_cannot_be_fetched_never_reaches_the_engine(
    make: Callable[..., tuple[EngineWorker, Heard]],
    session: Session,
    qtbot: QtBot,
    server: Server,
) -> None:
    worker, heard = make(ANSWERS)
    worker.start()
    with qtbot.waitSignal(worker.finished, timeout=WAIT_MS):
        worker.submit(ask(remote(session, put_module(server, status=404))))
    settle(200)
    assert [name for name in heard.names() if name != "ready"] == ["failed", "finished"]
    assert isinstance(heard.of("failed")[0].error, ReleaseMissingError)


def test_a_fetch_is_cancelled_at_once_and_the_engine_stays(
    make: Callable[..., tuple[EngineWorker, Heard]],
    session: Session,
    qtbot: QtBot,
    server: Server,
    starts: Callable[[], int],
) -> None:
    worker, heard = make(ANSWERS)
    with qtbot.waitSignal(worker.ready, timeout=WAIT_MS):
        worker.start()
    request = ask(remote(session, put_module(server, tar_gz(model_files()), stall=1000)))
    worker.submit(request)
    with server.moved:
        assert server.moved.wait_for(lambda: server.sent >= 1000, WAIT_MS / 1000)
    with qtbot.waitSignal(worker.finished, timeout=1500) as caught:
        worker.cancel()
    assert (caught.args[0].generation, caught.args[0].cancelled) == (request.generation, True)
    settle(2300)
    assert starts() == 1
    assert heard.of("failed") == []
