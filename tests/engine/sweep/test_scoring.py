from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from inspector.core.catalogue import STARTER, choose_pair
from inspector.core.comparison import compare
from inspector.core.pairs import OutputKind, Side
from inspector.core.scores import OutputSwitches, interpret
from inspector.engine.sweep.prepare import Prepared
from inspector.engine.sweep.scoring import Scorer, error_row, measures_of
from inspector.session import Session
from inspector.sweep.rows import SweepItem

if TYPE_CHECKING:
    from inspector.engine.engine import LoadedPair

TOLERANCE = 1e-5


def scores_of(*probabilities: float) -> object:
    row = np.asarray(probabilities, dtype=np.float32)
    return interpret(row, OutputKind.PROBABILITIES, False, OutputSwitches())


def test_measures_are_those_of_the_comparison() -> None:
    comparison = compare(scores_of(0.1, 0.6, 0.3), scores_of(0.5, 0.2, 0.3), 1e-7)
    measures = measures_of(comparison, TOLERANCE)
    assert not measures.top1_same
    assert measures.right_rank_of_left == 3
    assert measures.left_rank_of_right == 3
    assert measures.max_difference_class in {0, 1}
    assert measures.max_abs_difference == pytest.approx(0.4)
    for name in ("top5_overlap", "mean_abs_difference", "kl", "js", "cosine", "spearman"):
        assert getattr(measures, name) == getattr(comparison, name)


def test_two_classes_that_noise_decides_are_a_near_tie() -> None:
    close = compare(scores_of(0.4, 0.400001, 0.2), scores_of(0.400001, 0.4, 0.2))
    apart = compare(scores_of(0.4, 0.400001, 0.2), scores_of(0.45, 0.35, 0.2))
    same = compare(scores_of(0.4, 0.400001, 0.2), scores_of(0.4, 0.400001, 0.2))
    assert measures_of(close, TOLERANCE).near_tie
    assert not measures_of(apart, TOLERANCE).near_tie
    assert not measures_of(same, TOLERANCE).near_tie


def test_a_row_that_is_not_finite_has_no_divergence() -> None:
    measures = measures_of(compare(scores_of(np.nan, 0.5, 0.5), scores_of(0.2, 0.3, 0.5)), 1e-5)
    assert measures.kl is None
    assert np.isnan(measures.max_abs_difference)
    assert not measures.near_tie


def test_an_error_row_keeps_what_was_known() -> None:
    prepared = Prepared(SweepItem(3, "/a.jpg"), "ab", 12, 5, 4, error="It broke.", mend="Mend it.")
    row = error_row(prepared)
    assert (row.item.number, row.sha256, row.bytes, row.width, row.height) == (3, "ab", 12, 5, 4)
    assert (row.error, row.mend) == ("It broke.", "Mend it.")
    assert row.left is None
    assert row.measures is None
    assert error_row(replace(prepared, sha256="")).sha256 == ""


@pytest.mark.parametrize(
    ("left", "right", "blamed"),
    [
        (np.nan, 0.1, "Starter as Keras weights gives"),
        (0.1, np.nan, "Starter as Hub SavedModel gives"),
        (np.nan, np.inf, "Starter as Keras weights and Starter as Hub SavedModel give"),
    ],
)
def test_an_answer_that_is_not_finite_is_an_error(left: float, right: float, blamed: str) -> None:
    """It has no first class, and must count for no agreement."""
    session = Session(choose_pair(STARTER))
    check = SimpleNamespace(noise_floor=1e-7, tolerance=TOLERANCE)
    pair = cast("LoadedPair", SimpleNamespace(spec=session.pair, check=check))
    scorer = Scorer(pair, session.settings(Side.LEFT), session.settings(Side.RIGHT))
    prepared = Prepared(SweepItem(3, "/a.jpg"), "ab", 12, 5, 4)
    rows = [np.full(size, 0.001, np.float32) for size in (1000, 1001)]
    assert scorer.row(prepared, rows[0], rows[1]).measures is not None
    rows[0][5], rows[1][6] = left, right
    row = scorer.row(prepared, rows[0], rows[1])
    assert row.measures is None
    assert row.error.startswith(blamed)
    assert row.mend
    assert (row.item.number, row.sha256) == (3, "ab")
