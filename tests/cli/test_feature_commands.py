"""``compare``, ``explain`` and ``export`` where the pair gives features."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.features import make_feature_explanation, make_feature_result
from tests.support.program import GOLF_BALL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.engine.messages import CompareRequest
    from tests.support.program import Outcome

    Call = Callable[..., Outcome]

PAIR = """\
[[pair]]
id = "features"
[pair.left]
source = "keras-file:left.keras"
mode = "keras"
range = [-1.0, 1.0]
output = "features"
background = false
[pair.right]
source = "saved-model:right"
mode = "hub"
range = [0.0, 1.0]
output = "features"
background = false
"""


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    path = tmp_path / "pair.toml"
    path.write_text(PAIR, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def made_up_features(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine answer with made-up features: equal ones where both modes are."""

    def compare(engine: object, request: CompareRequest, watcher: object = None) -> object:
        same = request.left.mode == request.right.mode
        return make_feature_result(noise=0.0 if same else 0.1)

    def explain(engine: object, request: CompareRequest, watcher: object = None) -> object:
        return make_feature_explanation()

    monkeypatch.setattr("inspector.engine.engine.Engine.compare", compare)
    monkeypatch.setattr("inspector.engine.engine.Engine.explain", explain)


def test_compare_prints_the_numbers(call: Call, pair: Path) -> None:
    outcome = call("compare", GOLF_BALL, "--pair", pair)
    assert outcome.code == 0
    assert outcome.out.startswith("The cosine is")
    assert "Relative L2" in outcome.out


def test_compare_json_has_its_own_schema(call: Call, pair: Path) -> None:
    outcome = call("compare", GOLF_BALL, "--pair", pair, "--json", "--top", "3")
    value = json.loads(outcome.out)
    assert value["schema"] == "twin-inspector/feature-comparison/1"
    assert len(value["largest"]) == 3


@pytest.mark.parametrize(("mode", "code"), [("own", 1), ("identical", 0)])
def test_fail_on_difference(call: Call, pair: Path, mode: str, code: int) -> None:
    modes = ("--left-mode", mode, "--right-mode", mode)
    outcome = call("compare", GOLF_BALL, "--pair", pair, *modes, "--fail-on-difference")
    assert outcome.code == code


def test_explain(call: Call, pair: Path) -> None:
    outcome = call("explain", GOLF_BALL, "--pair", pair, "--fail-on-difference")
    assert outcome.code == 1
    assert "What causes the relative L2 distance" in outcome.out
    value = json.loads(call("explain", GOLF_BALL, "--pair", pair, "--json").out)
    assert value["schema"] == "twin-inspector/feature-explanation/1"


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("name", "start"),
    [("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.json", b"{"), ("a.csv", b"dimension,")],
)
def test_export(call: Call, pair: Path, tmp_path: Path, name: str, start: bytes) -> None:
    target = tmp_path / name
    outcome = call("export", GOLF_BALL, "--pair", pair, "-o", target)
    assert (outcome.code, outcome.out) == (0, f"{target}\n")
    assert target.read_bytes().startswith(start)
