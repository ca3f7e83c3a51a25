from __future__ import annotations

import numpy as np
import pytest

from inspector.core.causes.label_match import match_labels


@pytest.fixture
def logits() -> np.ndarray:
    return np.random.default_rng(5).normal(0, 2, (6, 200))


def test_equal_numbering(logits: np.ndarray) -> None:
    match = match_labels(logits, logits * 1.0 + 3.0)  # a common shift means nothing
    assert match.shift == 0
    assert match.agreement == pytest.approx(1.0)
    assert match.permuted == 0


@pytest.mark.parametrize("shift", [-1, 1])
def test_one_apart_is_found(logits: np.ndarray, shift: int) -> None:
    match = match_labels(logits, np.roll(logits, shift, axis=1))
    assert match.shift == shift
    assert match.agreement > 0.95
    assert abs(match.agreement_unshifted) < 0.3


def test_a_permutation_is_counted(logits: np.ndarray) -> None:
    permuted = logits.copy()
    permuted[:, [3, 50, 120]] = logits[:, [50, 120, 3]]
    match = match_labels(logits, permuted)
    assert match.shift == 0
    assert match.permuted == 3


def test_other_weights_are_no_permutation(logits: np.ndarray) -> None:
    other = np.random.default_rng(6).normal(0, 2, logits.shape)
    assert match_labels(logits, other).permuted == 0
