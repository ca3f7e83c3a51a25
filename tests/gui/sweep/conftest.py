from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.gui.sweep import runner
from inspector.gui.sweep.runner import Farewell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def no_command_left(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """End the commands whose windows a test closed, as the program does at its own end."""
    yield
    monkeypatch.setattr(runner, "QUIT_PATIENCE_MS", 100)
    for farewell in qapp.findChildren(Farewell):
        farewell.wait()
