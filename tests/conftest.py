"""What every test starts from: a pinned environment, folders of its own, and dumps of what hangs.

Set before anything else is imported, since Qt, TensorFlow and Keras read their variables once.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

_HOME = tempfile.TemporaryDirectory(prefix="twin-inspector-tests-")
"""Caches and settings of the tests; kept referenced, so that it is removed at the very end."""

PINNED = {
    "QT_QPA_PLATFORM": "offscreen",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
    "KERAS_HOME": f"{_HOME.name}/keras",
    "TFHUB_CACHE_DIR": f"{_HOME.name}/tfhub",
    "XDG_CONFIG_HOME": f"{_HOME.name}/config",
    "XDG_STATE_HOME": f"{_HOME.name}/state",
    "XDG_DATA_HOME": f"{_HOME.name}/data",
    "XDG_CACHE_HOME": f"{_HOME.name}/cache",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    # A started program that is told to abort, or crashes, shows where it was.
    "PYTHONFAULTHANDLER": "1",
}
UNSET = (
    *("DISPLAY", "WAYLAND_DISPLAY", "TWIN_INSPECTOR_TRACE", "QT_STYLE_OVERRIDE", "COLUMNS"),
    *("TWIN_INSPECTOR_MIRRORS", "TWIN_INSPECTOR_TRUST"),
    *("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
)

os.environ.update(PINNED)
for _name in UNSET:
    os.environ.pop(_name, None)

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def data() -> Path:
    """Give the folder of development data, which is no part of the project; skip without it."""
    folder = Path(os.environ.get("TWIN_INSPECTOR_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "imagenet_pair").is_dir():
        pytest.skip(f"there is no development data in {folder}; set TWIN_INSPECTOR_DATA")
    return folder
