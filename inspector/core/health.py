"""What the program needs on this machine, and whether it is there."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from inspector.core.catalogue import hub_cache, is_here, keras_cache, shipped_pairs
from inspector.core.display import X11_LIBRARIES, has_display
from inspector.core.paths import log_file
from inspector.core.system_libraries import missing_library_mend
from inspector.core.versions import library_versions

ALWAYS_NEEDED = (
    "libEGL.so.1",
    "libGL.so.1",
    "libxkbcommon.so.0",
    "libfontconfig.so.1",
    "libdbus-1.so.3",
)
"""What Qt loads on Linux even to draw off screen."""

LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes
    ----------
    name
        What it is.
    ok
        Whether it is as it should be.
    text
        What was found.
    mend
        What to do where it is not.
    needed
        Whether the program cannot work without it.
    """

    name: str
    ok: bool
    text: str
    mend: str = ""
    needed: bool = True


def examine() -> list[Check]:
    """Look at versions, system libraries, display, caches, pairs and disk."""
    return [
        *(_package(name, text) for name, text in library_versions().items()),
        _setuptools(),
        _tflite(),
        *_libraries(),
        _display(),
        _folder("Keras cache", keras_cache()),
        _folder("TF Hub cache", hub_cache()),
        *_pairs(),
        _disk(),
        Check("log", True, str(log_file("engine.log"))),
    ]


def _package(name: str, text: str) -> Check:
    ok = text != "missing"
    return Check(name, ok, text, "" if ok else f"Install it with 'pip install {name}'.")


def _setuptools() -> Check:
    try:
        found = version("setuptools")
    except PackageNotFoundError:
        found = "missing"
    ok = found != "missing" and int(found.split(".")[0]) < 80
    mend = "" if ok else "tensorflow_hub needs an older one: pip install 'setuptools<80'."
    return Check("setuptools", ok, found, mend)


def _tflite() -> Check:
    """Look for the interpreter of TFLite files, which is an extra."""
    try:
        return Check("ai-edge-litert", True, version("ai-edge-litert"), needed=False)
    except PackageNotFoundError:
        mend = "TFLite files need it: pip install 'twin-inspector[tflite]'."
        return Check("ai-edge-litert", False, "not installed", mend, needed=False)


def _libraries() -> list[Check]:
    if not sys.platform.startswith("linux"):
        return []
    return [
        *(_library(name, needed=True) for name in ALWAYS_NEEDED),
        *(_library(name, needed=bool(os.environ.get("DISPLAY"))) for name in X11_LIBRARIES),
    ]


def _library(name: str, needed: bool) -> Check:
    try:
        ctypes.CDLL(name)
    except OSError as error:
        _, mend = missing_library_mend(str(error)) or ("", f"Install the package of {name}.")
        return Check(name, False, "not found", mend, needed)
    return Check(name, True, "found", needed=needed)


def _display() -> Check:
    if has_display():
        return Check("display", True, "a window can be shown", needed=False)
    announced = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    return Check(
        "display",
        False,
        f"{announced} is announced, but does not answer" if announced else "there is none",
        "The commands work without; started without a command, the figure is drawn into a file.",
        needed=False,
    )


def _folder(name: str, path: Path) -> Check:
    if not path.is_dir():
        return Check(name, True, f"{path} (not there yet)", needed=False)
    try:
        count = sum(1 for _ in path.iterdir())
    except OSError as error:
        mend = "Change its permissions, or name another folder in the environment."
        return Check(name, False, f"{path}: {error.strerror}", mend, needed=False)
    return Check(name, True, f"{path} ({count} entries)", needed=False)


def _pairs() -> list[Check]:
    return [
        Check(
            f"pair {pair.id}",
            is_here(pair),
            "on this machine" if is_here(pair) else "not on this machine",
            "" if is_here(pair) else f"Using it (--pair {pair.id}) fetches it.",
            needed=False,
        )
        for pair in shipped_pairs()
    ]


def _disk() -> Check:
    place = Path.home() if Path.home().exists() else Path.cwd()
    free = shutil.disk_usage(place).free
    ok = free >= LEAST_FREE_BYTES
    return Check(
        "free disk space",
        ok,
        f"{free / 1e9:.1f} GB",
        "" if ok else "Releases are downloaded into your home folder; make some room.",
        needed=False,
    )
