"""``releases list``: what the program knows, and what of it is on this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.support.program import GOLF_BALL, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.program import Outcome

    Call = Callable[..., Outcome]


def rows(outcome: Outcome) -> list[dict[str, Any]]:
    assert (outcome.code, outcome.err) == (0, "")
    value = json.loads(outcome.out)
    assert value["schema"] == "twin-inspector/releases/1"
    return list(value["releases"])


def test_json_has_both_sides_of_every_pair(call: Call) -> None:
    found = rows(call("releases", "list", "--json"))
    assert [(row["pair"], row["side"]) for row in found] == [
        ("mobilenet_v2_1.0_224", "left"),
        ("mobilenet_v2_1.0_224", "right"),
        ("starter", "left"),
        ("starter", "right"),
    ]
    assert [row["here"] for row in found] == [False, False, True, True]


def test_tells_where_a_release_lies_or_would_lie(call: Call) -> None:
    published, _, starter, hub = rows(call("releases", "list", "--json"))
    weights = ROOT / "resources" / "starter" / "mobilenet_v2_0.35_96.weights.h5"
    assert starter["path"] == str(weights)
    assert starter["bytes"] == weights.stat().st_size
    assert hub["bytes"] == sum(
        file.stat().st_size for file in weights.parent.joinpath("hub").rglob("*") if file.is_file()
    )
    assert published["path"].endswith("mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5")
    assert published["bytes"] is None


def test_text_names_the_ids_to_use(call: Call) -> None:
    outcome = call("releases", "list")
    assert "starter   Starter: MobileNetV2 0.35" in outcome.out
    assert "(not on this machine)" in outcome.out
    assert "(here, " in outcome.out


def test_one_pair_only(call: Call) -> None:
    assert {
        row["pair"] for row in rows(call("releases", "list", "--json", "--pair", "starter"))
    } == {"starter"}


def test_a_pair_file(call: Call, tmp_path: Path) -> None:
    text = (ROOT / "resources" / "pairs.toml").read_text(encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(text.replace('"starter"', '"mine"'), encoding="utf-8")
    found = rows(call("releases", "list", "--json", "--pair", file))
    assert {row["pair"] for row in found} == {"mobilenet_v2_1.0_224", "mine"}
    assert not any(row["here"] for row in found)


def test_a_wrong_id_names_the_nearest(call: Call) -> None:
    outcome = call("releases", "list", "--pair", "startr")
    assert outcome.code == 2
    assert "Did you mean 'starter'?" in outcome.err


def test_a_picture_is_no_pair_file(call: Call) -> None:
    outcome = call("releases", "list", "--pair", GOLF_BALL)
    assert outcome.code == 3
    assert "is not a pair file" in outcome.err
