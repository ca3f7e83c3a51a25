"""The published figures of the pair with real ImageNet weights."""

from __future__ import annotations

from typing import Any

CAT = 285


def test_both_name_the_same_cat_first(cat_json: dict[str, Any]) -> None:
    left, right = cat_json["left"]["top"][0], cat_json["right"]["top"][0]
    assert (left["index"], right["index"]) == (CAT, CAT)
    assert f"{left['probability']:.3f}" == "0.778"
    assert f"{right['probability']:.3f}" == "0.759"


def test_the_largest_difference_comes_from_the_preprocessing(cat_json: dict[str, Any]) -> None:
    comparison = cat_json["comparison"]
    assert f"{comparison['max_abs_difference']:.4f}" == "0.0198"
    assert comparison["allclose_rtol_0.8"] is True
    assert comparison["top1_same"] is True
    assert cat_json["verdict"]["code"] == "preprocessing"


def test_a_pair_of_a_file_is_named_by_its_id(cat_json: dict[str, Any]) -> None:
    assert cat_json["pair"] == "imagenet_pair"


def test_random_numbers_unchanged_to_both(batch_json: dict[str, Any]) -> None:
    assert batch_json["schema"] == "twin-inspector/random-batch/1"
    assert (batch_json["seed"], batch_json["count"]) == (42, 32)
    assert batch_json["array_equal"] is False
    assert batch_json["left"]["shape"] == [32, 1000]
    assert batch_json["right"]["shape"] == [32, 1001]
    assert f"{batch_json['left']['sum']:.3f}" == "1.000"
    assert f"{batch_json['right']['sum']:.3f}" == "-14.125"
    assert len(batch_json["right"]["row_sums"]) == 32
