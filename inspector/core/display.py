"""Whether a window can be shown: a display answers, and Qt finds what it needs for it."""

from __future__ import annotations

import ctypes
import os
import re
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import InspectorError
from inspector.core.system_libraries import missing_library_mend

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADLESS_PLATFORMS = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")
"""Qt platforms that need no display server."""

X11_LIBRARIES = (
    "libxcb-cursor.so.0",
    "libxkbcommon-x11.so.0",
    "libxcb-icccm.so.4",
    "libxcb-image.so.0",
    "libxcb-keysyms.so.1",
    "libxcb-render-util.so.0",
)
"""What Qt's X11 plugin loads besides what Qt always needs."""

PATIENCE_SECONDS = 1.0
_X11_TCP_PORT = 6000
_X11 = re.compile(r"(?:unix)?(?P<host>.*):(?P<number>\d+)(?:\.\d+)?")


def has_display(environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether a window can be shown (always assumed on Windows and macOS).

    Qt ends the whole process where a display is announced but cannot be reached, as after a closed
    remote session; so it is asked for first, which takes well under a millisecond on one machine.
    """
    env = os.environ if environment is None else environment
    if not sys.platform.startswith("linux"):
        return True
    if env.get("QT_QPA_PLATFORM", "").startswith(HEADLESS_PLATFORMS):
        return True
    return wayland_answers(env) or x11_answers(env.get("DISPLAY", ""))


def check_display_libraries(environment: Mapping[str, str] | None = None) -> None:
    """Raise where a window on X11 lacks a system library.

    Qt ends the whole process where its X11 plugin cannot be loaded.

    Raises
    ------
    InspectorError
        Names the library and the package that brings it.
    """
    env = os.environ if environment is None else environment
    other = env.get("QT_QPA_PLATFORM", "xcb").partition(":")[0] != "xcb"
    if not sys.platform.startswith("linux") or other or wayland_answers(env):
        return
    for name in X11_LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError as error:
            known = missing_library_mend(str(error))
            fact, mend = known or (f"{name} cannot be loaded: {error}.", "Install it again.")
            raise InspectorError(fact, mend) from error


def wayland_answers(environment: Mapping[str, str]) -> bool:
    """Tell whether the Wayland display of an environment can be connected to."""
    name = environment.get("WAYLAND_DISPLAY", "")
    folder = environment.get("XDG_RUNTIME_DIR", "")
    if not name or not (folder or name.startswith("/")):
        return False
    return _answers(socket.AF_UNIX, str(Path(folder, name)))


def x11_answers(display: str) -> bool:
    """Tell whether an X11 display such as ``:0`` or ``localhost:10.0`` can be connected to."""
    match = _X11.fullmatch(display)
    if match is None:
        return False
    host, number = match["host"], int(match["number"])
    if host:
        return _answers(socket.AF_INET, (host, _X11_TCP_PORT + number))
    path = f"/tmp/.X11-unix/X{number}"
    return _answers(socket.AF_UNIX, path) or _answers(socket.AF_UNIX, "\0" + path)


def _answers(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(PATIENCE_SECONDS)
        try:
            connection.connect(address)
        except OSError:
            return False
    return True
