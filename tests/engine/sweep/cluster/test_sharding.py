from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import PictureError
from inspector.engine.sweep.cluster import sharding
from inspector.engine.sweep.cluster.job import Shard
from inspector.engine.sweep.cluster.sharding import InOrder, Sizer, cut, loaded_shards, shards
from inspector.sweep.item_bytes import ItemReader
from inspector.sweep.rows import SweepItem, SweepRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


def batches_of(count: int, size: int = 4) -> list[list[SweepItem]]:
    return [
        [SweepItem(number, f"{number}.png") for number in range(start, start + size)]
        for start in range(0, count * size, size)
    ]


def row(number: int) -> SweepRow:
    return SweepRow(SweepItem(number, f"{number}.png"))


def test_shards_hold_whole_batches_in_order() -> None:
    made = list(shards(batches_of(5), Sizer(4)))
    assert [len(shard.batches) for shard in made] == [2, 2, 1]
    assert [item.number for shard in made for item in shard.items] == list(range(20))
    assert all(len(batch) == 4 for shard in made for batch in shard.batches)


def test_a_list_without_end_is_cut_as_it_is_asked_for() -> None:
    asked = 0

    def endless() -> Iterator[list[SweepItem]]:
        nonlocal asked
        for asked in itertools.count(1):
            yield [SweepItem(asked, "a.png")]

    first = next(shards(endless(), Sizer(1)))
    assert len(first.items) == 2
    assert asked == 2


def test_shards_take_as_long_as_they_shall() -> None:
    sizer = Sizer(batch=8, seconds=4.0)
    sizer.learn(16, 1.6)
    assert sizer.batches == 5
    for _ in range(30):
        sizer.learn(16, 0.16)
    assert sizer.batches == 50
    sizer.learn(0, 99.0)
    assert sizer.batches == 50


@pytest.mark.parametrize(("seconds", "expected"), [(1e-9, 512), (0.0, 512), (900.0, 1)])
def test_shards_are_never_empty_nor_without_limit(seconds: float, expected: int) -> None:
    sizer = Sizer(batch=8)
    sizer.learn(1, seconds)
    assert sizer.batches == expected


def test_pictures_are_sent_with_what_is_wrong_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharding, "SENT_BYTES", 10)
    files = [tmp_path / f"{number}.png" for number in range(4)]
    for number, file in enumerate(files[:3]):
        file.write_bytes(b"x" * 6 * (number + 1))
    batches = [[SweepItem(number, str(file))] for number, file in enumerate(files)]
    sizer = Sizer(1)
    sizer.learn(1, 0.001)
    with ItemReader() as reader:
        made = list(loaded_shards(batches, sizer, reader))
    assert [[item.number for item in shard.items] for shard in made] == [[0, 1], [2], [3]]
    assert made[0].sent == {str(files[0]): b"x" * 6, str(files[1]): b"x" * 12}
    assert made[2].sent is not None
    assert isinstance(made[2].sent[str(files[3])], PictureError)


def test_a_shard_is_cut_into_batches_and_a_batch_into_pictures() -> None:
    sent = {f"{number}.png": bytes([number]) for number in range(8)}
    whole = Shard(tuple(map(tuple, batches_of(2))), sent)
    first, second = cut(whole)
    assert [item.number for item in second.items] == [4, 5, 6, 7]
    assert second.sent == {f"{number}.png": bytes([number]) for number in range(4, 8)}
    singles = list(cut(first))
    assert [[item.number for item in single.items] for single in singles] == [[0], [1], [2], [3]]
    assert singles[1].sent == {"1.png": b"\x01"}
    assert [part.sent for part in cut(Shard(whole.batches))] == [None, None]


def test_rows_come_in_the_order_of_their_shards() -> None:
    order = InOrder(most=8)
    for number in range(3):
        order.expect(number)
    assert list(order.take(1, [row(1)])) == []
    assert list(order.take(0, [row(0)])) == [[row(0)], [row(1)]]
    assert list(order.take(2, [row(2)])) == [[row(2)]]


def test_a_shard_that_was_cut_holds_nothing_up() -> None:
    order = InOrder(most=8)
    order.expect(0)
    order.expect(1)
    assert list(order.take(1, [row(1)])) == []
    assert list(order.take(0, ())) == [[row(1)]]


def test_only_so_much_waits_for_a_slow_shard() -> None:
    order = InOrder(most=2)
    for number in range(5):
        order.expect(number)
    assert list(order.take(2, [row(2)])) == []
    assert list(order.take(1, [row(1)])) == []
    assert list(order.take(3, [row(3)])) == [[row(1)], [row(2)], [row(3)]]
    assert list(order.take(4, [row(4)])) == []
    assert list(order.rest()) == [[row(4)]]
    assert list(order.take(0, [row(0)])) == [[row(0)]]


def test_nothing_waits_for_long() -> None:
    """What waits is in no file yet, and a shard whose worker died may take minutes."""
    order = InOrder(most=8, seconds=10)
    for number in range(4):
        order.expect(number)
    assert list(order.overdue(0.0)) == []
    assert list(order.take(1, [row(1)])) == []
    assert list(order.overdue(1.0)) == []
    assert list(order.take(2, [row(2)])) == []
    assert list(order.overdue(10.9)) == []
    assert list(order.overdue(11.0)) == [[row(1)], [row(2)]]
    assert list(order.take(3, [row(3)])) == []
    assert list(order.overdue(12.0)) == []
    assert list(order.take(0, [row(0)])) == [[row(0)], [row(3)]]
    assert list(order.overdue(30.0)) == []


def test_what_waits_briefly_keeps_its_order_though_something_always_waits() -> None:
    """As on a busy cluster: each shard but one comes a little before the one that is its turn."""
    order = InOrder(most=8, seconds=10)
    for number in range(40):
        order.expect(number)
    written: list[Sequence[SweepRow]] = []
    for number in range(0, 40, 2):
        now = float(number)
        written += order.take(number + 1, [row(number + 1)])
        written += order.overdue(now)
        written += order.take(number, [row(number)])
        written += order.overdue(now + 1.0)
    assert written == [[row(number)] for number in range(40)]
