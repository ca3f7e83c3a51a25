"""Which package brings a system library that Qt needs and a minimal Linux does not have.

PySide6's wheels bring Qt itself, but not the libraries of the desktop below it. A missing one shows
as an ImportError such as ``libEGL.so.1: cannot open shared object file``.
"""

from __future__ import annotations

import re

KNOWN_LIBRARIES: dict[str, tuple[str, str]] = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libGLX.so.0": ("libglx0", "libglvnd-glx"),
    "libOpenGL.so.0": ("libopengl0", "libglvnd-opengl"),
    "libICE.so.6": ("libice6", "libICE"),
    "libSM.so.6": ("libsm6", "libSM"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
    "libX11.so.6": ("libx11-6", "libX11"),
    "libbrotlidec.so.1": ("libbrotli1", "libbrotli"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libdrm.so.2": ("libdrm2", "libdrm"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype"),
    "libgbm.so.1": ("libgbm1", "mesa-libgbm"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2", "krb5-libs"),
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor"),
    "libwayland-egl.so.1": ("libwayland-egl1", "libwayland-egl"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-glx.so.0": ("libxcb-glx0", "libxcb"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xinerama.so.0": ("libxcb-xinerama0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxcb.so.1": ("libxcb1", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libz.so.1": ("zlib1g", "zlib"),
    "libzstd.so.1": ("libzstd1", "libzstd"),
}
"""Name of the library: package of Debian and Ubuntu, package of Fedora."""

_SONAME = re.compile(r"(?<![\w.+-])lib[\w.+-]*?\.so(?:\.\d+)*")


def missing_library_mend(error_text: str) -> tuple[str, str] | None:
    """Read a loader's error and say what is missing and which package to install.

    Parameters
    ----------
    error_text
        Text of an ImportError or OSError, or what Qt's platform plugin reports.

    Returns
    -------
    tuple[str, str] | None
        The fact and the mend, one sentence each; None where the text is about something else.
    """
    library = _missing_library(error_text)
    if library is None:
        return None
    fact = f"Qt needs the system library {library}, which is not installed."
    packages = KNOWN_LIBRARIES.get(library)
    if packages is None:
        return fact, f"Install the package of your system that brings {library}."
    debian, fedora = packages
    return fact, (
        f"Install it with 'sudo apt install {debian}' on Debian and Ubuntu, or "
        f"'sudo dnf install {fedora}' on Fedora."
    )


def _missing_library(error_text: str) -> str | None:
    named: list[str] = _SONAME.findall(error_text)
    known = next((name for name in named if name in KNOWN_LIBRARIES), None)
    if known is not None:
        return known
    if named and "cannot open shared object file" in error_text:
        return named[0]
    return None
