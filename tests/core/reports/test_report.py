from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from inspector.core.findings import Finding, Level
from inspector.core.labels import Labels
from inspector.core.reports.report import (
    SCHEMA,
    TEXT_WIDTH,
    cells,
    comparison_json,
    difference_text,
    fit,
    non_finite_text,
    number_text,
    plain,
    report_text,
    versions_text,
    wrap,
)
from inspector.core.scores import OutputSwitches
from tests.support.results import make_result

if TYPE_CHECKING:
    from inspector.core.result import Result

SIDE_KEYS = {"release", "mode", "preprocessing", "input", "output", "top"}
METRICS = {
    "classes",
    "top1_same",
    "top5_overlap",
    "max_abs_difference",
    "mean_abs_difference",
    "allclose_rtol_0.8",
    "kl",
    "js",
    "cosine",
    "spearman",
    "noise_floor",
}


def broken(result: Result) -> Result:
    """Give a result whose right side has NaN and infinite numbers everywhere they can be."""
    right = result.comparison.right.copy()
    right[[3, 4, 5]] = (np.nan, np.inf, -np.inf)
    comparison = replace(
        result.comparison,
        right=right,
        right_logits=right,
        max_abs_difference=float("nan"),
        mean_abs_difference=float("inf"),
        cosine=float("nan"),
    )
    scores = replace(result.right.scores, row_sum=float("nan"), background=float("inf"))
    side = replace(
        result.right, scores=scores, model_input=np.full((4, 5, 3), np.nan, dtype=np.float32)
    )
    return replace(result, comparison=comparison, right=side)


def with_names(names: list[str]) -> Result:
    result = make_result()
    filled = (names * (1000 // len(names) + 1))[:1000]
    return replace(result, labels=Labels(tuple(filled)))


def test_json_has_every_key_of_the_schema() -> None:
    found = comparison_json(make_result(), top=3)
    assert found["schema"] == SCHEMA == "twin-inspector/comparison/1"
    assert {"path", "sha256", "format", "width", "height", "mode", "exif_orientation", "notes"} <= (
        found["picture"].keys()
    )
    for side in (found["left"], found["right"]):
        assert side.keys() >= SIDE_KEYS
        assert side["input"].keys() == {"shape", "min", "max", "mean"}
        assert side["output"].keys() >= {"shape", "kind", "sum", "background"}
        assert list(side["preprocessing"]) == [
            "decode",
            "orient",
            "crop",
            "resize",
            "augment",
            "scale",
            "channel_order",
        ]
    assert found["comparison"].keys() == METRICS
    assert found["timings_ms"].keys() == {"decode", "preprocess", "left", "right", "load", "total"}
    assert found["verdict"].keys() == {"code", "text"}
    assert found["versions"]["tensorflow"] == "2.21.0"


def test_json_tells_each_sides_own_output() -> None:
    found = comparison_json(make_result())
    assert found["left"]["input"]["shape"] == [1, 32, 32, 3]
    assert found["left"]["output"]["shape"] == [1, 1000]
    assert found["left"]["output"]["kind"] == "probabilities"
    assert found["left"]["output"]["background"] is None
    assert found["right"]["output"]["shape"] == [1, 1001]
    assert found["right"]["output"]["kind"] == "logits"
    assert 0 < found["right"]["output"]["background"] < 1e-3
    assert found["left"]["input"]["min"] == -1.0


def test_json_top_is_in_order_and_counts_shared_classes_from_zero() -> None:
    found = comparison_json(make_result(), top=4)
    for side in (found["left"], found["right"]):
        top = side["top"]
        assert [entry["rank"] for entry in top] == [1, 2, 3, 4]
        chances = [entry["probability"] for entry in top]
        assert chances == sorted(chances, reverse=True)
        assert top[0]["index"] == 574
        assert top[0]["label"] == "golf ball"
        assert top[0]["wordnet_id"] == "n03445777"
    assert found["left"]["top"][0]["logit"] == pytest.approx(11.0)


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (7, 7), (99, 20)])
def test_json_top_stays_between_one_and_twenty(asked: int, given: int) -> None:
    assert len(comparison_json(make_result(), asked)["left"]["top"]) == given


def test_json_has_null_for_what_is_not_finite() -> None:
    found = comparison_json(broken(make_result()), top=20)
    text = json.dumps(found, allow_nan=False)
    assert json.loads(text) == found
    assert found["right"]["input"]["mean"] is None
    assert found["right"]["input"]["shape"] == [1, 4, 5, 3]
    assert found["right"]["output"]["sum"] is None
    assert found["comparison"]["max_abs_difference"] is None
    assert found["comparison"]["mean_abs_difference"] is None
    assert found["comparison"]["cosine"] is None


def test_json_names_findings_with_their_level() -> None:
    found = comparison_json(make_result(right_output=OutputSwitches(softmax=False)))
    assert found["findings"][0]["code"] == "logits_as_probabilities"
    assert found["findings"][0].keys() >= {"code", "title", "evidence", "mend"}
    assert found["findings"][0]["level"] == "error"


