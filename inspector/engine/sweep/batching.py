"""How many pictures are run as one, and which of them belong together."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from inspector.engine.checks import input_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.engine.engine import LoadedPair
    from inspector.sweep.rows import SweepItem
    from inspector.sweep.run_file import RunFile

MOST = 32
"""Larger batches are no faster on a processor, and take more memory."""

PIXELS = 8 * 224 * 224
"""Pixels of a batch from which on a larger one is no faster: eight inputs of 224 × 224."""

PAGE = 1024
"""Pictures that are asked of the run file at a time."""


def batch_size(pair: LoadedPair) -> int:
    """Give the batch size for a pair: a power of two, the larger the smaller the model inputs.

    It follows from the pair alone, so that a run and its repetition batch alike. Measured with a
    MobileNetV2: at 224 px batches of 4 to 64 are alike, and 1 is up to a quarter slower; at 96 px
    (and a narrower network) 32 is four times as fast as 1, and 64 is no faster.
    """
    area = max(height * width for height, width in map(input_size, (pair.left, pair.right)))
    size = 1
    while size < MOST and 2 * size * area <= PIXELS:
        size *= 2
    return size


def batches(run: RunFile, size: int) -> Iterator[list[SweepItem]]:
    """Yield the pictures that have no row yet, in batches.

    A batch is what has the same number divided by `size`, and its rows are kept together or not
    at all; so a run that was broken off anywhere goes on with the very batches that it would have
    had without the break, and gives the very same numbers.
    """
    for _, batch in itertools.groupby(_pending(run), lambda item: item.number // size):
        yield list(batch)


def _pending(run: RunFile) -> Iterator[SweepItem]:
    last = -1
    while page := run.pending(last, PAGE):
        yield from page
        last = page[-1].number
