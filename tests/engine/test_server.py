"""Engine process and its client: real processes, one shared by the tests that do not end it."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import EngineCrashedError, EngineError, PictureError
from inspector.core.picture import PictureSource
from inspector.core.verdict import VerdictCode
from inspector.engine import client as client_module
from inspector.engine import wire
from inspector.engine.client import EngineClient
from inspector.engine.messages import (
    Cancel,
    Compared,
    CompareRequest,
    Failed,
    Finished,
    Progress,
    Ready,
    Reply,
)
from inspector.session import Session
from tests.support import pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from inspector.core.pairs import PairSpec

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "engine.log"


@pytest.fixture(scope="module")
def start(log: Path) -> Iterator[Callable[..., EngineClient]]:
    """Start engines that write to the tests' own log and have ended when the tests have."""
    started: list[EngineClient] = []
    patch = pytest.MonkeyPatch()
    patch.setattr(client_module, "log_file", lambda _: log)

    def start_one(*command: str) -> EngineClient:
        started.append(EngineClient(command) if command else EngineClient())
        return started[-1]

    yield start_one
    for client in started:
        client.close()
        assert not client.is_alive
    patch.undo()


@pytest.fixture(scope="module")
def engine_process(start: Callable[..., EngineClient]) -> EngineClient:
    client = start()
    assert isinstance(client.receive(), Ready)
    return client


@pytest.fixture(scope="module")
def session(tiny: PairSpec, photo: Path) -> Session:
    """Give one session, so that generations go on growing."""
    made = Session(tiny)
    made.set_picture(PictureSource.from_path(photo))
    return made


def request(session: Session, **changes: object) -> CompareRequest:
    made = session.request()
    assert made is not None
    return replace(made, **changes)  # type: ignore[arg-type]


def until_finished(client: EngineClient, generation: int) -> list[Reply]:
    replies = []
    while True:
        reply = client.receive()
        replies.append(reply)
        if isinstance(reply, Finished) and reply.generation == generation:
            return replies


def of_kind(replies: list[Reply], kind: type) -> list[Reply]:
    return [reply for reply in replies if isinstance(reply, kind)]


