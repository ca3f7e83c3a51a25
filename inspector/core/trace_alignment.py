"""Which endpoint of one network is which of the other: by depth, shape and values.

Names say nothing between releases, and one of them may name activations that the other has not. So
the two lists, each in the order of depth, are aligned as two texts are (Needleman and Wunsch 1970):
pairs keep the order, only activations of the same shape make a pair, and the closer their values
are, the more a pair is worth. The worth grows with the logarithm of the closeness, so that one pair
that is equal to float noise outweighs several that are merely alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from inspector.core.endpoints import Activation

SAMPLES = 4096
"""Most numbers of an activation that are looked at for the alignment."""

_SAME_SHAPE = 0.02
"""What the shape alone is worth; equal values are worth about 1."""

_DIGITS = 8.0
_CLOSEST = 10.0**-_DIGITS


def align(left: Sequence[Activation], right: Sequence[Activation]) -> tuple[tuple[int, int], ...]:
    """Pair endpoints, each list in the order of depth.

    Returns
    -------
    tuple[tuple[int, int], ...]
        Indices into `left` and `right`, both strictly increasing.
    """
    worth = _worths(left, right)
    best = np.zeros((len(left) + 1, len(right) + 1))
    for i in range(len(left) - 1, -1, -1):
        # best[i, j] = max over taking the pair (i, j), or leaving out left i, or right j
        paired = worth[i] + best[i + 1, 1:]
        row = np.maximum(paired, best[i + 1, :-1])
        best[i, :-1] = np.maximum.accumulate(row[::-1])[::-1]
    return tuple(_path(worth, best))


def _path(worth: NDArray[np.float64], best: NDArray[np.float64]) -> list[tuple[int, int]]:
    pairs = []
    i = j = 0
    while i < worth.shape[0] and j < worth.shape[1]:
        if best[i, j] == best[i, j + 1]:
            j += 1
        elif best[i, j] == best[i + 1, j]:
            i += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return pairs


def _worths(left: Sequence[Activation], right: Sequence[Activation]) -> NDArray[np.float64]:
    """Give what each pair is worth; minus infinity where the shapes differ."""
    worth = np.full((len(left), len(right)), -np.inf)
    lefts, rights = _by_shape(left), _by_shape(right)
    for shape, rows in lefts.items():
        columns = rights.get(shape, [])
        if columns:
            distances = _distances(_samples(left, rows), _samples(right, columns))
            closeness = np.maximum(0.0, -np.log10(distances + _CLOSEST)) / _DIGITS
            worth[np.ix_(rows, columns)] = _SAME_SHAPE + closeness
    return worth


def _by_shape(activations: Sequence[Activation]) -> dict[tuple[int, ...], list[int]]:
    found: dict[tuple[int, ...], list[int]] = {}
    for index, activation in enumerate(activations):
        found.setdefault(activation.compact.shape, []).append(index)
    return found


def _samples(activations: Sequence[Activation], indices: list[int]) -> NDArray[np.float64]:
    """Give numbers at the same places of activations of one shape, as rows."""
    rows = []
    for index in indices:
        flat = activations[index].values.ravel()
        places = np.linspace(0, flat.size - 1, min(SAMPLES, flat.size)).astype(np.int64)
        rows.append(np.nan_to_num(flat[places].astype(np.float64), posinf=0.0, neginf=0.0))
    return np.stack(rows)


def _distances(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give ‖a-b‖ / max(‖a‖, ‖b‖) of every row of `a` with every row of `b`."""
    norms = np.maximum(np.linalg.norm(a, axis=1)[:, None], np.linalg.norm(b, axis=1)[None])
    gaps = np.stack([np.linalg.norm(b - row, axis=1) for row in a])
    return np.asarray(np.divide(gaps, norms, out=np.zeros_like(gaps), where=norms > 0))
