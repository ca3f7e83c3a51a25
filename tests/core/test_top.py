from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.comparison import Comparison, compare
from inspector.core.labels import Labels
from inspector.core.pairs import OutputKind
from inspector.core.scores import OutputSwitches, interpret
from inspector.core.top import MAX_TOP, TopRow, at_floor, rank_text, row_of, top_rows

LABELS = Labels(tuple(f"name {index}" for index in range(50)))


def comparison(left: np.ndarray, right: np.ndarray) -> Comparison:
    sides = (
        interpret(row.astype(np.float32), OutputKind.LOGITS, False, OutputSwitches())
        for row in (left, right)
    )
    return compare(*sides)


@given(st.integers(0, 99), st.integers(-2, 60), st.integers(2, 50))
def test_rows_are_the_first_of_either_side(seed: int, k: int, classes: int) -> None:
    random = np.random.default_rng(seed)
    found = comparison(random.normal(0, 2, classes), random.normal(0, 2, classes))
    rows = top_rows(found, LABELS, k)
    k = max(1, min(k, MAX_TOP, classes))
    wanted = {i for i in range(classes) if min(found.left_ranks[i], found.right_ranks[i]) <= k}
    assert {row.index for row in rows} == wanted
    assert k <= len(rows) <= 2 * k
    larger = [max(row.left, row.right) for row in rows]
    assert larger == sorted(larger, reverse=True)


def test_a_row() -> None:
    found = comparison(np.array([1.0, 3, 2]), np.array([3.0, 1, 2]))
    row = row_of(found, LABELS, 1)
    assert (row.index, row.label, row.left_rank, row.right_rank) == (1, "name 1", 1, 3)
    assert row.rank_change == -2
    assert row_of(found, LABELS, 0).rank_change == 2
    assert row.left == pytest.approx(found.left[1])


def test_classes_at_the_floor_of_a_side_are_none_of_its_first() -> None:
    right = np.array([-9.0, -9, 4, -9, -9, -9])
    found = comparison(np.array([3.0, 2, 1, 0, -1, -2]), right)
    rows = top_rows(found, LABELS, 3)
    assert [row.index for row in rows] == [2, 0, 1]
    assert [(row.left_tied, row.right_tied) for row in rows] == [
        (False, False),
        (False, True),
        (False, True),
    ]


def test_where_all_are_equal_there_are_rows_all_the_same() -> None:
    found = comparison(np.zeros(6), np.zeros(6))
    assert [row.index for row in top_rows(found, LABELS, 3)] == [0, 1, 2]


def test_a_lone_least_value_is_no_floor() -> None:
    assert not at_floor(np.array([0.2, 0.0, 0.8])).any()
    assert at_floor(np.array([0.2, 0.0, 0.0])).tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("left", "right", "left_tied", "right_tied", "text"),
    [
        (3, 2, False, False, "3 → 2"),
        (4, 4, False, False, "4"),
        (2, 297, False, True, "2 → tied"),
        (300, 1, True, False, "tied → 1"),
        (300, 297, True, True, "tied"),
    ],
)
def test_rank_text(left: int, right: int, left_tied: bool, right_tied: bool, text: str) -> None:
    row = TopRow(0, "cat", 0.5, 0.5, left, right, left_tied, right_tied)
    assert rank_text(row) == text
