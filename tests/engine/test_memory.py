from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from inspector.engine.memory import give_memory_back


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1])


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc's memory is given back")
def test_freed_memory_goes_back_to_the_system() -> None:
    pieces = [np.ones(2_000) for _ in range(20_000)]  # 16 KB each: the heap's, 320 MB in all
    pins = pieces[::500]
    full = resident()
    del pieces
    give_memory_back()
    assert resident() < full - 40_000  # pages of 4 KB: at least half of it
    assert len(pins) == 40
