from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inspector.core.agreement import agreement_points
from inspector.core.scores import OutputSwitches
from tests.support.results import make_result


def test_probabilities_are_placed_by_their_logarithm():
    comparison = make_result().comparison
    points = agreement_points(comparison)
    assert points.logarithmic
    assert points.x == pytest.approx(np.log10(comparison.left))
    low, high = points.limits
    assert low < min(points.x.min(), points.y.min())
    assert high > max(points.x.max(), points.y.max())
    assert points.note == ""


def test_what_is_below_the_floor_is_counted():
    comparison = make_result().comparison
    left = comparison.left.copy()
    left[:2] = (0.0, 1e-15)
    points = agreement_points(replace(comparison, left=left))
    assert points.x[:2].tolist() == [-12.0, -12.0]
    assert points.note == "2 classes are below 1e-12 and drawn there."


@pytest.mark.parametrize(
    ("left", "right", "start"),
    [(False, True, "The left side"), (True, False, "The right side"), (False, False, "Neither")],
)
def test_other_numbers_are_placed_as_they_are(left, right, start):
    comparison = make_result(right_output=OutputSwitches(softmax=False)).comparison
    proper = make_result().comparison.left
    mixed = replace(
        comparison,
        left=proper if left else comparison.right,
        right=proper if right else comparison.right,
    )
    points = agreement_points(mixed)
    assert not points.logarithmic
    assert points.x is mixed.left
    assert points.note.startswith(start)
