"""The Qt application that drawing text needs, also where there is no display."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from inspector.core.errors import InspectorError
from inspector.core.system_libraries import missing_library_mend

if TYPE_CHECKING:
    from PySide6.QtGui import QGuiApplication

_kept: list[QGuiApplication] = []
"""Keeps the application that was made here alive to the end of the program."""


def ensure_gui_application() -> QGuiApplication:
    """Give the running Qt application, or make one that needs no display.

    Call it before importing the other modules of this package: it is what turns a missing system
    library into a sentence. Without a window a display is of no use, and one that is announced but
    cannot be reached makes Qt end the whole process; so on Linux the off-screen platform is taken,
    unless ``QT_QPA_PLATFORM`` says otherwise.

    Raises
    ------
    InspectorError
        Where Qt or a system library that it needs is missing, or where an application without
        fonts and images runs already.
    """
    gui_application = _import_qt()
    running = gui_application.instance()
    if running is None:
        running = gui_application(["twin-inspector", *platform_arguments()])
        _kept.append(running)
    elif not isinstance(running, gui_application):
        raise InspectorError(
            "The running Qt application cannot draw text.",
            "Start a QGuiApplication rather than a QCoreApplication.",
        )
    return running


def platform_arguments() -> tuple[str, ...]:
    """Give the arguments that choose Qt's platform where nobody needs a display."""
    chosen = bool(os.environ.get("QT_QPA_PLATFORM"))
    return () if chosen or not sys.platform.startswith("linux") else ("-platform", "offscreen")


def qt_import_error(error: ImportError) -> InspectorError:
    """Turn a failed import of PySide6 into a fact and a mend."""
    known = missing_library_mend(str(error))
    if known is not None:
        return InspectorError(*known)
    return InspectorError(
        f"Qt could not be loaded: {error}.", "Install it with 'pip install PySide6-Essentials'."
    )


def _import_qt() -> type[QGuiApplication]:
    try:
        import PySide6.QtSvg  # noqa: F401 - needed later; a missing library must show here
        from PySide6.QtGui import QGuiApplication
    except ImportError as error:
        raise qt_import_error(error) from error
    return QGuiApplication
