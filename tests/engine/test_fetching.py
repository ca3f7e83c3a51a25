"""What is fetched before the engine process sees a request; a server of this machine has it."""

from __future__ import annotations

import queue
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.catalogue import STARTER, choose_pair, hub_directory_name
from inspector.core.errors import ReleaseMissingError
from inspector.core.picture import PictureSource
from inspector.core.sources import Source, SourceKind
from inspector.engine.fetching import Fetches, FetchTelling, remote_releases
from inspector.engine.messages import (
    CompareRequest,
    ExplainRequest,
    Failed,
    Finished,
    Progress,
    Reply,
    TaskRequest,
)
from inspector.session import Session
from tests.store.made import model_files, put_module, tar_gz
from tests.store.servers import Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 20.0


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("TWIN_INSPECTOR_MIRRORS", raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "hub"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


def make_request(handle: str, generation: int = 1) -> CompareRequest:
    starter = choose_pair(STARTER)
    right = replace(starter.right, source=Source(SourceKind.HUB, handle))
    session = Session(replace(starter, id="remote", right=right))
    session.set_picture(PictureSource("x.png", data=b""))
    request = session.request()
    assert request is not None
    return replace(request, generation=generation)


class Asked:
    """One `Fetches` and all that it said."""

    def __init__(self) -> None:
        self.told: list[Reply] = []
        self.outcomes: queue.Queue[Failed | Finished | None] = queue.Queue()
        self.fetches = Fetches(self.told.append)

    def begin(self, request: CompareRequest) -> None:
        assert self.fetches.wanted(request)
        self.fetches.begin(request, self.outcomes.put)

    def outcome(self) -> Failed | Finished | None:
        return self.outcomes.get(timeout=PATIENCE)


def test_a_release_is_fetched_once(server: Server, caches: Path) -> None:
    handle = put_module(server, tar_gz(model_files()))
    asked, request = Asked(), make_request(handle)
    asked.begin(request)
    assert asked.outcome() is None
    assert (caches / hub_directory_name(handle) / "saved_model.pb").is_file()
    assert not asked.fetches.wanted(replace(request, generation=2))


def test_what_cannot_be_fetched_is_an_error(server: Server) -> None:
    asked = Asked()
    asked.begin(make_request(put_module(server, status=404)))
    outcome = asked.outcome()
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, ReleaseMissingError)
    assert outcome.generation == 1


@pytest.mark.parametrize("how", ["cancel", "newer", "close"])
def test_a_stalled_fetch_ends_when_nobody_wants_it(server: Server, how: str) -> None:
    asked = Asked()
    asked.begin(make_request(put_module(server, tar_gz(model_files()), stall=1000)))
    with server.moved:
        assert server.moved.wait_for(lambda: server.sent >= 1000, PATIENCE)
    if how == "cancel":
        asked.fetches.cancel(1)
    elif how == "newer":
        assert not asked.fetches.wanted(replace(make_request("x"), generation=2, pair=STARTER_PAIR))
    else:
        asked.fetches.close()
    assert asked.outcome() == Finished(1, cancelled=True)


STARTER_PAIR = choose_pair(STARTER)


def test_which_releases_may_have_to_be_fetched() -> None:
    request = make_request("https://tfhub.dev/x/1")
    assert remote_releases(request) == (request.pair.right,)
    assert remote_releases(ExplainRequest(1, request)) == (request.pair.right,)
    assert remote_releases(replace(request, pair=STARTER_PAIR)) == ()
    assert remote_releases(TaskRequest(1, "anything")) == ()
    assert remote_releases(TaskRequest(1, request.pair)) == ()


def test_a_lock_that_is_waited_for_is_told(server: Server, caches: Path) -> None:
    handle = put_module(server, tar_gz(model_files()))
    caches.mkdir(parents=True, exist_ok=True)
    (caches / f"{hub_directory_name(handle)}.lock").write_text("oldcontainer.7.abc")
    told: queue.Queue[Reply] = queue.Queue()
    outcomes: queue.Queue[Failed | Finished | None] = queue.Queue()
    fetches = Fetches(told.put)
    request = make_request(handle)
    assert fetches.wanted(request)
    fetches.begin(request, outcomes.put)
    first = told.get(timeout=PATIENCE)
    fetches.cancel(request.generation)
    assert isinstance(first, Progress)
    assert "process 7 of the machine oldcontainer" in first.text
    assert outcomes.get(timeout=PATIENCE) == Finished(1, cancelled=True)


def test_progress_is_told_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, float | None]] = []
    now = [100.0]
    monkeypatch.setattr("inspector.engine.fetching.time.monotonic", lambda: now[0])
    telling = FetchTelling("It", lambda text, fraction: told.append((text, fraction)))
    telling(1_000_000, 4_000_000, 2e6)
    telling(2_000_000, 4_000_000, 2e6)
    now[0] += 1.0
    telling(3_000_000, None, 2e6)
    assert told == [
        ("Fetching It: 1.0 of 4.0 MB, 2.0 MB/s", 0.25),
        ("Fetching It: 3.0 MB, 2.0 MB/s", None),
    ]


def test_a_slow_fetch_tells_its_progress(server: Server) -> None:
    asked = Asked()
    body = tar_gz(model_files(size=60_000))
    asked.begin(make_request(put_module(server, body, pace=0.01)))
    assert asked.outcome() is None
    assert asked.told
    assert isinstance(asked.told[0], Progress)
    assert asked.told[0].generation == 1
