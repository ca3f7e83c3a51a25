"""Models that take only batches of one fixed size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Run = Callable[[NDArray[np.float32]], Sequence[NDArray[np.float32]]]


def run_batch(
    run: Run, batch: NDArray[np.float32], fixed: int | None
) -> Sequence[NDArray[np.float32]]:
    """Run a batch through a model that may fix its batch size.

    Parameters
    ----------
    run
        Gives one array for each of the model's outputs, (batch, …).
    batch
        float32 (batch, height, width, 3), at least one picture.
    fixed
        The only batch size that `run` takes, or None for any. Then the batch is cut into parts of
        that size; the last part is filled up by repeating its last picture, and what the model
        says to the repetitions is left out.

    Returns
    -------
    Sequence[NDArray[np.float32]]
        Each output for the whole batch.
    """
    if fixed is None or len(batch) == fixed:
        return run(batch)
    parts = []
    for start in range(0, len(batch), fixed):
        part = batch[start : start + fixed]
        missing = fixed - len(part)
        filled = np.concatenate([part, np.repeat(part[-1:], missing, axis=0)]) if missing else part
        parts.append([output[: len(part)] for output in run(filled)])
    return [np.concatenate(outputs) for outputs in zip(*parts, strict=True)]
