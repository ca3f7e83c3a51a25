from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inspector.core import metrics
from inspector.core.scores import softmax

sizes = st.shared(st.integers(1, 30), key="size")
rows = arrays(np.float64, sizes, elements=st.floats(-100, 100))
coarse = arrays(np.float64, sizes, elements=st.integers(-3, 3).map(float))
distributions = arrays(np.float64, sizes, elements=st.floats(-300, 300)).map(softmax)
wild = arrays(np.float64, st.integers(1, 20), elements=st.floats())


def naive_ranks(row: np.ndarray) -> list[float]:
    return [
        sum(other < value for other in row) + (sum(other == value for other in row) + 1) / 2
        for value in row
    ]


def naive_spearman(a: np.ndarray, b: np.ndarray) -> float:
    x, y = naive_ranks(a), naive_ranks(b)
    mx, my = sum(x) / len(x), sum(y) / len(y)
    top = sum((i - mx) * (j - my) for i, j in zip(x, y, strict=True))
    below = math.sqrt(sum((i - mx) ** 2 for i in x) * sum((j - my) ** 2 for j in y))
    return top / below if below else 0.0


@given(distributions, distributions)
def test_divergences_keep_their_bounds(p: np.ndarray, q: np.ndarray) -> None:
    assert metrics.kl_divergence(p, q) >= 0
    js = metrics.js_divergence(p, q)
    assert 0 <= js <= math.log(2) + 1e-12
    assert js == pytest.approx(metrics.js_divergence(q, p), abs=1e-12)


@given(distributions)
def test_a_row_is_no_distance_from_itself(p: np.ndarray) -> None:
    assert metrics.kl_divergence(p, p) == 0
    assert metrics.js_divergence(p, p) == 0
    assert metrics.cosine_similarity(p, p) == pytest.approx(1)


def test_divergences_of_known_rows() -> None:
    p, q = np.array([0.5, 0.5]), np.array([0.25, 0.75])
    expected = 0.5 * math.log(2) + 0.5 * math.log(2 / 3)
    assert metrics.kl_divergence(p, q) == pytest.approx(expected)
    sure, other = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert metrics.js_divergence(sure, other) == pytest.approx(math.log(2))
    assert math.isfinite(metrics.kl_divergence(sure, other))
    assert metrics.kl_divergence(sure, other) > 80


@given(rows, rows)
def test_spearman_is_that_of_the_textbook(a: np.ndarray, b: np.ndarray) -> None:
    assert metrics.spearman(a, b) == pytest.approx(naive_spearman(a, b), abs=1e-9)


@given(coarse, coarse)
def test_spearman_gives_ties_their_average(a: np.ndarray, b: np.ndarray) -> None:
    found = metrics.spearman(a, b)
    assert found == pytest.approx(naive_spearman(a, b), abs=1e-9)
    assert -1 - 1e-9 <= found <= 1 + 1e-9


def test_spearman_of_order_and_reverse() -> None:
    row = np.array([0.1, 5, 3, 2])
    assert metrics.spearman(row, np.exp(row)) == pytest.approx(1)
    assert metrics.spearman(row, -row) == pytest.approx(-1)
    assert metrics.spearman(row, np.ones(4)) == 0


@given(wild)
def test_ranks_are_a_permutation(row: np.ndarray) -> None:
    places = metrics.ranks(row)
    assert sorted(places.tolist()) == list(range(1, row.size + 1))
    order = metrics.top_indices(row, row.size)
    assert places[order].tolist() == list(range(1, row.size + 1))
    values = row[order][~np.isnan(row[order])]
    assert (values[:-1] >= values[1:]).all()


def test_equal_values_rank_by_index_and_nan_last() -> None:
    assert metrics.ranks(np.array([1.0, 2.0, 2.0, np.nan, 1.0])).tolist() == [3, 1, 2, 5, 4]
    assert metrics.top_indices(np.array([0.0, 7.0, 7.0]), 9).tolist() == [1, 2, 0]


@given(rows)
def test_centred_rows_have_no_mean(row: np.ndarray) -> None:
    assert metrics.centred(row).mean() == pytest.approx(0, abs=1e-9)


@given(wild)
def test_centring_wild_numbers_warns_nobody(row: np.ndarray) -> None:
    with np.errstate(over="ignore"):
        metrics.centred(row)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ([0.5, 0.5], True),
        ([0.5, 0.4995], True),
        ([0.5, 0.4], False),
        ([1.1, -0.1], False),
        ([np.nan, 1], False),
        ([np.inf, 0], False),
        ([1.0], True),
    ],
)
def test_is_distribution(row: list[float], expected: bool) -> None:
    assert metrics.is_distribution(np.array(row)) is expected


def test_cosine_of_nothing_is_nothing() -> None:
    assert metrics.cosine_similarity(np.zeros(3), np.ones(3)) == 0
