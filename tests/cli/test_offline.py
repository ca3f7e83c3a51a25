"""Commands fetch what they need and then open models without a network."""

from __future__ import annotations

import platform
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from inspector.core.resources import resource_path
from tests.store.made import put_module, read_model, tar_gz
from tests.store.servers import Server, serving
from tests.support.program import GOLF_BALL, finish, program, started

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

PATIENCE_SECONDS = 60

PAIR = """
[[pair]]
id = "both_remote"
title = "Two modules of a server"
labels = "imagenet"
[pair.left]
source = "hub:{left}"
mode = "hub"
range = [0.0, 1.0]
output = "logits"
background = true
[pair.right]
source = "hub:{right}"
mode = "hub"
range = [0.0, 1.0]
output = "logits"
background = true
"""


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


def has_no_network(process: subprocess.Popen[str]) -> bool:
    """Tell whether the kernel filters a process's calls, as soon as it does or it has ended."""
    status = Path(f"/proc/{process.pid}/status")
    until = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < until:
        if "\nSeccomp:\t2\n" in status.read_text():
            return True
        time.sleep(0.01)
    return False


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() not in {"x86_64", "aarch64"},
    reason="the kernel's filter is for Linux",
)
def test_both_releases_are_fetched_and_then_the_network_is_given_up(
    server: Server, tmp_path: Path
) -> None:
    archive = tar_gz(read_model(resource_path("starter", "hub")))
    left = put_module(server, archive)
    server.put("/module/2?tf-hub-format=compressed", archive)
    pair = tmp_path / "pair.toml"
    pair.write_text(PAIR.format(left=left, right=f"{server.address}/module/2"))
    own_caches = {
        "TFHUB_CACHE_DIR": str(tmp_path / "hub"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "http_proxy": None,
        "HTTP_PROXY": None,
    }
    command = program("compare", GOLF_BALL, "--pair", pair, "--json")
    with started(command, env=own_caches) as process:
        filtered = has_no_network(process)
        outcome = finish(process)
    assert filtered, "models were opened with a network"
    assert outcome.code == 0, outcome.err
    assert outcome.json()["comparison"]["max_abs_difference"] == 0
    assert len(server.asked("/module/1?tf-hub-format=compressed")) == 1
    assert len(server.asked("/module/2?tf-hub-format=compressed")) == 1


def test_tests_that_call_a_command_keep_their_network(made_up: list[object]) -> None:
    """A process that only borrows the program is not the program's to shut off."""
    from inspector.app import main
    from inspector.engine.isolation import before_models

    assert main(["compare", str(GOLF_BALL)]) == 0
    before_models()
    with serving() as server:
        urlopen(server.put("/x", b"x"), timeout=PATIENCE_SECONDS).close()