def gone(pid: int, seconds: float = PATIENCE) -> bool:
    """Wait for a process that is no child of ours to end."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_a_result_arrives(engine_process: EngineClient, session: Session) -> None:
    asked = request(session)
    engine_process.send(asked)
    replies = until_finished(engine_process, asked.generation)
    (compared,) = of_kind(replies, Compared)
    assert isinstance(compared, Compared)
    assert compared.result.pair == asked.pair
    assert compared.result.verdict.code in set(VerdictCode)
    assert replies[-1] == Finished(asked.generation)
    assert replies[-2] is compared
    assert len(of_kind(replies, Progress)) >= 4
    assert all(reply.generation == asked.generation for reply in replies)  # type: ignore[union-attr]


def test_an_error_arrives_whole_and_the_process_goes_on(
    engine_process: EngineClient, session: Session
) -> None:
    asked = request(session, picture=PictureSource("text.jpg", data=b"no picture"))
    engine_process.send(asked)
    replies = until_finished(engine_process, asked.generation)
    (failed,) = of_kind(replies, Failed)
    assert isinstance(failed, Failed)
    assert type(failed.error) is PictureError
    assert failed.error.mend
    assert "Traceback" in failed.trace
    assert replies[-1] == Finished(asked.generation, cancelled=False)
    test_a_result_arrives(engine_process, session)


def test_a_senseless_request_is_an_engine_error_and_the_process_goes_on(
    engine_process: EngineClient, session: Session
) -> None:
    asked = request(session, left=None)
    engine_process.send(asked)
    (failed,) = of_kind(until_finished(engine_process, asked.generation), Failed)
    assert isinstance(failed, Failed)
    assert type(failed.error) is EngineError
    assert "AttributeError" in failed.error.message
    test_a_result_arrives(engine_process, session)


def test_newest_wins(engine_process: EngineClient, session: Session) -> None:
    asked = [request(session) for _ in range(4)]
    for one in asked:
        engine_process.send(one)
    replies = until_finished(engine_process, asked[-1].generation)
    finished = of_kind(replies, Finished)
    assert [reply.generation for reply in finished] == [one.generation for one in asked]  # type: ignore[union-attr]
    assert finished[-1] == Finished(asked[-1].generation)
    assert finished[-2] == Finished(asked[-2].generation, cancelled=True)
    compared = of_kind(replies, Compared)
    assert compared[-1].generation == asked[-1].generation  # type: ignore[union-attr]
    assert not [r for r in compared if r.generation == asked[1].generation]  # type: ignore[union-attr]


def test_cancel(engine_process: EngineClient, session: Session) -> None:
    asked = request(session)
    engine_process.send(Cancel(asked.generation))
    engine_process.send(asked)
    replies = until_finished(engine_process, asked.generation)
    assert replies == [Finished(asked.generation, cancelled=True)]
    test_a_result_arrives(engine_process, session)


def test_cancel_at_work(
    start: Callable[..., EngineClient], engine_process: EngineClient, session: Session
) -> None:
    """A pair that is not loaded yet takes long enough to be cancelled in the middle."""
    asked = request(session, pair=replace(session.pair, id="again"))
    engine_process.send(asked)
    replies = [engine_process.receive()]
    while not (isinstance(replies[-1], Progress) and replies[-1].text.startswith("Loading")):
        replies.append(engine_process.receive())
    engine_process.send(Cancel(asked.generation))
    replies = until_finished(engine_process, asked.generation)
    assert replies[-1] == Finished(asked.generation, cancelled=True)
    assert not of_kind(replies, Compared)


def test_memory_pictures_cross_too(engine_process: EngineClient, session: Session) -> None:
    picture = PictureSource("pasted.png", data=pictures.png(120, 90))
    asked = request(session, picture=picture)
    engine_process.send(asked)
    (compared,) = of_kind(until_finished(engine_process, asked.generation), Compared)
    assert isinstance(compared, Compared)
    assert (compared.result.picture.name, compared.result.picture.path) == ("pasted.png", None)


def test_tensorflows_chatter_goes_to_the_log(start: Callable[..., EngineClient], log: Path) -> None:
    code = """
        import os, sys, inspector.engine.server as server
        from inspector.engine.engine import Engine
        whole = Engine.__init__
        def loud(self):
            print("printed by a library", flush=True)
            os.write(1, b"written to descriptor one\\n")
            os.write(2, b"written to descriptor two\\n")
            assert os.read(0, 10) == b""
            whole(self)
        Engine.__init__ = loud
        server.main()
    """
    client = start(sys.executable, "-c", textwrap.dedent(code))
    assert isinstance(client.receive(), Ready)
    text = log.read_text()
    for line in ("printed by a library", "written to descriptor one", "written to descriptor two"):
        assert line in text
    client.close()


def test_what_prints_instead_of_answering_has_crashed(start: Callable[..., EngineClient]) -> None:
    client = start(sys.executable, "-c", "print('x' * 4000, flush=True); input()")
    with pytest.raises(EngineCrashedError):
        client.receive()
    assert not client.is_alive


def test_an_end_by_itself_is_told_with_its_code(
    start: Callable[..., EngineClient], log: Path
) -> None:
    with pytest.raises(EngineCrashedError, match="exit code 7") as caught:
        start(sys.executable, "-c", "raise SystemExit(7)").receive()
    assert str(log) in caught.value.mend


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_an_end_by_a_signal_is_told(start: Callable[..., EngineClient]) -> None:
    client = start(sys.executable, "-c", "import time; time.sleep(60)")
    os.kill(client.pid, signal.SIGSEGV)
    with pytest.raises(EngineCrashedError, match=f"signal {int(signal.SIGSEGV)}"):
        client.receive()
    assert client.is_alive is False
    with pytest.raises(EngineCrashedError):
        client.receive()


def test_a_command_that_does_not_exist(start: Callable[..., EngineClient]) -> None:
    with pytest.raises(EngineError, match="could not be started") as caught:
        start("/none/python")
    assert caught.value.mend


def test_bytes_that_are_no_request_end_the_process(start: Callable[..., EngineClient]) -> None:
    client = start()
    stream = client._process.stdin
    assert stream is not None
    stream.write(b"no request" * 9)
    stream.flush()
    with pytest.raises(EngineCrashedError, match="exit code 1"):
        until_finished(client, 1)


def test_close_ends_a_process_that_does_not_listen(start: Callable[..., EngineClient]) -> None:
    client = start(sys.executable, "-c", "import time; time.sleep(60)")
    started = time.monotonic()
    client.close(patience=0.2)
    assert time.monotonic() - started < 2
    assert not client.is_alive
    client.close()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at /proc")
@pytest.mark.parametrize("how", ["ends", "is killed"])
def test_the_engine_does_not_outlive_its_window(tmp_path: Path, how: str) -> None:
    code = """
        import sys, time
        from inspector.engine.client import EngineClient
        client = EngineClient()
        print(client.pid, flush=True)
        if sys.argv[1] == "is killed":
            client.receive()
            print("ready", flush=True)
            time.sleep(60)
    """
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), how],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        if how == "is killed":
            assert parent.stdout.readline() == "ready\n"
            assert not gone(pid, 0.1)
            parent.kill()
        parent.wait(PATIENCE)
    assert gone(pid)


def test_the_clients_process_never_imports_tensorflow(
    tmp_path: Path, tiny_file: Path, photo: Path
) -> None:
    code = """
        import sys
        from pathlib import Path
        from inspector.core.pairs import read_pairs
        from inspector.core.picture import PictureSource
        from inspector.engine.client import EngineClient
        from inspector.engine.messages import Compared, Failed
        from inspector.session import Session
        session = Session(read_pairs(Path(sys.argv[1]))[0])
        session.set_picture(PictureSource.from_path(sys.argv[2]))
        client = EngineClient()
        client.send(session.request())
        while not isinstance(reply := client.receive(), (Compared, Failed)):
            pass
        client.close()
        heavy = {"tensorflow", "keras", "tensorflow_hub", "PIL", "PySide6"} & set(sys.modules)
        sys.exit(f"imported {heavy}" if heavy else int(isinstance(reply, Failed)))
    """
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code), str(tiny_file), str(photo)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_requests_are_plain_values(session: Session) -> None:
    import io

    asked = request(session)
    stream = io.BytesIO()
    wire.send(stream, asked)
    assert len(stream.getvalue()) < 5000
    stream.seek(0)
    assert wire.receive(stream) == asked


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() not in {"x86_64", "aarch64"},
    reason="the kernel's filter is for Linux",
)
def test_the_process_has_no_network(engine_process: EngineClient) -> None:
    status = Path(f"/proc/{engine_process.pid}/status").read_text()
    assert "Seccomp:\t2" in status
    threads = [
        path.read_text() for path in Path(f"/proc/{engine_process.pid}/task").glob("*/status")
    ]
    assert threads
    assert all("Seccomp:\t2" in thread for thread in threads)
