"""Starts the real program, as a user does, and tells what it wrote."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120
SAMPLES = ROOT / "resources" / "samples"
GOLF_BALL = SAMPLES / "golf_ball.jpg"


@dataclass(frozen=True)
class Outcome:
    """What a program left behind when it ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Read standard output as one JSON document; NaN and infinity are none."""
        return json.loads(self.out, parse_constant=_refuse)


def _refuse(word: str) -> float:
    raise AssertionError(f"{word} is no JSON number")


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Give the tests' environment with this checkout importable, changed; None takes away."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    env.pop("QT_QPA_PLATFORM", None)  # programs find out for themselves whether there is a display
    for name, value in (changes or {}).items():
        if value is None:
            env.pop(name, None)
        else:
            env[name] = value
    return env


@contextlib.contextmanager
def started(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str | None] | None = None,
) -> Iterator[subprocess.Popen[str]]:
    """Start a command; where it hangs at the end, abort it so that it dumps its stacks."""
    process = subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=cwd,
        env=environment(env),
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGABRT)


def finish(process: subprocess.Popen[str]) -> Outcome:
    """Wait for a program's end; fail with its stacks where it does not come."""
    try:
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        out, err = process.communicate()
        raise AssertionError(
            f"still running after {PATIENCE_SECONDS} s:\n{out[-2000:]}\n{err[-8000:]}"
        ) from None
    return Outcome(process.returncode, out, err)


def run_command(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str | None] | None = None,
) -> Outcome:
    """Run a command to its end."""
    with started(command, cwd=cwd, env=env) as process:
        return finish(process)


def run_program(
    *arguments: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str | None] | None = None,
) -> Outcome:
    """Run ``python -m inspector`` with some arguments."""
    return run_command(program(*arguments), cwd=cwd, env=env)


def program(*arguments: str | Path) -> list[str]:
    """Give the command that starts the program."""
    return [sys.executable, "-m", "inspector", *map(str, arguments)]
