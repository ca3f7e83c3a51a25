from __future__ import annotations

import importlib.util
import socket
import time
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import ClusterError, UsageError
from inspector.engine.sweep.cluster import scheduler
from inspector.engine.sweep.cluster.scheduler import check_scheduler, open_cluster
from tests.support.program import SAMPLES, run_program

if TYPE_CHECKING:
    from pathlib import Path


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'twin-inspector\[cluster\]'"):
        check_scheduler("local")


@pytest.fixture
def dask() -> None:
    pytest.importorskip("distributed")


@pytest.mark.usefixtures("dask")
@pytest.mark.parametrize(
    "text", ["tcp://10.0.0.1:8786", "tls://host:8786", "host:1", "[::1]:8786", "local", "local:3"]
)
def test_addresses_are_taken(text: str) -> None:
    check_scheduler(text)


@pytest.mark.usefixtures("dask")
@pytest.mark.parametrize(
    "text",
    ["", "host", "host:", ":8786", "host:port", "host:99999", "local:0", "local:x", "local:"],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        check_scheduler(text)


@pytest.mark.usefixtures("dask")
@pytest.mark.parametrize("scheme", ["foo", "tls"])
def test_an_address_that_cannot_work_is_an_error(scheme: str) -> None:
    with (
        pytest.raises(ClusterError, match=rf"No Dask scheduler answers at {scheme}://"),
        open_cluster(f"{scheme}://127.0.0.1:9"),
    ):
        pass


@pytest.mark.usefixtures("dask")
@pytest.mark.parametrize("listens", [False, True])
def test_nobody_there_or_nobody_who_speaks_is_an_error_within_seconds(
    listens: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "CONNECT_SECONDS", 0.5)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if listens:
            server.listen()
        address = f"127.0.0.1:{server.getsockname()[1]}"
        begun = time.monotonic()
        with pytest.raises(ClusterError, match=address), open_cluster(address):
            pass
    assert time.monotonic() - begun < 10


@pytest.mark.usefixtures("dask")
def test_no_run_is_begun_where_there_is_no_cluster(tmp_path: Path) -> None:
    run = tmp_path / "run.sqlite"
    outcome = run_program("sweep", SAMPLES, "--run", run, "--scheduler", "foo://a:1")
    assert outcome.code == 5
    assert "No Dask scheduler answers at foo://a:1" in outcome.err
    assert not run.exists()
    assert "Add --scheduler" in run_program("sweep", "a", "--run", run, "--send-pictures").err
