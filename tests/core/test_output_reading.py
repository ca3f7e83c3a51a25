from __future__ import annotations

import numpy as np
import pytest

from inspector.core.output_reading import (
    looks_like_sigmoid,
    looks_probable,
    no_row_error,
    resolution,
)


def softmax(classes: int, count: int = 6) -> np.ndarray:
    logits = np.random.default_rng(3).normal(0, 2, (count, classes)).astype(np.float32)
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def wide(rows: np.ndarray) -> np.ndarray:
    return rows.astype(np.float64)


def test_a_quantised_softmax_may_lose_a_fifth() -> None:
    step = 1 / 256
    rows = np.floor(wide(softmax(1001)) / step) * step
    assert rows.sum(axis=1).max() < 0.95
    assert looks_probable(rows, step)
    assert not looks_probable(rows)


def test_few_quantised_classes_still_have_to_sum_to_one() -> None:
    assert looks_probable(np.array([[0.5, 0.25, 0.246]]), 1 / 256)
    assert not looks_probable(np.array([[0.5, 0.25, 0.125]]), 1 / 256)


@pytest.mark.parametrize("change", [1.0012, 0.9988])
def test_half_precision_allows_more_than_single(change: float) -> None:
    rows = softmax(300) * np.float32(change)
    assert not looks_probable(wide(rows))
    assert looks_probable(wide(rows.astype(np.float16)))
    assert looks_probable(wide((rows.view(np.uint32) & 0xFFFF0000).view(np.float32)))


@pytest.mark.parametrize("row", [[-0.1, 1.1], [0.0, 0.0], [0.9, 0.9], [40.0, 2.0], [1e6, 70_000.0]])
def test_what_is_no_probability(row: list[float]) -> None:
    assert not looks_probable(np.array([row]))


def test_one_number_per_picture_is_named() -> None:
    for shape in ((12, 1), (12,)):
        error = no_row_error("cats", shape)
        assert error.message == (
            "cats gives one number per picture (a sigmoid for two classes), which has no classes "
            "to compare."
        )
        assert "two outputs and a softmax" in error.mend
    assert "[12, 7, 7, 3]" in no_row_error("cats", (12, 7, 7, 3)).message


def test_half_precision_has_a_smallest_number() -> None:
    rows = wide(softmax(300))
    assert resolution(rows) == 0.0
    half = rows.astype(np.float16)
    assert resolution(wide(half)) == float(np.nextafter(np.float16(0), np.float16(1)))
    assert resolution(wide(half), 1 / 256) == 1 / 256


@pytest.mark.parametrize(
    ("row", "is_like"),
    [([0.0, 0.9, 0.9], True), ([-0.1, 0.9], False), ([0.5, 1.1], False), ([0.0, 0.0], False)],
)
def test_a_sigmoid_of_each_number_stays_between_0_and_1(row: list[float], is_like: bool) -> None:
    assert looks_like_sigmoid(np.array(row)) is is_like
