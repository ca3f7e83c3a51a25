from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QSettings

from inspector.gui import patient_store
from inspector.gui.patient_store import PatientStore

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def path(tmp_path: Path, qapp: QCoreApplication) -> Path:
    return tmp_path / "settings.ini"


def made(path: Path) -> PatientStore:
    return PatientStore(str(path), QSettings.Format.IniFormat)


def change(store: PatientStore, value: int) -> None:
    """Change a value, and let Qt ask for it to be written."""
    store.setValue("top", value)
    QCoreApplication.sendPostedEvents(store)


def test_a_change_is_not_written_at_once(path: Path) -> None:
    store = made(path)
    change(store, 3)
    assert store.is_waiting
    assert not path.exists()
    assert store.value("top") == 3


def test_sync_writes_at_once(path: Path) -> None:
    store = made(path)
    change(store, 3)
    store.sync()
    assert not store.is_waiting
    assert path.read_text(encoding="utf-8") == "[General]\ntop=3\n"


def test_changes_are_written_together_once_the_user_rests(
    path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_store, "REST_MS", 30)
    store = made(path)
    for value in (3, 4):
        change(store, value)
    assert not path.exists()
    qtbot.waitUntil(path.exists)
    assert path.read_text(encoding="utf-8") == "[General]\ntop=4\n"
    change(store, 5)
    qtbot.waitUntil(lambda: not store.is_waiting)
    assert path.read_text(encoding="utf-8") == "[General]\ntop=5\n"
