"""What goes wrong: one sentence with the fact, then the mend, and the right exit code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import inspector
from inspector.cli.main import COMMANDS
from inspector.core.command_names import COMMAND_NAMES
from tests.support.program import GOLF_BALL, ROOT, run_program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.program import Outcome

    Call = Callable[..., Outcome]

PAIR = """
[[pair]]
id = "own"
[pair.left]
source = "{source}"
mode = "keras"
range = [-1.0, 1.0]
output = "probabilities"
background = false
[pair.right]
source = "hub:nowhere"
mode = "hub"
range = [0.0, 1.0]
output = "logits"
background = true
"""
GOOD_SOURCE = "keras-file:model.keras"


def check(outcome: Outcome, code: int, fact: str, mend: str) -> None:
    """Check code, fact and mend, and that nothing else was said."""
    assert outcome.code == code, outcome
    assert outcome.out == ""
    lines = [line for line in outcome.err.splitlines() if "starter pair is used" not in line]
    assert len(lines) == 2, outcome.err
    assert re.match(rf"Error: .*{fact}", lines[0])
    assert lines[0].endswith(".")
    assert re.match(rf" {{7}}.*{mend}", lines[1])


@pytest.mark.parametrize(
    ("arguments", "fact", "mend"),
    [
        (["compar"], "no command and no picture 'compar'", "mean 'compare'"),
        (["zebra"], "no command and no picture 'zebra'", "Commands: compare, "),
        (["--colour"], "--colour", "--help"),
        (["compare"], "IMAGE", "twin-inspector compare --help"),
        (["compare", "a.jpg", "b.jpg"], "b.jpg", "--help"),
        (["compare", "a.jpg", "--left-mode", "kera"], "mode 'kera'", "mean 'keras'"),
        (["compare", "a.jpg", "--pair", "startr"], "pair 'startr'", "mean 'starter'"),
        (["export", "a.jpg"], "-o", "twin-inspector export --help"),
        (["export", "a.jpg", "-o", "x.bmp"], "x.bmp", r"\.png, \.svg"),
        (["export", "a.jpg", "-o", "x.png", "--scale", "9"], "'9'", "--help"),
        (["export", "a.jpg", "-o", "x.png", "--theme", "pink"], "pink", "--help"),
        (["experiment", "dice"], "dice", "--help"),
        (["experiment", "random-batch", "--count", "0"], "from 1 to 1024", "--help"),
        (["releases"], "action", "--help"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_2(call: Call, arguments: list[str], fact: str, mend: str) -> None:
    check(call(*arguments), 2, fact, mend)


def test_a_missing_picture_is_3(call: Call, tmp_path: Path) -> None:
    check(call("compare", tmp_path / "none.jpg"), 3, "none.jpg", "Check the path")


def test_no_picture_at_all_is_3(call: Call, tmp_path: Path) -> None:
    text = tmp_path / "notes.jpg"
    text.write_text("this is no picture")
    check(call("compare", text), 3, "notes.jpg", "JPEG")


def test_a_folder_for_a_picture_is_3(call: Call, tmp_path: Path) -> None:
    check(call("compare", tmp_path), 3, tmp_path.name, ".")


@pytest.mark.parametrize(
    ("text", "fact", "mend"),
    [
        ("[[pair]\n", "not valid TOML", "Correct"),
        ("", r"no \[\[pair\]\]", "Add"),
        (PAIR.format(source="kers-file:x"), "unknown kind", "mean 'keras-file'"),
        (PAIR.format(source=GOOD_SOURCE) + 'tittle = "x"', "'tittle'", "mean 'title'"),
        (PAIR.format(source=GOOD_SOURCE).replace("-1.0", "-3.0"), "range", "Write one of"),
        (
            PAIR.format(source=GOOD_SOURCE).replace("background = false\n", ""),
            "no 'background'",
            "Add background",
        ),
    ],
    ids=["toml", "empty", "kind", "key", "range", "missing"],
)
def test_a_bad_pair_file_is_3(call: Call, tmp_path: Path, text: str, fact: str, mend: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text, encoding="utf-8")
    check(call("compare", GOLF_BALL, "--pair", file), 3, fact, mend)


def test_a_pair_file_that_is_not_there_is_3(call: Call, tmp_path: Path) -> None:
    check(call("compare", GOLF_BALL, "--pair", tmp_path / "no.toml"), 3, "no.toml", "Check")


def test_an_id_that_the_pair_file_lacks_is_2(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "good.toml"
    file.write_text(PAIR.format(source=GOOD_SOURCE), encoding="utf-8")
    check(call("compare", GOLF_BALL, "--pair", f"{file}#owl"), 2, "'owl'", "mean 'own'")


def test_a_release_that_is_not_here_is_4(tmp_path: Path) -> None:
    file = tmp_path / "good.toml"
    file.write_text(PAIR.format(source=GOOD_SOURCE), encoding="utf-8")
    outcome = run_program("compare", GOLF_BALL, "--pair", file)
    outcome = type(outcome)(outcome.code, outcome.out, _without_progress(outcome.err))
    check(outcome, 4, "model.keras is not there", "Check 'source'")


def test_a_broken_library_is_5(tmp_path: Path) -> None:
    (tmp_path / "tensorflow.py").write_text("raise ImportError('libcrypt.so.9 is missing')")
    outcome = run_program("compare", GOLF_BALL, env={"PYTHONPATH": str(tmp_path)}, cwd=ROOT)
    check(outcome, 5, "libcrypt.so.9 is missing", "twin-inspector doctor")


def test_something_unexpected_is_5(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("inspector.engine.engine.Engine.compare", fail)
    outcome = call("compare", GOLF_BALL)
    check(outcome, 5, "ZeroDivisionError: division by zero", "--debug")


@pytest.mark.parametrize("place", [0, 1, 2], ids=["before", "after", "last"])
def test_debug_shows_the_traceback(call: Call, place: int) -> None:
    arguments = ["compare", "none.jpg"]
    arguments.insert(place, "--debug")
    outcome = call(*arguments)
    assert outcome.code == 3
    assert "Traceback (most recent call last)" in outcome.err
    assert "Error: none.jpg" in outcome.err


def test_help_names_every_command_and_exit_code(call: Call) -> None:
    outcome = call("--help")
    assert outcome.code == 0
    for word in (*COMMAND_NAMES, "exit codes: 0 done"):
        assert word in outcome.out


def test_version_is_one_line(call: Call) -> None:
    assert call("--version").out == f"{inspector.__version__}\n"


def test_start_up_knows_every_command() -> None:
    assert tuple(command.NAME for command in COMMANDS) == COMMAND_NAMES


def _without_progress(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.endswith("…\n"))
