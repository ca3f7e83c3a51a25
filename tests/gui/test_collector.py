from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from inspector.gui.collector import GuiCollector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[GuiCollector]:
    gc.enable()
    made = GuiCollector()
    yield made
    made.close()
    assert gc.isenabled()
    gc.disable()


def leave_a_cycle(destroyed: list[threading.Thread]) -> None:
    thing = QObject()
    thing.cycle = thing  # type: ignore[attr-defined]
    thing.destroyed.connect(lambda: destroyed.append(threading.current_thread()))


def test_other_threads_collect_nothing(collector: GuiCollector) -> None:
    destroyed: list[threading.Thread] = []
    leave_a_cycle(destroyed)
    worker = threading.Thread(target=lambda: [[] for _ in range(50_000)])
    worker.start()
    worker.join()
    assert not gc.isenabled()
    assert destroyed == []


def test_collects_when_a_threshold_is_passed(collector: GuiCollector) -> None:
    gc.collect()
    assert collector.collect() is None
    kept = [[] for _ in range(2 * gc.get_threshold()[0])]
    assert collector.collect() == 0
    assert len(kept) == 2 * gc.get_threshold()[0]


def test_what_lives_can_be_left_alone(collector: GuiCollector) -> None:
    collector.leave_alone()
    assert gc.get_freeze_count() > 0
