"""Distances between two rows of scores, each a function of its own.

To add a metric, write it here and name it in :class:`inspector.core.comparison.Comparison`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.core.scores import SMALLEST

if TYPE_CHECKING:
    from numpy.typing import NDArray


def is_distribution(row: NDArray[np.float64]) -> bool:
    """Tell whether a row is finite, not negative and sums to 1 within 1e-3."""
    return bool(np.isfinite(row).all() and row.min() >= 0 and abs(row.sum() - 1) < 1e-3)


def kl_divergence(p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    """Give the Kullback-Leibler divergence sum(p·ln(p/q)) in nats; p and q are distributions."""
    p_safe, q_safe = np.maximum(p, SMALLEST), np.maximum(q, SMALLEST)
    return max(0.0, float(np.sum(p * np.log(p_safe / q_safe))))


def js_divergence(p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    """Give the Jensen-Shannon divergence (Lin 1991) in nats, 0 to ln 2."""
    middle = (p + q) / 2
    return (kl_divergence(p, middle) + kl_divergence(q, middle)) / 2


def cosine_similarity(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Give a·b/(|a||b|), -1 to 1; 0 where a row is all zero."""
    norm = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / norm if norm > 0 else 0.0


def spearman(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Give Spearman's rank correlation, ties by average rank; 0 where a row is constant."""
    return cosine_similarity(_centred_ranks(a), _centred_ranks(b))


def ranks(row: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give each class's place, 1 for the largest; equal values in the order of their index."""
    order = np.argsort(-row, kind="stable")
    places = np.empty(row.size, dtype=np.int64)
    places[order] = np.arange(1, row.size + 1)
    return places


def top_indices(row: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Give the indices of the `count` largest values, the largest first."""
    return np.argsort(-row, kind="stable")[:count].astype(np.int64)


def centred(row: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the row less its mean: softmax knows no common shift, so logits are compared so."""
    with np.errstate(invalid="ignore"):
        return np.asarray(row - row.mean())


def _centred_ranks(row: NDArray[np.float64]) -> NDArray[np.float64]:
    _, inverse, counts = np.unique(row, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    average = last - (counts - 1) / 2
    return centred(average[inverse])
