from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inspector.core.comparison import compare
from inspector.core.pairs import OutputKind
from inspector.core.scores import OutputSwitches, interpret
from inspector.engine.sweep.prepare import Prepared
from inspector.engine.sweep.scoring import error_row, measures_of
from inspector.sweep.rows import SweepItem

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
