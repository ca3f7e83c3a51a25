"""Off screen, and with the same look everywhere: set before Qt is imported."""

from __future__ import annotations

import gc
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_SCALE_FACTOR"] = "1"
os.environ["QT_FONT_DPI"] = "96"
os.environ["LC_ALL"] = "C.UTF-8"

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QLocale, QObject, QSettings, QStandardPaths
from PySide6.QtWidgets import QWidget

from inspector.core.palette import LIGHT
from inspector.gui.theme import apply_palette

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

OFFSCREEN_CHATTER = "^This plugin does not support"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Qt's off-screen plugin say what it cannot do; every other warning fails a test."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore(OFFSCREEN_CHATTER, extend=True))


@pytest.fixture(autouse=True)
def pinned_look(qapp: QApplication) -> Iterator[QApplication]:
    """Give every test Fusion in the light scheme, one font size and the C locale."""
    QLocale.setDefault(QLocale.c())
    font = qapp.font()
    if font.pointSize() != 10:
        font.setPointSize(10)
        qapp.setFont(font)
    apply_palette(qapp, LIGHT)
    yield qapp
    apply_palette(qapp, LIGHT)


class _Windows(QObject):
    """Notes every widget that is shown as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched)
        return False


@pytest.fixture
def shown_windows(qapp: QApplication) -> Iterator[list[QWidget]]:
    """Give the widgets that were shown as windows during the test."""
    windows = _Windows()
    qapp.installEventFilter(windows)
    yield windows.shown
    qapp.removeEventFilter(windows)


@pytest.fixture(scope="session", autouse=True)
def no_automatic_collection() -> Iterator[None]:
    """Keep Python from destroying Qt objects on another thread, as the program itself does."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.fixture(autouse=True)
def collected(no_automatic_collection: None) -> Iterator[None]:
    """Collect on the GUI thread what a test left behind."""
    yield
    gc.collect(1)


@pytest.fixture(autouse=True)
def own_settings(tmp_path: object) -> None:
    """Keep settings and standard folders of the person who runs the tests out of them."""
    QStandardPaths.setTestModeEnabled(True)
    for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(kind, QSettings.Scope.UserScope, str(tmp_path))
