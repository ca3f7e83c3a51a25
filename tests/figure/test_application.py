from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from inspector.figure.application import (
    ensure_gui_application,
    platform_arguments,
    qt_import_error,
)

if TYPE_CHECKING:
    import pytest
    from PySide6.QtGui import QGuiApplication

DRAW = """
from inspector.figure.application import ensure_gui_application
application = ensure_gui_application()
assert ensure_gui_application() is application
from inspector.figure.export import figure_image
from tests.support.results import make_result
import sys
assert not {"tensorflow", "keras", "pyqtgraph", "PySide6.QtWidgets"} & set(sys.modules)
print(application.platformName(), figure_image(make_result()).width())
"""


def test_a_running_application_is_used(qapp: QGuiApplication) -> None:
    assert ensure_gui_application() is qapp


def test_a_figure_is_drawn_without_a_display_or_widgets() -> None:
    hidden = {"QT_QPA_PLATFORM", "WAYLAND_DISPLAY"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [sys.executable, "-c", DRAW],
        env={**environment, "DISPLAY": ":4711"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "1200"
    if sys.platform.startswith("linux"):
        assert done.stdout.split()[0] == "offscreen"


def test_the_users_platform_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "minimal")
    assert platform_arguments() == ()
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setattr(sys, "platform", "linux")
    assert platform_arguments() == ("-platform", "offscreen")
    monkeypatch.setattr(sys, "platform", "win32")
    assert platform_arguments() == ()


def test_a_missing_system_library_names_its_package() -> None:
    error = qt_import_error(ImportError("libEGL.so.1: cannot open shared object file"))
    assert "libEGL.so.1" in error.message
    assert "libegl1" in error.mend


def test_a_missing_pyside_names_its_package() -> None:
    error = qt_import_error(ImportError("No module named 'PySide6'"))
    assert "PySide6-Essentials" in error.mend
