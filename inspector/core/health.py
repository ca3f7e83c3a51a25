"""What the program needs on this machine, and whether it is there."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.catalogue import (
    hub_cache,
    is_here,
    keras_cache,
    missing_path,
    shipped_pairs,
)
from inspector.core.display import X11_LIBRARIES, has_display
from inspector.core.paths import log_file
from inspector.core.system_libraries import missing_library_mend
from inspector.core.versions import library_versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from inspector.core.pairs import PairSpec

ALWAYS_NEEDED = (
    "libEGL.so.1",
    "libGL.so.1",
    "libxkbcommon.so.0",
    "libfontconfig.so.1",
    "libdbus-1.so.3",
)
"""What Qt loads on Linux even to draw off screen."""

LEAST_FREE_BYTES = 1_000_000_000

_LISTED = 4
_AGAIN = "It comes with the program: install that again."


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
    detail
        Whether another check sums it up, so that only a script wants it.
    """

    name: str
    ok: bool
    text: str
    mend: str = ""
    needed: bool = True
    detail: bool = False


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
    """Sum up which of the shipped pairs are here, and tell it of each one as a detail."""
    here = {pair: is_here(pair) for pair in shipped_pairs()}
    return [_pairs_together(here), *(_pair(pair, known) for pair, known in here.items())]


def _pairs_together(here: Mapping[PairSpec, bool]) -> Check:
    name = "pairs"
    broken = [pair for pair, known in here.items() if not known and not _can_be_fetched(pair)]
    if broken:
        text = f"not whole: {_some(pair.id for pair in broken)}"
        return Check(name, False, text, _AGAIN, needed=False)
    ids = [pair.id for pair, known in here.items() if known]
    absent = len(here) - len(ids)
    parts = [f"{len(ids)} here ({_some(ids)})" if ids else "none here"]
    if absent:
        parts.append(f"{absent} fetched when used")
    text = f"{len(here)} known: {', '.join(parts)}; 'releases list' tells more"
    return Check(name, True, text, needed=False)


def _pair(pair: PairSpec, here: bool) -> Check:
    mend = f"Using it (--pair {pair.id}) fetches it." if _can_be_fetched(pair) else _AGAIN
    return Check(
        f"pair {pair.id}",
        here,
        "on this machine" if here else "not on this machine",
        "" if here else mend,
        needed=False,
        detail=True,
    )


def _can_be_fetched(pair: PairSpec) -> bool:
    """Tell whether what a pair lacks comes from the network, and not with the program."""
    lacking = [release for release in (pair.left, pair.right) if missing_path(release) is not None]
    return all(release.source.is_remote for release in lacking)


def _some(ids: Iterable[str]) -> str:
    """List the first few."""
    listed = list(ids)
    rest = len(listed) - _LISTED
    return ", ".join(listed[:_LISTED]) + (f" and {rest} more" if rest > 0 else "")


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
