"""``doctor``: what this machine has, and what is missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from inspector.core import health, versions
from inspector.core.catalogue import shipped_pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.program import Outcome

    Call = Callable[..., Outcome]


def checks(outcome: Outcome) -> dict[str, dict[str, Any]]:
    value = json.loads(outcome.out)
    assert value["schema"] == "twin-inspector/doctor/1"
    assert value["ok"] is (outcome.code == 0)
    return {check["name"]: check for check in value["checks"]}


def test_everything_needed_is_here(call: Call) -> None:
    outcome = call("doctor", "--json")
    assert outcome.code == 0, outcome.out
    found = checks(outcome)
    assert {"tensorflow", "keras", "setuptools", "display", "pair starter", "log"} <= found.keys()
    assert found["pair starter"]["ok"] is True


def test_text_sums_the_pairs_up(call: Call) -> None:
    outcome = call("doctor")
    assert outcome.code == 0
    absent = len(shipped_pairs()) - 1
    assert f": 1 here (starter), {absent} fetched when used" in outcome.out
    assert "pair starter" not in outcome.out


def test_scripts_get_a_check_for_each_pair(call: Call) -> None:
    found = checks(call("doctor", "--json"))
    assert {f"pair {pair.id}" for pair in shipped_pairs()} <= found.keys()
    published = found["pair mobilenet_v2_1.0_224"]
    assert published["text"] == "not on this machine"
    assert "--pair mobilenet_v2_1.0_224" in published["mend"]


def test_a_missing_library_is_told_with_its_mend_and_5(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "ALWAYS_NEEDED", ("libEGL.so.99",))
    monkeypatch.setattr("sys.platform", "linux")
    outcome = call("doctor")
    assert outcome.code == 5
    assert "MISSING  libEGL.so.99: not found" in outcome.out


@pytest.mark.parametrize(("found", "ok"), [("79.0.1", True), ("80.0.0", False), ("82.1", False)])
def test_setuptools_must_still_have_pkg_resources(
    call: Call, monkeypatch: pytest.MonkeyPatch, found: str, ok: bool
) -> None:
    monkeypatch.setattr(health, "version", lambda _: found)
    check = checks(call("doctor", "--json"))["setuptools"]
    assert check["ok"] is ok
    assert ("setuptools<80" in check["mend"]) is not ok


def test_a_missing_package_is_told_with_its_mend(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        health, "library_versions", lambda: versions.library_versions() | {"keras": "missing"}
    )
    check = checks(call("doctor", "--json"))["keras"]
    assert (check["ok"], check["mend"]) == (False, "Install it with 'pip install keras'.")
