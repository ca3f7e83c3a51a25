from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from inspector.engine.sweep import batching
from inspector.sweep.rows import SweepItem


class PendingRun:
    """The part of a run file that tells what is pending."""

    def __init__(self, done: set[int], total: int) -> None:
        self.items = [SweepItem(n, f"{n}.jpg") for n in range(total) if n not in done]

    def pending(self, after: int = -1, limit: int = 1000) -> list[SweepItem]:
        return [item for item in self.items if item.number > after][:limit]


def numbers(run: Any, size: int) -> list[list[int]]:
    return [[item.number for item in batch] for batch in batching.batches(run, size)]


def test_batches_hold_every_picture_once_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "PAGE", 5)
    assert numbers(PendingRun(set(), 11), 4) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10]]


def test_a_resumed_run_has_the_batches_of_an_undisturbed_one() -> None:
    whole = numbers(PendingRun(set(), 20), 4)
    resumed = numbers(PendingRun({*range(8), *range(12, 16)}, 20), 4)
    assert resumed == [batch for batch in whole if batch[0] not in {0, 4, 12}]


def test_nothing_pending_gives_no_batch() -> None:
    assert numbers(PendingRun({0, 1}, 2), 8) == []


@pytest.mark.parametrize(("size", "expected"), [(32, 32), (96, 32), (224, 8), (299, 4), (1024, 1)])
def test_smaller_inputs_make_larger_batches(size: int, expected: int) -> None:
    model = SimpleNamespace(spec=SimpleNamespace(size=(size, size)), size=None)
    pair: Any = SimpleNamespace(left=model, right=model)
    assert batching.batch_size(pair) == expected
