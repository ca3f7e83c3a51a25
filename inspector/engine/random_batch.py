"""The known case: one random batch, given unchanged to both models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.errors import ReleaseError
from inspector.engine.checks import input_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.engine.engine import LoadedPair


@dataclass(frozen=True, eq=False, slots=True)
class RandomBatch:
    """What both models gave for the same random numbers.

    Attributes
    ----------
    seed, count
        Of the batch.
    left, right
        float32 (count, n), the rows as published.
    array_equal
        ``numpy.array_equal(left, right)``.
    """

    seed: int
    count: int
    left: NDArray[np.float32]
    right: NDArray[np.float32]
    array_equal: bool


def run_random_batch(pair: LoadedPair, seed: int, count: int) -> RandomBatch:
    """Run ``np.random.seed(seed); np.random.rand(count, height, width, 3)`` through both models.

    Raises
    ------
    ReleaseError
        Where the models take inputs of different sizes.
    """
    sizes = input_size(pair.left), input_size(pair.right)
    if sizes[0] != sizes[1]:
        raise ReleaseError(
            f"The models take different sizes, {sizes[0]} and {sizes[1]}, so they cannot be given "
            "the same batch.",
            "Choose a pair with one input size.",
        )
    numbers = np.random.RandomState(seed).rand(count, *sizes[0], 3)
    batch = numbers.astype(np.float32)
    left, right = pair.left.run(batch).raw, pair.right.run(batch).raw
    return RandomBatch(seed, count, left, right, bool(np.array_equal(left, right)))
