"""``weights``: the audit as a table, as JSON, and as an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from inspector.core.catalogue import STARTER
from inspector.core.errors import ReleaseError
from inspector.core.weights.audit import audit_weights
from tests.support.checkpoints import altered, checkpoint, renamed, with_background
from tests.support.program import run_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.program import Outcome

    Call = Callable[..., Outcome]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Let a made-up checkpoint stand on both sides; the right one is what the test puts there."""
    sides = {"right": renamed(with_background(checkpoint()))}
    monkeypatch.setattr("inspector.engine.loading.load_release", lambda spec, watcher: spec)
    monkeypatch.setattr(
        "inspector.engine.weights.audit_pair",
        lambda left, right: audit_weights(checkpoint(), sides["right"]),
    )
    return sides


@pytest.fixture(scope="module")
def audit() -> dict[str, Any]:
    """Audit the starter pair by the real program."""
    outcome = run_program("weights", "--pair", STARTER, "--json", "--fail-on-difference")
    assert outcome.code == 0, outcome.err
    assert all(line.endswith(" …") for line in outcome.err.splitlines()), outcome.err
    return outcome.json()


def test_table(call: Call, engine: dict[str, Any]) -> None:
    outcome = call("weights", "--pair", STARTER)
    assert outcome.code == 0
    assert outcome.out.startswith("Same checkpoint: 37 of 37 variables match;")
    assert "equal: 35" in outcome.out
    assert "stem/kernel" not in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 100


def test_all_lists_every_variable(call: Call, engine: dict[str, Any]) -> None:
    outcome = call("weights", "--pair", STARTER, "--all")
    for weight in checkpoint():
        assert f"  {weight.name} " in outcome.out


def test_json(call: Call, engine: dict[str, Any]) -> None:
    found = call("weights", "--pair", STARTER, "--json").json()
    assert (found["schema"], found["pair"]) == ("twin-inspector/weights/1", STARTER)
    assert (found["same_checkpoint"], found["code"]) == (True, "same_checkpoint")
    assert found["counts"]["sliced"] == 2


def test_a_difference_can_be_the_exit_code(call: Call, engine: dict[str, Any]) -> None:
    assert call("weights", "--pair", STARTER, "--fail-on-difference").code == 0
    engine["right"] = altered(checkpoint(), "expand/kernel")
    outcome = call("weights", "--pair", STARTER)
    assert outcome.code == 0
    assert outcome.out.startswith("Different weights: expand/kernel differs by up to")
    assert call("weights", "--pair", STARTER, "--fail-on-difference").code == 1


def test_weights_that_cannot_be_read(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(left: object, right: object) -> None:
        raise ReleaseError("It gives no access to its weights.", "Choose another.")

    monkeypatch.setattr("inspector.engine.loading.load_release", lambda spec, watcher: spec)
    monkeypatch.setattr("inspector.engine.weights.audit_pair", refuse)
    outcome = call("weights", "--pair", STARTER)
    assert (outcome.code, outcome.out) == (3, "")
    assert "Choose another." in outcome.err


def test_the_starter_pair_is_the_same_checkpoint(audit: dict[str, Any]) -> None:
    assert audit["schema"] == "twin-inspector/weights/1"
    assert audit["pair"] == STARTER
    assert audit["same_checkpoint"] is True


def test_there_is_a_row_for_every_variable(audit: dict[str, Any]) -> None:
    assert len(audit["rows"]) == sum(audit["counts"].values()) == 262
    assert (audit["counts"]["matched"], audit["counts"]["sliced"]) == (260, 2)
