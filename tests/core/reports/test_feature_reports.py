from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from inspector.core.features.wording import cosine_text, number_rows
from inspector.core.reports.feature_aware import (
    any_csv,
    any_explanation_json,
    any_explanation_text,
    any_json,
    any_markdown,
    any_text,
)
from inspector.core.reports.numbers_export import export_numbers
from inspector.core.reports.report import comparison_json
from tests.support.explanations import make_explanation
from tests.support.features import (
    DIMENSIONS,
    LOUDEST,
    make_facts,
    make_feature_explanation,
    make_feature_result,
)
from tests.support.results import make_result

if TYPE_CHECKING:
    from pathlib import Path

SHARED = {"picture", "pair", "left", "right", "comparison", "verdict", "findings", "versions"}


def test_json_has_the_schema_and_what_it_shares_with_classes() -> None:
    result = make_feature_result()
    value = json.loads(json.dumps(any_json(result, 3), allow_nan=False))
    classes = comparison_json(make_result())
    assert value["schema"] == "twin-inspector/feature-comparison/1"
    assert set(value) & set(classes) >= SHARED
    assert value["picture"].keys() == classes["picture"].keys()
    assert value["left"]["output"]["kind"] == "features"
    assert value["comparison"]["dimensions"] == DIMENSIONS
    assert value["comparison"]["cosine"] == result.comparison.cosine
    assert next(row["dimension"] for row in value["largest"]) == LOUDEST
    assert [row["rank"] for row in value["largest"]] == [1, 2, 3]
    assert value["match"] is None


def test_the_kind_of_result_decides() -> None:
    assert any_json(make_result())["schema"] == "twin-inspector/comparison/1"
    assert any_explanation_json(make_explanation())["schema"] == "twin-inspector/explanation/1"
    assert any_csv(make_result()).startswith("index,")


def test_numbers_that_are_not_finite_are_null() -> None:
    result = make_feature_result()
    row = result.left.raw.copy()
    row[3] = np.inf
    facts = make_facts(row, result.right.raw)
    value = any_json(replace(result, left=facts.left, comparison=facts.features))
    assert value["comparison"]["cosine"] is None
    json.dumps(value, allow_nan=False)
    assert (
        list(csv.reader(io.StringIO(any_csv(replace(result, comparison=facts.features)))))[4][1]
        == ""
    )


def test_text_has_the_numbers_and_fits() -> None:
    text = any_text(make_feature_result(), 4)
    assert "Cosine" in text
    assert "Relative L2" in text
    assert f"   1  {LOUDEST:>9}" in text
    assert max(map(len, text.splitlines())) <= 100


def test_equal_rows_list_no_dimension() -> None:
    assert "Dimension" not in any_text(make_feature_result(noise=0.0))


def test_csv_gives_the_numbers_back() -> None:
    result = make_feature_result()
    head, *rows = csv.reader(io.StringIO(any_csv(result)))
    assert head == ["dimension", "left", "right", "difference", "rank"]
    assert [float(row[3]) for row in rows] == result.comparison.difference.tolist()


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_numbers_are_exported(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    export_numbers(make_feature_result(), path)
    start = "{" if ending == "json" else "dimension"
    assert path.read_text(encoding="utf-8").startswith(start)


def test_explanation_json_divides_the_relative_distance() -> None:
    explanation = make_feature_explanation()
    value = json.loads(json.dumps(any_explanation_json(explanation), allow_nan=False))
    assert value["schema"] == "twin-inspector/feature-explanation/1"
    assert value["comparison"]["schema"] == "twin-inspector/feature-comparison/1"
    divided = value["attribution"]["relative_l2"]
    assert divided["total"] == pytest.approx(explanation.result.comparison.relative_l2)
    assert sum(stage["value"] for stage in divided["stages"]) == pytest.approx(divided["total"])
    assert {row["what"] for row in value["noise_floor"]} == {"run_again", "batch", "frozen"}
    assert value["verdict"] == value["comparison"]["verdict"]


def test_explanation_text_speaks_of_features_alone() -> None:
    text = any_explanation_text(make_feature_explanation())
    assert "What causes the relative L2 distance" in text
    assert "probability" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_markdown_lists_numbers_dimensions_and_causes() -> None:
    result = make_feature_result()
    text = any_markdown(result, make_feature_explanation(result))
    assert "| Cosine |" in text
    assert f"| {LOUDEST} |" in text
    assert "Relative L2 distance" in text
    assert "## First classes" not in text
    assert "## Explanation" not in any_markdown(result, None)


def test_a_cosine_is_never_rounded_to_one() -> None:
    assert cosine_text(1.0) == "1"
    assert cosine_text(1.0 - 1e-9) == "0.999999…"
    assert cosine_text(-1.0 + 1e-9) == "−0.999999…"
    assert cosine_text(None) == "none"
    assert cosine_text(0.25) == "0.250000"


def test_every_number_has_a_name_of_its_own() -> None:
    rows = number_rows(make_feature_result().comparison)
    assert len({row.name for row in rows}) == len(rows)
    assert all(row.tip for row in rows)
