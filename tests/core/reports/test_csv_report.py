from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from inspector.core.labels import Labels
from inspector.core.reports.csv_report import COLUMNS, comparison_csv, guarded
from tests.support.results import make_result

if TYPE_CHECKING:
    from inspector.core.result import Result


def read(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(comparison_csv(result), newline="")))


def test_every_class_has_a_row_with_every_column() -> None:
    result = make_result()
    rows = read(result)
    assert len(rows) == 1000
    assert tuple(rows[0]) == COLUMNS
    assert [int(row["index"]) for row in rows] == list(range(1000))
    assert rows[574]["label"] == "golf ball"
    assert rows[574]["wordnet_id"] == "n03445777"
    assert rows[574]["left_rank"] == rows[574]["right_rank"] == "1"


def test_numbers_read_back_exactly() -> None:
    result = make_result()
    rows = read(result)
    comparison = result.comparison
    for column, numbers in (
        ("left_probability", comparison.left),
        ("right_probability", comparison.right),
        ("difference", comparison.difference),
        ("left_logit", comparison.left_logits),
        ("right_logit", comparison.right_logits),
    ):
        np.testing.assert_array_equal([float(row[column]) for row in rows], numbers)


def test_what_is_not_finite_is_an_empty_cell() -> None:
    result = make_result()
    left = result.comparison.left.copy()
    left[:3] = (np.nan, np.inf, -np.inf)
    rows = read(replace(result, comparison=replace(result.comparison, left=left)))
    assert [row["left_probability"] for row in rows[:3]] == ["", "", ""]
    assert rows[3]["left_probability"]


@pytest.mark.parametrize(
    "label",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "\n=1", "＝1"],
)
def test_labels_never_start_a_formula(label: str) -> None:
    result = make_result()
    names = (label, 'comma, and "quote"', *result.labels.names[2:])
    rows = read(replace(result, labels=Labels(names)))
    assert rows[0]["label"] == f"'{label}"
    assert rows[1]["label"] == 'comma, and "quote"'
    assert rows[0]["wordnet_id"] == ""


def test_plain_labels_are_not_changed() -> None:
    assert guarded("golf ball") == "golf ball"
    assert guarded("") == ""
