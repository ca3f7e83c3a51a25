"""On what was measured, and a display to measure on."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.versions import library_versions

if TYPE_CHECKING:
    from collections.abc import Iterator


def machine_facts() -> str:
    """Give cores, processor, system and versions in two lines."""
    versions = library_versions()
    names = ("python", "tensorflow", "keras", "numpy", "pyside6-essentials", "pyqtgraph")
    return (
        f"{len(os.sched_getaffinity(0))} cores, {_processor()}, {platform.platform(terse=True)}\n"
        + ", ".join(f"{name} {versions[name]}" for name in names)
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


@contextlib.contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Give the environment of a display: the present one, else a virtual one, else off screen."""
    if os.environ.get("DISPLAY"):
        yield {}
    elif shutil.which("Xvfb"):
        with _virtual_display() as number:
            yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    else:
        yield {"QT_QPA_PLATFORM": "offscreen"}


@contextlib.contextmanager
def _virtual_display() -> Iterator[str]:
    reader, writer = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writer),
        "-screen",
        "0",
        "1920x1080x24",
        "-nolisten",
        "tcp",
    ]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as answers:
            yield answers.readline().strip()
    finally:
        server.terminate()
        server.wait()
