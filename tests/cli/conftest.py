"""Results of the slow starts, each made once for all tests of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from inspector.app import main
from tests.support.program import GOLF_BALL, Outcome, run_program
from tests.support.results import make_result

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.engine.messages import CompareRequest


@pytest.fixture(scope="session")
def starter_run() -> Outcome:
    """Run ``compare`` on the sample with the default pair, which is the starter pair here."""
    return run_program("compare", GOLF_BALL, "--json", "--top", "7")


@pytest.fixture(scope="session")
def starter_json(starter_run: Outcome) -> dict[str, Any]:
    assert starter_run.code == 0, starter_run.err
    return starter_run.json()


@pytest.fixture(scope="session")
def cat_json(data: Path) -> dict[str, Any]:
    """Run ``compare`` on the cat with real ImageNet weights."""
    outcome = run_program(
        "compare",
        data / "photos" / "cat_720p.jpg",
        "--json",
        "--pair",
        f"{data / 'imagenet_pair' / 'pair.toml'}#imagenet_pair",
    )
    assert outcome.code == 0, outcome.err
    return outcome.json()


@pytest.fixture(scope="session")
def batch_json(data: Path) -> dict[str, Any]:
    """Run the known case with real ImageNet weights."""
    outcome = run_program(
        "experiment", "random-batch", "--json", "--pair", data / "imagenet_pair" / "pair.toml"
    )
    assert outcome.code == 0, outcome.err
    return outcome.json()


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run the program in this process: for what needs no TensorFlow."""

    def run(*arguments: str | Path) -> Outcome:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        return Outcome(code, *capfd.readouterr())

    return run


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> list[CompareRequest]:
    """Let the engine answer every request with a made-up result; give the requests."""
    requests: list[CompareRequest] = []

    def compare(engine: object, request: CompareRequest, watcher: object = None) -> object:
        requests.append(request)
        same = request.left.mode == request.right.mode
        return make_result(noise=0.0 if same else 0.3)

    monkeypatch.setattr("inspector.engine.engine.Engine.compare", compare)
    return requests
