from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.bench.sweep_kills import killed_run

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 2


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_run_that_is_killed_and_resumed_has_every_row_of_an_undisturbed_one(
    tmp_path: Path,
) -> None:
    kills = killed_run(tmp_path, KILLS, count=400, seed=11)
    assert all(kill.code == -signal.SIGKILL for kill in kills)
    assert any(kill.after > kill.before for kill in kills)
    assert all(kill.after >= kill.before for kill in kills)
