"""What is asked before a sweep, and what is said of the pictures that are named."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from inspector.core.palette import DARK, LIGHT
from inspector.gui.jobs import Jobs
from inspector.gui.sweep.picture_count import Found, PictureCount, count_pictures
from inspector.gui.sweep.runner import SweepWish
from inspector.gui.sweep.start_dialog import StartDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

WAIT_MS = 20_000


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.jpg").touch()
    return folder


@pytest.fixture
def make(jobs: Jobs, tmp_path: Path, qtbot: QtBot) -> Callable[[SweepWish], StartDialog]:
    def make_one(wish: SweepWish) -> StartDialog:
        made = StartDialog(wish, "about", str(tmp_path), LIGHT, jobs, None)
        qtbot.addWidget(made)
        return made

    return make_one


@pytest.fixture
def dialog(make: Callable[[SweepWish], StartDialog], photos: Path) -> StartDialog:
    return make(SweepWish(str(photos), "", "starter", "keras", "hub"))


def test_a_run_file_is_proposed_beside_the_pictures(dialog: StartDialog, tmp_path: Path) -> None:
    assert dialog.run.text() == str(tmp_path / "sweep photos.sqlite")
    (tmp_path / "deep").mkdir()
    dialog.pictures.setText(str(tmp_path / "deep" / "set.zip"))
    assert dialog.run.text() == str(tmp_path / "deep" / "sweep set.sqlite")


def test_a_run_file_is_proposed_elsewhere_where_that_cannot_be(
    dialog: StartDialog, tmp_path: Path
) -> None:
    (tmp_path / "sweep other.sqlite").touch()
    dialog.pictures.setText("/a/other")
    assert dialog.run.text() == str(tmp_path / "sweep other 2.sqlite")


def test_the_pictures_are_counted(dialog: StartDialog, photos: Path, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: dialog.found.text() == "3 pictures found", timeout=WAIT_MS)
    assert dialog.start.isEnabled()
    (photos / "empty").mkdir()
    dialog.pictures.setText(str(photos / "empty"))
    qtbot.waitUntil(lambda: dialog.found.text() == "No pictures found there.", timeout=WAIT_MS)
    assert not dialog.start.isEnabled()


def test_pictures_that_are_not_there_cannot_be_begun_with(
    dialog: StartDialog, photos: Path, qtbot: QtBot
) -> None:
    dialog.pictures.setText("/none/at all")
    dialog.run.setText(str(photos / "x.sqlite"))
    qtbot.waitUntil(lambda: not dialog.start.isEnabled(), timeout=WAIT_MS)
    assert "/none/at all" in dialog.found.text()
    assert LIGHT.right_text in dialog.found.styleSheet()
    dialog.pictures.setText(str(photos))
    qtbot.waitUntil(lambda: dialog.found.text() == "3 pictures found", timeout=WAIT_MS)
    assert dialog.start.isEnabled()


def test_the_wish(dialog: StartDialog, photos: Path, qtbot: QtBot) -> None:
    dialog.limited.setChecked(True)
    dialog.limit.setValue(7)
    dialog.labels.setCurrentIndex(dialog.labels.findText("By file names"))
    with qtbot.waitSignal(dialog.started) as caught:
        dialog.start.click()
    wish = caught.args[0]
    assert wish.pictures == str(photos)
    assert (wish.left_mode, wish.right_mode, wish.limit) == ("keras", "hub", 7)
    assert wish.labels == "names"
    assert not wish.resume


@pytest.mark.parametrize("labels", ["auto", "none", "names", "/a/table.csv"])
def test_what_was_asked_for_before_is_asked_for_again(
    make: Callable[[SweepWish], StartDialog], photos: Path, tmp_path: Path, labels: str
) -> None:
    run = str(tmp_path / "mine.sqlite")
    before = SweepWish(str(photos), run, "starter", labels=labels, limit=12)
    again = make(before)
    assert again.wish() == before
    again.pictures.setText("/elsewhere")
    assert again.wish().run == run


def test_a_file_that_is_there_is_opened_and_never_swept_into(
    dialog: StartDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    """Going on with it would drop the pictures and the pair that were chosen here."""
    assert dialog.open_run.isHidden()
    (tmp_path / "old.sqlite").touch()
    dialog.run.selectAll()
    qtbot.keyClicks(dialog.run, str(tmp_path / "old.sqlite"))
    assert not dialog.start.isEnabled()
    assert "is there already" in dialog.problem.text()
    with qtbot.waitSignals([dialog.run_wanted, dialog.rejected], timeout=WAIT_MS):
        dialog.open_run.click()


@pytest.mark.parametrize("name", ["", ".", "none/x.sqlite"])
def test_what_cannot_be_begun(dialog: StartDialog, tmp_path: Path, name: str) -> None:
    dialog.run.setText(str(tmp_path / name) if name else "")
    assert not dialog.start.isEnabled()


def test_the_colours_change(dialog: StartDialog) -> None:
    dialog.set_palette_scheme(DARK)
    assert DARK.muted in dialog.about.styleSheet()
    assert DARK.muted in dialog.found.styleSheet()
    assert DARK.right in dialog.problem.styleSheet()


class TestCounting:
    @pytest.mark.parametrize(
        ("named", "found"),
        [
            ("", Found(3)),
            ("/*.jpg", Found(3)),
            ("/*.png", Found(0)),
            ("/**/*.jpg", Found()),
        ],
    )
    def test_names(self, photos: Path, named: str, found: Found) -> None:
        assert count_pictures(f"{photos}{named}", threading.Event()) == found

    def test_more_than_most_are_not_counted(self, photos: Path) -> None:
        found = count_pictures(str(photos), threading.Event(), most=2)
        assert found == Found(2, more=True)
        assert found.text == "More than 2 pictures found"
        assert count_pictures(str(photos), threading.Event(), most=3) == Found(3)

    def test_it_ends_once_unwanted(self, photos: Path) -> None:
        unwanted = threading.Event()
        unwanted.set()
        assert count_pictures(str(photos), unwanted).count == 0

    def test_the_last_text_wins(self, jobs: Jobs, photos: Path, qtbot: QtBot) -> None:
        counter = PictureCount(jobs)
        told: list[Found] = []
        counter.found.connect(told.append)
        counter.ask("/none")
        counter._begin()
        counter.ask(str(photos))
        qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
        assert told == [Found(3)]
