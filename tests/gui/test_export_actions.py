from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from inspector.core.picture import PictureInfo
from inspector.gui.export_actions import Exporter, default_name, numbers_table
from inspector.gui.jobs import Jobs
from inspector.gui.settings import Settings
from tests.support.results import make_result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def exporter(qtbot: QtBot, settings: Settings) -> Iterator[Exporter]:
    window = QWidget()
    qtbot.addWidget(window)
    jobs = Jobs(window)
    made = Exporter(window, jobs, settings)
    yield made
    jobs.close()
    made.close()


@pytest.mark.parametrize(
    ("kind", "start"),
    [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF"), ("json", b"{"), ("csv", b"index")],
)
def test_every_kind_is_written(
    exporter: Exporter, qtbot: QtBot, tmp_path: Path, kind: str, start: bytes
) -> None:
    path = tmp_path / f"out.{kind}"
    with qtbot.waitSignal(exporter.written) as written:
        exporter.save(make_result(), str(path))
    assert written.args == [str(path)]
    assert path.read_bytes().startswith(start)


def test_json_holds_the_comparison(exporter: Exporter, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    with qtbot.waitSignal(exporter.written):
        exporter.save(make_result(), str(path))
    assert json.loads(path.read_text())["schema"] == "twin-inspector/comparison/1"


def test_scale_makes_a_larger_picture(
    exporter: Exporter, settings: Settings, qtbot: QtBot, tmp_path: Path
) -> None:
    widths = []
    for scale in (1, 2):
        settings.export_scale = scale
        path = tmp_path / f"{scale}.png"
        with qtbot.waitSignal(exporter.written):
            exporter.save(make_result(), str(path))
        widths.append(QImage(str(path)).width())
    assert widths[1] == 2 * widths[0]


def test_a_file_that_cannot_be_written_is_told(
    exporter: Exporter, qtbot: QtBot, tmp_path: Path
) -> None:
    jobs = exporter._jobs
    with qtbot.waitSignal(jobs.failed) as failed:
        exporter.save(make_result(), str(tmp_path / "missing" / "out.csv"))
    assert failed.args is not None
    assert "could not be written" in failed.args[0].message


def test_the_folder_is_remembered(
    exporter: Exporter, settings: Settings, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(exporter.written):
        exporter.save(make_result(), str(tmp_path / "out.csv"))
    assert settings.export_folder == str(tmp_path)


def test_default_name_is_safe() -> None:
    info = PictureInfo('a/b:"c".jpg', None, "", "JPEG", 1, 1, "RGB", 1, 1, False)
    assert default_name(make_result(), "png") == "golf_ball-made_up.png"
    assert default_name(make_result(picture=info), "png") == "b_c_-made_up.png"


def test_copied_numbers_paste_into_a_spreadsheet(exporter: Exporter) -> None:
    result = make_result()
    exporter.copy_numbers(result)
    text = QGuiApplication.clipboard().text()
    assert text == numbers_table(result)
    rows = list(csv.reader(io.StringIO(text), delimiter="\t"))
    assert len(rows) == 1001
    assert {len(row) for row in rows} == {len(rows[0])}
    assert "golf ball" in rows[575]


def test_copied_figure_is_an_image(exporter: Exporter, qtbot: QtBot) -> None:
    with qtbot.waitSignal(exporter.told):
        exporter.copy_figure(make_result())
    assert QGuiApplication.clipboard().image().width() > 400


def test_dragged_data_has_file_and_image(exporter: Exporter, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "figure.png"
    with qtbot.waitSignal(exporter.written):
        exporter.save(make_result(), str(path))
    mime = exporter.drag_data(str(path))
    assert mime.urls()[0].toLocalFile() == str(path)
    assert mime.hasImage()


def test_the_dialog_offers_the_default_name(exporter: Exporter) -> None:
    exporter.ask(make_result(), "svg")
    assert exporter.dialog is not None
    assert exporter.dialog.selectedFiles()[0].endswith("golf_ball-made_up.svg")
    exporter.dialog.reject()
    assert exporter.dialog is None
