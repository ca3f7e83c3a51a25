"""Started without a display: the figure in a file, the verdict on standard output."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from tests.support.program import GOLF_BALL, ROOT, Outcome, run_command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.engine.messages import CompareRequest

    Call = Callable[..., Outcome]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("headless")


@pytest.fixture(scope="session")
def real_start(folder: Path) -> Outcome:
    """``python main.py`` in an empty folder, with nothing to show a window on."""
    return run_command([sys.executable, str(ROOT / "main.py")], cwd=folder)


def test_draws_the_sample_and_prints_the_verdict(real_start: Outcome, folder: Path) -> None:
    assert real_start.code == 0, real_start.err
    assert [file.name for file in folder.iterdir()] == ["twin-inspector-golf_ball.png"]
    assert real_start.out.startswith("Both name golf ball first")
    assert f"Figure: {folder / 'twin-inspector-golf_ball.png'}" in real_start.out


def test_says_why_there_is_no_window(real_start: Outcome) -> None:
    assert real_start.err.startswith("There is no display")


def test_the_drawing_is_a_picture_with_something_on_it(real_start: Outcome, folder: Path) -> None:
    image = QImage(str(folder / "twin-inspector-golf_ball.png"))
    assert image.width() >= 1200
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, 900, 7)}
    assert len(colours) > 50


@pytest.fixture
def no_display(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, made_up: list[CompareRequest]
) -> Path:
    """Start in a folder of its own, without a display, with made-up results."""
    monkeypatch.setattr("inspector.core.display.has_display", lambda: False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_draws_the_first_of_the_given_pictures(
    call: Call, no_display: Path, made_up: list[CompareRequest], qapp: object
) -> None:
    picture = no_display / "Größe 1.jpg"
    shutil.copy(GOLF_BALL, picture)
    outcome = call(picture, GOLF_BALL, "--pair", "starter")
    assert outcome.code == 0, outcome.err
    assert (no_display / "twin-inspector-Größe 1.png").is_file()
    assert [request.picture.path for request in made_up] == [str(picture)]
    assert "Of 2 pictures the first is drawn." in outcome.err


def test_draws_into_the_temporary_folder_where_it_may_not_write(
    call: Call, no_display: Path, monkeypatch: pytest.MonkeyPatch, qapp: object
) -> None:
    elsewhere = no_display / "temporary"
    elsewhere.mkdir()
    monkeypatch.setattr("os.access", lambda *_: False)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(elsewhere))
    outcome = call(GOLF_BALL, "--pair", "starter")
    assert outcome.code == 0, outcome.err
    assert (elsewhere / "twin-inspector-golf_ball.png").is_file()


@pytest.mark.parametrize(
    ("arguments", "code"), [(["none.jpg"], 3), (["--pair", "startr"], 2), (["--loud"], 2)]
)
def test_errors_are_those_of_the_commands(arguments: list[str], code: int, tmp_path: Path) -> None:
    outcome = run_command([sys.executable, str(ROOT / "main.py"), *arguments], cwd=tmp_path)
    assert outcome.code == code
    assert "Error: " in outcome.err
    assert "Traceback" not in outcome.err
    assert list(tmp_path.iterdir()) == []
