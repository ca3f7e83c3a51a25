"""``explain --json``: why the two differ, in the form that scripts read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.program import GOLF_BALL, run_program


@pytest.fixture(scope="module")
def explanation() -> dict[str, Any]:
    outcome = run_program("explain", GOLF_BALL, "--pair", "starter", "--json", "--top", "3")
    assert outcome.code == 0, outcome.err
    assert all(line.endswith(" …") for line in outcome.err.splitlines()), outcome.err
    return outcome.json()


def test_nests_the_comparison_with_the_same_verdict(explanation: dict[str, Any]) -> None:
    assert explanation["schema"] == "twin-inspector/explanation/1"
    comparison = explanation["comparison"]
    assert comparison["schema"] == "twin-inspector/comparison/1"
    assert comparison["verdict"] == explanation["verdict"]
    assert comparison["findings"] == explanation["findings"]
    assert len(comparison["left"]["top"]) == 3


def test_the_shares_of_the_stages_add_up(explanation: dict[str, Any]) -> None:
    attribution = explanation["attribution"]["max_abs_difference"]
    whole = explanation["comparison"]["comparison"]["max_abs_difference"]
    assert attribution["total"] == pytest.approx(whole, rel=1e-3)
    stages = {share["stage"]: share for share in attribution["stages"]}
    assert max(stages, key=lambda stage: stages[stage]["share"]) == "resize"


def test_a_finding_names_the_resize(explanation: dict[str, Any]) -> None:
    assert any("resize" in finding["title"] for finding in explanation["findings"])
    assert all(finding["mend"] and finding["evidence"] for finding in explanation["findings"])


def test_the_first_proposal_closes_the_gap(explanation: dict[str, Any]) -> None:
    first = explanation["proposals"][0]
    assert first["closes"] is True
    assert first["remaining"] < 1e-5


def test_the_noise_floor_is_float_noise(explanation: dict[str, Any]) -> None:
    rows = explanation["noise_floor"]
    assert {row["side"] for row in rows} == {"left", "right"}
    assert all(0 <= row["max_abs_difference"] < 1e-5 for row in rows)
