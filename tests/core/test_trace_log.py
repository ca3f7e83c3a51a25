"""The trace for benchmarks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from inspector.core.trace_log import VARIABLE, mark, seconds_since_start

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_appends_a_line_per_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "trace.jsonl"
    monkeypatch.setenv(VARIABLE, str(file))
    mark("first_paint")
    mark("engine_ready")
    events = [json.loads(line) for line in file.read_text().splitlines()]
    assert [event["event"] for event in events] == ["first_paint", "engine_ready"]
    assert 0 < events[0]["seconds"] <= events[1]["seconds"]


def test_writes_nothing_without_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    mark("first_paint")
    assert list(tmp_path.iterdir()) == []


def test_seconds_count_from_the_start_of_the_process() -> None:
    import time

    first, clock = seconds_since_start(), time.perf_counter()
    passed = seconds_since_start() - first
    assert abs(passed - (time.perf_counter() - clock)) < 0.1