def test_text_begins_with_the_verdict_and_shows_both_sides() -> None:
    text = report_text(make_result())
    assert text.startswith("Both name golf ball first")
    assert "keras.applications MobileNetV2" in text
    assert "golf ball" in text
    assert "63.47 %" in text
    assert "66.86 %" in text
    assert "-3.39 pp" in text
    assert "background class" in text
    assert "3 → 2" in text


@pytest.mark.parametrize(
    "names",
    [
        ["golf ball", "crane"],
        ["石川県の有名なゴルフボール", "golf", "résumé of e\u0301clair"],
        ["x" * 300, "短い"],
        ["🏌️ golf", "tab\there\x1b[31m", "\u202eevil"],
    ],
)
def test_text_columns_stay_aligned(names: list[str]) -> None:
    lines = report_text(with_names(names), top=10).splitlines()
    head = next(number for number, line in enumerate(lines) if line.startswith("Rank"))
    rows = lines[head + 2 :]
    end = cells(lines[head].split("Left")[0] + "Left")
    table = [line for line in rows if " % " in line]
    assert len(table) >= 10
    for line in table:
        first = line[: line.index("%") + 1] if "background" not in line else None
        if first is not None:
            assert cells(first) == end
    assert max(map(cells, lines)) <= TEXT_WIDTH


def test_text_stays_narrow_with_long_sentences() -> None:
    finding = Finding("long", "語" * 120, "word " * 60, "y" * 250, Level.WARNING)
    result = replace(make_result(), findings=(finding,))
    result = replace(result, picture=replace(result.picture, notes=("note " * 50,)))
    text = report_text(result)
    assert "Warning: 語" in text
    assert "Mend: y" in text
    assert "Note: " in text
    assert max(map(cells, text.splitlines())) <= TEXT_WIDTH


def test_text_writes_logits_as_plain_numbers() -> None:
    text = report_text(make_result(right_output=OutputSwitches(softmax=False)))
    assert "11.28" in text
    assert "Error: The right side's logits are read as probabilities" in text
    table = [line for line in text.splitlines() if "golf ball" in line][-1]
    assert "%" not in table


def test_text_survives_numbers_that_are_not_finite() -> None:
    assert "not finite" in report_text(broken(make_result()), top=20)


def test_text_has_no_control_characters() -> None:
    result = with_names(["\x1b[2Jgolf\x07\nball"])
    text = report_text(result)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[2Jgolf ball" in text


@pytest.mark.parametrize(
    ("value", "percent", "text"),
    [
        (0.63469, True, "63.47 %"),
        (1.0, True, "100.00 %"),
        (0.00001, True, "<0.01 %"),
        (0.0, True, "0.00 %"),
        (-14.16636, False, "-14.17"),
        (float("nan"), True, "not finite"),
    ],
)
def test_number_text(value: float, percent: bool, text: str) -> None:
    assert number_text(value, percent) == text


@pytest.mark.parametrize(
    ("value", "percent", "text"),
    [
        (0.0339, True, "+3.39 pp"),
        (-3e-8, True, "-3.0e-06 pp"),
        (0.0, True, "0"),
        (-10.64, False, "-10.6"),
        (float("inf"), False, "not finite"),
    ],
)
def test_difference_text(value: float, percent: bool, text: str) -> None:
    assert difference_text(value, percent) == text


def test_non_finite_text_counts_each_side() -> None:
    assert "3 on the right side" in non_finite_text(broken(make_result()).comparison)


def test_fit_counts_wide_characters_twice() -> None:
    assert fit("語語語", 5) == "語語…"
    assert fit("語語語", 4) == "語… "
    assert fit("ab", 4, right=True) == "  ab"
    assert cells(fit("e\u0301語" * 20, 17)) == 17


@pytest.mark.parametrize("width", range(8, 30))
def test_wrap_keeps_a_number_with_its_unit(width: int) -> None:
    text = "Both name it first (93.3 % and 92.9 %), 2 levels apart."
    lines = wrap(text, width)
    assert " ".join(lines) == text
    assert not any(line.startswith(("%", "levels")) for line in lines)


def test_wrap_breaks_words_that_are_too_long() -> None:
    lines = wrap("short " + "語" * 30, width=20, indent="  ")
    assert lines[0] == "  short 語語語語語語"
    assert all(cells(line) <= 20 for line in lines)
    assert "".join(line.strip() for line in lines) == "short " + "語" * 30


def test_plain_keeps_letters_and_drops_what_steers() -> None:
    assert plain("a\u202e b\r\n\tc\x00é語") == "a b cé語"


def test_versions_text_leaves_out_what_is_unknown() -> None:
    assert versions_text({"tensorflow": "2.21.0", "python": "3.11"}) == "TensorFlow 2.21.0"
