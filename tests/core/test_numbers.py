from __future__ import annotations

import numpy as np
import pytest

from inspector.core.numbers import (
    decade_text,
    difference_text,
    exact_text,
    rate_text,
    reads_as_probabilities,
    score_text,
    share_percent,
    tick_text,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0 %"),
        (1e-7, "<0.1 %"),
        (0.0006, "0.1 %"),
        (0.598, "59.8 %"),
        (0.99999, ">99.9 %"),
        (1.0, "100.0 %"),
        (float("nan"), "not finite"),
    ],
)
def test_probabilities_are_percentages(value, text):
    assert score_text(value, probability=True) == text


@pytest.mark.parametrize(
    ("value", "text"), [(11.28467, "11.28"), (-3.5, "−3.5"), (1.2e-7, "1.2e−07")]
)
def test_other_scores_are_bare_numbers(value, text):
    assert score_text(value, probability=False) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.01234, "+0.0123"), (-3.14159e-7, "−3.14e−07"), (float("inf"), "not finite")],
)
def test_differences_keep_their_sign(value, text):
    assert difference_text(value) == text


def test_numbers_for_copying_are_ascii_and_read_back():
    assert float(exact_text(-1 / 3)) == pytest.approx(-1 / 3, abs=1e-9)
    assert exact_text(-1e-20).isascii()


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [(0.1, 0.1, "0.1"), (0.30000000000000004, 0.1, "0.3"), (-20, 10, "−20"), (1e-18, 0.1, "0")],
)
def test_ticks_have_the_decimals_of_their_step(value, step, text):
    assert tick_text(value, step) == text


@pytest.mark.parametrize(("exponent", "text"), [(-5, "10⁻⁵"), (0, "1"), (1, "10"), (12, "10¹²")])
def test_decades(exponent, text):
    assert decade_text(exponent) == text


@pytest.mark.parametrize(
    ("row", "expected"),
    [([0.0, 1.0], True), ([-0.1, 0.5], False), ([0.2, 1.1], False), ([np.nan, 0.5], False)],
)
def test_probabilities_are_known_by_their_range(row, expected):
    assert reads_as_probabilities(np.array(row)) is expected


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0.00 %"),
        (1e-9, "<0.01 %"),
        (0.5, "50.00 %"),
        (0.99996, ">99.99 %"),
        (1.0, "100.00 %"),
    ],
)
def test_all_and_none_are_said_of_all_and_none_only(share, text):
    assert share_percent(share) == text


@pytest.mark.parametrize(
    ("rate", "text"), [(0.0123, "0.012"), (3.14, "3.1"), (9.96, "10"), (14237.4, "14,237")]
)
def test_rates_have_no_exponents(rate, text):
    assert rate_text(rate) == text
