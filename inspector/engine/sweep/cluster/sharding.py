"""How many pictures go to a worker at a time, and in which order their rows are written."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

from inspector.core.errors import PictureError
from inspector.engine.sweep.cluster.job import Shard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from inspector.engine.sweep.cluster.job import Batch
    from inspector.sweep.item_bytes import ItemReader
    from inspector.sweep.rows import SweepItem, SweepRow

SHARD_SECONDS = 5.0
"""How long a shard shall take: long against what sending it costs, short against losing it."""

FIRST_BATCHES = 2
"""Batches of a shard before it is known how long a picture takes."""

MOST_PICTURES = 4096
"""Largest shard: its rows travel as one message of about 2 MB."""

SENT_BYTES = 8 * 1024 * 1024
"""A shard that carries its pictures ends with the batch that reaches this; it waits in the
scheduler's memory, which is one for all workers."""


class Sizer:
    """Sizes shards by how long the ones before took."""

    def __init__(self, batch: int, seconds: float = SHARD_SECONDS) -> None:
        self._batch = batch
        self._wanted = seconds
        self._pace: float | None = None

    def learn(self, pictures: int, seconds: float) -> None:
        """Hear how long some pictures took; newer shards weigh more."""
        if pictures == 0:
            return
        pace = seconds / pictures
        self._pace = pace if self._pace is None else 0.7 * self._pace + 0.3 * pace

    @property
    def batches(self) -> int:
        """How many batches the next shard shall have."""
        most = max(1, MOST_PICTURES // self._batch)
        if self._pace is None:
            return min(FIRST_BATCHES, most)
        wanted = self._wanted / max(self._pace * self._batch, 1e-9)
        return max(1, min(most, round(wanted)))


def shards(batches: Iterable[Sequence[SweepItem]], sizer: Sizer) -> Iterator[Shard]:
    """Yield whole batches together, as many as the sizer says at that moment.

    Batches are never cut: a shard gives the very numbers that the same batches give anywhere.
    """
    held: list[Batch] = []
    for batch in batches:
        held.append(tuple(batch))
        if len(held) >= sizer.batches:
            yield Shard(tuple(held))
            held = []
    if held:
        yield Shard(tuple(held))


def loaded_shards(
    batches: Iterable[Sequence[SweepItem]], sizer: Sizer, reader: ItemReader
) -> Iterator[Shard]:
    """Yield shards with their pictures' bytes, each ended early where those are many."""
    held: list[Batch] = []
    sent: dict[str, bytes | PictureError] = {}
    for batch in batches:
        held.append(tuple(batch))
        sent |= read_all(held[-1], reader)
        size = sum(len(data) for data in sent.values() if isinstance(data, bytes))
        if len(held) >= sizer.batches or size >= SENT_BYTES:
            yield Shard(tuple(held), sent)
            held, sent = [], {}
    if held:
        yield Shard(tuple(held), sent)


def read_all(items: Iterable[SweepItem], reader: ItemReader) -> dict[str, bytes | PictureError]:
    """Read pictures; what is wrong with one is kept in place of its bytes."""
    found: dict[str, bytes | PictureError] = {}
    for item in items:
        try:
            found[item.path] = reader.read(item.path)
        except PictureError as error:
            found[item.path] = error
    return found


def cut(shard: Shard) -> Iterator[Shard]:
    """Cut a shard into its batches, or its only batch into single pictures."""
    if len(shard.batches) > 1:
        parts: Iterable[Batch] = shard.batches
    else:
        parts = ((item,) for item in shard.items)
    for part in parts:
        sent = None
        if shard.sent is not None:
            sent = {item.path: shard.sent[item.path] for item in part}
        yield Shard((part,), sent)


class InOrder:
    """Gives rows in the order in which their shards were sent, as far as that is sensible.

    A run file whose rows come by number is written once and read in one sweep. Rows of later
    shards wait for those before, but only so many and so long: what waits is lost where this
    process is killed.

    Parameters
    ----------
    most
        How many shards may wait.
    seconds
        How long one may wait, by the clock that :meth:`overdue` is asked with.
    """

    def __init__(self, most: int, seconds: float = math.inf) -> None:
        self._most = most
        self._seconds = seconds
        self._sent: deque[int] = deque()
        self._waiting: dict[int, Sequence[SweepRow]] = {}
        self._seen: dict[int, float] = {}

    def expect(self, number: int) -> None:
        """Hear that a shard was sent."""
        self._sent.append(number)

    def take(self, number: int, rows: Sequence[SweepRow]) -> Iterator[Sequence[SweepRow]]:
        """Take a shard's rows, none where they come otherwise; yield all whose turn has come."""
        self._waiting[number] = rows
        while self._sent and self._sent[0] in self._waiting:
            yield from self._give(self._sent.popleft())
        if len(self._waiting) > self._most:
            yield from self.rest()

    def overdue(self, now: float) -> Iterator[Sequence[SweepRow]]:
        """Yield everything that waits where something has waited for too long; ask now and then."""
        for number in self._waiting:
            self._seen.setdefault(number, now)
        if self._seen and now - min(self._seen.values()) >= self._seconds:
            yield from self.rest()

    def rest(self) -> Iterator[Sequence[SweepRow]]:
        """Yield everything that waits."""
        ready = [number for number in self._sent if number in self._waiting]
        self._sent = deque(number for number in self._sent if number not in self._waiting)
        for number in ready:
            yield from self._give(number)

    def _give(self, number: int) -> Iterator[Sequence[SweepRow]]:
        rows = self._waiting.pop(number)
        self._seen.pop(number, None)
        if rows:
            yield rows
