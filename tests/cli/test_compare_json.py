"""``compare --json``: the form that scripts rely on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from inspector.core.versions import library_versions
from tests.support.program import GOLF_BALL

if TYPE_CHECKING:
    from tests.support.program import Outcome

KEYS = {
    "": "schema picture pair left right comparison verdict findings timings_ms versions",
    "picture": "path sha256 format width height mode exif_orientation notes",
    "left": "release mode preprocessing input output top",
    "right": "release mode preprocessing input output top",
    "left.input": "shape min max mean",
    "left.output": "shape kind sum background",
    "right.output": "shape kind sum background",
    "left.preprocessing": "decode orient crop resize scale channel_order",
    "comparison": "classes top1_same top5_overlap max_abs_difference mean_abs_difference "
    "allclose_rtol_0.8 kl js cosine spearman noise_floor",
    "verdict": "code text",
    "timings_ms": "decode preprocess left right total",
}


@pytest.mark.parametrize("place", KEYS)
def test_has_the_keys_that_were_promised(starter_json: dict[str, Any], place: str) -> None:
    value = starter_json
    for name in filter(None, place.split(".")):
        value = value[name]
    assert set(KEYS[place].split()) <= value.keys()


def test_names_schema_pair_and_picture(starter_json: dict[str, Any]) -> None:
    assert starter_json["schema"] == "twin-inspector/comparison/1"
    assert starter_json["pair"] == "starter"
    assert starter_json["picture"]["path"] == str(GOLF_BALL)
    assert re.fullmatch("[0-9a-f]{64}", starter_json["picture"]["sha256"])
    assert starter_json["versions"] == library_versions()


def test_lists_as_many_classes_as_asked_for(starter_json: dict[str, Any]) -> None:
    for side in ("left", "right"):
        top = starter_json[side]["top"]
        assert [row["rank"] for row in top] == [1, 2, 3, 4, 5, 6, 7]
        assert all(
            row.keys() == {"rank", "index", "wordnet_id", "label", "probability", "logit"}
            for row in top
        )
        probabilities = [row["probability"] for row in top]
        assert probabilities == sorted(probabilities, reverse=True)


def test_counts_classes_alike_on_both_sides(starter_json: dict[str, Any]) -> None:
    first = {side: starter_json[side]["top"][0] for side in ("left", "right")}
    assert first["left"]["index"] == first["right"]["index"] == 574
    assert first["left"]["label"] == first["right"]["label"] == "golf ball"
    assert first["left"]["wordnet_id"] == first["right"]["wordnet_id"] == "n03445777"


def test_tells_each_sides_output_convention(starter_json: dict[str, Any]) -> None:
    left, right = starter_json["left"]["output"], starter_json["right"]["output"]
    assert (left["shape"], left["kind"], left["background"]) == ([1, 1000], "probabilities", None)
    assert (right["shape"], right["kind"]) == ([1, 1001], "logits")
    assert left["sum"] == pytest.approx(1.0, abs=1e-5)
    assert 0 < right["background"] < 0.01


def test_every_number_is_finite(starter_json: dict[str, Any]) -> None:
    # `Outcome.json` refuses NaN and infinity while it reads; a result has many numbers.
    assert starter_json["comparison"]["max_abs_difference"] == pytest.approx(0.00376, abs=2e-5)


def test_standard_output_is_nothing_but_json(starter_run: Outcome) -> None:
    assert starter_run.out.startswith("{\n")
    assert starter_run.out.endswith("}\n")


def test_standard_error_has_progress_and_no_chatter(starter_run: Outcome) -> None:
    lines = starter_run.err.splitlines()
    assert "the small starter pair is used" in lines[0]
    assert len(lines) > 1, "a start of TensorFlow takes long enough to be told of"
    assert all(line.endswith(" …") for line in lines[1:]), starter_run.err
