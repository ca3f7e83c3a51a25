"""From a row of a sweep to its picture in the main window."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from inspector.core.catalogue import STARTER, choose_pair, default_pair
from inspector.core.errors import PictureError
from inspector.core.modes import find_mode
from inspector.core.pairs import OutputKind
from inspector.core.palette import DARK
from inspector.engine.sweep.info import pair_table
from inspector.gui.settings import Settings
from inspector.gui.sweep.desk import about_wish
from inspector.gui.sweep.runner import SweepRunner, SweepWish
from inspector.gui.window import Window
from inspector.sweep.rows import SweepItem, SweepRow
from tests.gui.fakes import FakeWorker
from tests.support.program import GOLF_BALL
from tests.sweep.made_up import make_info, make_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

WAIT_MS = 20_000


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    settings.scheme = "light"
    made = Window(qapp, FakeWorker(), settings, default_pair())
    qtbot.addWidget(made.frame)
    with qtbot.waitSignal(made.binder.plots_built, timeout=WAIT_MS):
        made.frame.show()
    yield made
    made.frame.close()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "pictures.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.write(GOLF_BALL, "in/ball.jpg")
    return path


INFO = make_info(pair=pair_table(choose_pair(STARTER)))


def drain() -> None:
    """Deliver every event that is queued."""
    QApplication.sendPostedEvents()
    QApplication.processEvents()


def row_of(path: object, number: int = 0) -> SweepRow:
    return SweepRow(SweepItem(number, str(path)))


def test_a_picture_inside_an_archive_is_read_and_shown(
    window: Window, archive: Path, qtbot: QtBot
) -> None:
    window.binder.deeds.beside.sweeps.compare(INFO, row_of(f"{archive}!/in/ball.jpg"))
    session = window.controller.session
    qtbot.waitUntil(lambda: session.picture is not None, timeout=WAIT_MS)
    assert session.picture is not None
    assert session.picture.name == "ball.jpg"
    assert session.picture.data == GOLF_BALL.read_bytes()
    assert session.pair.id == STARTER


def test_it_is_read_on_another_thread(window: Window, archive: Path, qtbot: QtBot) -> None:
    """A slow disk never blocks the window."""
    desk = window.binder.deeds.beside.sweeps
    desk.compare(INFO, row_of(f"{archive}!/in/ball.jpg"))
    assert window.controller.session.picture is None
    qtbot.waitUntil(lambda: window.controller.session.picture is not None, timeout=WAIT_MS)


def test_the_row_asked_for_last_is_shown(window: Window, archive: Path, qtbot: QtBot) -> None:
    desk = window.binder.deeds.beside.sweeps
    shown = []
    window.controller.session.set_picture = (  # type: ignore[method-assign]
        lambda picture: shown.append(picture.name)
    )
    desk.compare(INFO, row_of(f"{archive}!/in/ball.jpg"))
    desk.compare(INFO, row_of(GOLF_BALL, 1))
    qtbot.waitUntil(lambda: not desk._jobs.busy, timeout=WAIT_MS)
    assert shown == [GOLF_BALL.name]


def test_a_pair_of_features_cannot_be_swept(window: Window, qtbot: QtBot) -> None:
    desk = window.binder.deeds.beside.sweeps
    session = window.controller.session
    scores = replace(session.pair.right, output=OutputKind.FEATURES)
    session.set_pair(replace(session.pair, right=scores))
    with qtbot.waitSignal(desk.failed, timeout=WAIT_MS) as told:
        desk.ask_new()
    assert "gives features" in told.args[0].message
    assert desk.dialog is None


def test_a_sweep_that_could_not_begin_is_asked_for_again(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SweepRunner, "start", lambda *_: None)
    desk = window.binder.deeds.beside.sweeps
    wish = SweepWish("/none", str(tmp_path / "x.sqlite"), "starter", labels="names")
    desk.begin(wish, "Pair and modes")
    (first,) = desk.windows
    first.change_wanted.emit()
    dialog = desk.dialog
    assert dialog is not None
    assert dialog.wish() == wish
    assert dialog.about.text() == "Pair and modes"
    dialog.pictures.setText(str(tmp_path))
    dialog.started.emit(dialog.wish())
    dialog.accept()
    (second,) = desk.windows
    assert second is not first
    assert second._wish.pictures == str(tmp_path)
    assert desk.dialog is None


def test_the_dialog_follows_the_colours(window: Window, tmp_path: Path) -> None:
    desk = window.binder.deeds.beside.sweeps
    desk.ask_new(str(tmp_path))
    assert desk.dialog is not None
    desk._set_palette(DARK)
    assert DARK.muted in desk.dialog.about.styleSheet()
    desk.dialog.reject()
    desk._set_palette(DARK)


def test_pair_and_modes_in_words() -> None:
    pair = choose_pair(STARTER)
    wish = SweepWish("", "", STARTER, "own", "bgr", apply_exif=True)
    lines = about_wish(pair, wish, has_custom=True).splitlines()
    assert lines[0] == pair.title
    own, wrong = find_mode(pair.left.mode).title, find_mode("bgr").title
    assert lines[1] == f"Left: Own ({own}) · Right: {wrong}"
    assert len(lines) == 4


def test_a_picture_that_is_read_as_the_program_ends_is_not_shown(
    window: Window, archive: Path, qtbot: QtBot
) -> None:
    desk = window.binder.deeds.beside.sweeps
    desk.compare(INFO, row_of(f"{archive}!/in/ball.jpg"))
    desk.close()
    drain()
    assert window.controller.session.picture is None


def test_a_run_that_is_closed_while_it_is_read_is_not_shown(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shown after all, its threads would outlive the window and end the program."""
    made: list[object] = []
    monkeypatch.setattr("inspector.gui.sweep.window.RunView", lambda *args: made.append(args))
    desk = window.binder.deeds.beside.sweeps
    desk.open_run(str(make_run(tmp_path / "run.sqlite", 50)))
    desk.windows[0].close()
    assert desk.windows == []
    drain()
    assert made == []


def test_a_picture_that_is_gone_is_told(window: Window, archive: Path, qtbot: QtBot) -> None:
    desk = window.binder.deeds.beside.sweeps
    with qtbot.waitSignal(desk.failed, timeout=WAIT_MS) as told:
        desk.compare(INFO, row_of(f"{archive}!/in/gone.jpg"))
    (error,) = told.args
    assert isinstance(error, PictureError)
    assert "gone.jpg" in error.message
    assert window.controller.session.picture is None
