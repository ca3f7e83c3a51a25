"""The arrows between the rooms: who may import whom, proven on the running program."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import inspector.core
from tests.bench.hooks import TRACE_VARIABLE, read_marks
from tests.support.program import GOLF_BALL, ROOT, environment, run_command

if TYPE_CHECKING:
    from pathlib import Path

TENSORFLOW = {"tensorflow", "tensorflow_hub", "keras", "tf_keras"}
QT = {"PySide6", "shiboken6", "pyqtgraph"}
PILLOW = {"PIL"}

CORE = sorted(
    f"inspector.core.{module.name}" for module in pkgutil.iter_modules(inspector.core.__path__)
)


def test_the_contracts_are_kept(tmp_path: Path) -> None:
    script = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def loaded_by(code: str) -> set[str]:
    """Run some code in a process of its own; give the top-level packages that it loaded."""
    outcome = run_command(
        [
            sys.executable,
            "-c",
            f"{code}\nimport json, sys\n"
            "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))",
        ]
    )
    assert outcome.code == 0, outcome.err
    return set(json.loads(outcome.out.splitlines()[-1]))


@pytest.mark.parametrize(
    ("module", "banned"),
    [
        ("inspector.app", TENSORFLOW | QT | PILLOW | {"numpy"}),
        ("inspector.engine.client", TENSORFLOW | QT | PILLOW),
        ("inspector.engine.server", TENSORFLOW | QT),
        ("inspector.engine.engine", TENSORFLOW | QT),
        ("inspector.session", TENSORFLOW | QT | PILLOW),
        ("inspector.cli.main", TENSORFLOW | QT),
        ("inspector.figure.export", TENSORFLOW),
        ("inspector.gui.start", TENSORFLOW),
        ("inspector.gui.window", TENSORFLOW),
        ("inspector.gui.worker", TENSORFLOW),
    ],
)
def test_importing_loads_nothing_of(module: str, banned: set[str]) -> None:
    assert loaded_by(f"import {module}") & banned == set()


def test_the_whole_core_is_pure() -> None:
    assert len(CORE) > 20
    code = "\n".join(f"import {module}" for module in CORE)
    assert loaded_by(code) & (TENSORFLOW | QT | PILLOW) == set()


def test_comparing_loads_no_qt() -> None:
    code = (
        "from inspector.app import main\n"
        f"assert main(['compare', {str(GOLF_BALL)!r}, '--pair', 'starter']) == 0"
    )
    loaded = loaded_by(code)
    assert loaded & QT == set()
    assert loaded >= {"tensorflow", "keras"}, "the check would not notice a thing"


FIRST_PAINT = """
import sys
from tests.bench.hooks import mark, watch_window

def painted(window):
    heavy = sorted(set(sys.modules) & {"tensorflow", "keras", "tensorflow_hub", "tf_keras"})
    mark("first_paint", heavy=heavy, visible=window.frame.isVisible())
    window.frame.close()

watch_window(lambda window, worker: window.first_painted.connect(lambda: painted(window)))
from inspector.app import main
sys.exit(main(["--pair", "starter"]))
"""


def test_the_window_paints_first_without_tensorflow(tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    outcome = run_command(
        [sys.executable, "-c", FIRST_PAINT],
        env={"QT_QPA_PLATFORM": "offscreen", TRACE_VARIABLE: str(trace)},
    )
    assert outcome.code == 0, outcome.err
    paint = read_marks(trace)["first_paint"]
    assert paint["heavy"] == []
    assert paint["visible"] is True
