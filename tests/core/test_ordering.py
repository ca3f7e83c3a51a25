from __future__ import annotations

import numpy as np
import pytest

from inspector.core.histogram import difference_histogram
from inspector.core.ordering import bin_at, bin_of, largest_differences, step_through

DIFFERENCE = np.array([0.1, -0.5, np.nan, 0.5, 0.0])


def test_largest_first_whatever_the_sign_and_without_broken_ones():
    assert largest_differences(DIFFERENCE, 3) == (1, 3, 0)
    assert largest_differences(DIFFERENCE, 99) == (1, 3, 0, 4)


@pytest.mark.parametrize(
    ("current", "step", "expected"),
    [(7, 1, 9), (9, 1, 9), (5, -1, 5), (9, -10, 5), (None, 1, 5), (None, -1, 9), (4, 1, 5)],
)
def test_steps_stop_at_both_ends(current, step, expected):
    assert step_through((5, 7, 9), current, step) == expected


def test_there_is_no_step_without_classes():
    assert step_through((), 3, 1) is None


def test_a_class_is_found_in_the_bin_that_its_difference_lies_in():
    histogram = difference_histogram(DIFFERENCE, 5)
    for index in (0, 1, 3, 4):
        assert bin_of(histogram, index) == bin_at(histogram, float(DIFFERENCE[index]))
    assert bin_of(histogram, 2) is None
    assert bin_at(histogram, 0.6) is None
    assert bin_at(histogram, -0.6) is None
