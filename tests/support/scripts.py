"""Runs exported scripts, all in one fresh process."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_RUN_ALL = """
import runpy, sys
sys.modules["inspector"] = None  # importing it fails: a script stands by itself
import numpy as np
for script in sys.argv[1:]:
    print("script", script, flush=True)
    left = runpy.run_path(script)
    kept = {k: np.asarray(left[k]) for k in left if k in ("left", "right") or k.endswith("_input")}
    np.savez(script + ".npz", **kept)
"""


def run_scripts(scripts: list[Path]) -> dict[str, list[str]]:
    """Run scripts, and give the lines that each printed.

    What a script leaves behind lies beside it in ``SCRIPT.npz``: ``left``, ``left_input`` and the
    same of the right side.
    """
    command = [sys.executable, "-P", "-c", _RUN_ALL, *map(str, scripts)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=170, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    printed: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in done.stdout.splitlines():
        if line.startswith("script "):
            lines = printed.setdefault(line.removeprefix("script "), [])
        else:
            lines.append(line)
    return printed
