from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from inspector.core.errors import Cancelled
from inspector.store import hub_lock
from inspector.store.processes import runs_since_before, turn

UID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "aaff"


@pytest.fixture
def dead_pid() -> int:
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    return int(done.stdout)


def put_lock(place: Path, pid: int, host: str | None = None, age: float = 0.0) -> Path:
    """Leave a lock and an unfinished folder as tensorflow_hub names them."""
    lock = Path(f"{place}.lock")
    lock.write_text(f"{host or socket.gethostname()}.{pid}.{UID}")
    folder = Path(f"{place}.{UID}.tmp")
    (folder / "variables").mkdir(parents=True)
    (folder / "saved_model.pb").write_bytes(b"half")
    then = time.time() - age
    for path in (lock, folder, *folder.rglob("*")):
        os.utime(path, (then, then))
    return folder


def test_locks_of_the_dead_are_cleared(place: Path, dead_pid: int) -> None:
    folder = put_lock(place, dead_pid)
    other = place.with_name("bbff.0000.tmp")
    other.mkdir()
    assert hub_lock.clear_dead(place)
    assert not folder.exists()
    assert list(place.parent.iterdir()) == [other]


def test_locks_of_the_living_are_respected(place: Path) -> None:
    folder = put_lock(place, os.getpid())
    assert not hub_lock.clear_dead(place)
    assert folder.exists()
    with pytest.raises(Cancelled):
        hub_lock.wait_until_free(place, lambda: True)
    assert hub_lock.lock_file(place).exists()


def test_a_process_that_took_over_the_number_is_another_one(place: Path) -> None:
    put_lock(place, os.getpid(), age=0)
    then = time.time() - 500
    os.utime(hub_lock.lock_file(place), (then, then))
    began = time.time() - float(Path("/proc/uptime").read_text().split()[0])
    assert began < then or runs_since_before(os.getpid(), then) is False
    assert hub_lock.is_live(place) is runs_since_before(os.getpid(), then)


def test_another_machine_is_live_until_it_has_been_quiet(place: Path, dead_pid: int) -> None:
    put_lock(place, dead_pid, host="other.example.org", age=500)
    assert hub_lock.is_live(place)
    for path in place.parent.rglob("*"):
        os.utime(path, (time.time() - 700,) * 2)
    assert not hub_lock.is_live(place)


def test_an_unreadable_lock_counts_by_its_age(place: Path) -> None:
    hub_lock.lock_file(place).write_bytes(b"\xff nonsense")
    assert hub_lock.is_live(place)
    os.utime(hub_lock.lock_file(place), (time.time() - 700,) * 2)
    assert hub_lock.clear_dead(place)


def test_unfinished_folders_without_a_lock_are_cleared(place: Path, dead_pid: int) -> None:
    folder = put_lock(place, dead_pid)
    hub_lock.lock_file(place).unlink()
    assert hub_lock.clear_dead(place)
    assert not folder.exists()


def test_holds_hubs_lock_as_hub_writes_it(place: Path) -> None:
    with hub_lock.held(place, lambda: False) as temporary:
        text = Path(f"{place}.lock").read_text()
        host, pid, uid = text.rsplit(".", 2)
        assert (host, int(pid)) == (socket.gethostname(), os.getpid())
        assert temporary == Path(f"{place}.{uid}.tmp")
        temporary.mkdir()
        (temporary / "file").write_bytes(b"")
        assert hub_lock.is_live(place)
    assert list(place.parent.iterdir()) == []


def test_waits_for_the_other_one(place: Path) -> None:
    put_lock(place, os.getpid())
    polls: list[int] = []

    def look() -> bool:
        polls.append(1)
        if len(polls) == 2:
            hub_lock.lock_file(place).unlink()
        return False

    with hub_lock.held(place, look):
        assert len(polls) == 2


def test_a_lock_of_another_machine_is_told_of_and_soon_given_up(place: Path) -> None:
    folder = put_lock(place, 7, host="old.container", age=59.6)
    told: list[str] = []
    started = time.monotonic()
    patience = hub_lock.Patience(60.0, told.append)
    hub_lock.wait_until_free(place, lambda: time.monotonic() - started > 20, patience)
    assert time.monotonic() - started < 10
    assert not folder.exists()
    (text,) = told
    lock = hub_lock.lock_file(place)
    for part in ("process 7 of the machine old.container", "0 s more", f"delete {lock}"):
        assert part in text
    assert re.search(r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d;", text)


def test_what_it_waits_for_is_told_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_lock(place, 7, host="other")
    monkeypatch.setattr(hub_lock, "TELL_SECONDS", 0.3)
    told: list[str] = []
    with pytest.raises(Cancelled):
        hub_lock.wait_until_free(
            place, lambda: len(told) == 3, hub_lock.Patience(60.0, told.append)
        )
    assert len(told) == 3


def test_a_clock_that_is_ahead_does_not_lengthen_the_wait(place: Path) -> None:
    put_lock(place, 7, host="other", age=-3600)
    started = time.monotonic()
    hub_lock.wait_until_free(place, lambda: time.monotonic() - started > 20, hub_lock.Patience(0.5))
    assert 0.5 <= time.monotonic() - started < 10


def test_a_process_of_this_machine_is_not_given_up_early(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_lock, "runs_since_before", lambda pid, moment: pid == os.getpid())
    put_lock(place, os.getpid(), age=120)
    assert hub_lock.is_live(place, 60.0)
    hub_lock.lock_file(place).write_text(f"other.{os.getpid()}.{UID}")
    os.utime(hub_lock.lock_file(place), (time.time() - 120,) * 2)
    assert not hub_lock.is_live(place, 60.0)


def test_running_and_dead(dead_pid: int) -> None:
    assert runs_since_before(os.getpid(), time.time())
    assert not runs_since_before(dead_pid, time.time())
    assert not runs_since_before(os.getpid(), 1000.0)


def test_turns(tmp_path: Path) -> None:
    file = tmp_path / "turn"
    inside = threading.Event()
    leave = threading.Event()

    def hold() -> None:
        with turn(file, lambda: False):
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert inside.wait(10)
    with pytest.raises(Cancelled), turn(file, lambda: True):
        pass
    threading.Timer(0.5, leave.set).start()
    told: list[str] = []
    with turn(file, lambda: False, lambda: told.append("waiting")) as waited:
        assert waited
    assert told == ["waiting"]
    thread.join()
    with turn(file, lambda: False) as waited:
        assert not waited
