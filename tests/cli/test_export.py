"""``export``: a figure or the numbers in a file, and nothing half-written."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from tests.support.program import GOLF_BALL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.engine.messages import CompareRequest
    from tests.support.program import Outcome

    Call = Callable[..., Outcome]

pytestmark = pytest.mark.usefixtures("made_up", "qapp")

BEGINNINGS = {".png": b"\x89PNG\r\n", ".svg": b"<?xml", ".pdf": b"%PDF-", ".PNG": b"\x89PNG\r\n"}


@pytest.mark.parametrize("suffix", BEGINNINGS)
def test_writes_figures(call: Call, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"Bild 1{suffix}"
    outcome = call("export", GOLF_BALL, "-o", file, "--pair", "starter")
    assert (outcome.code, outcome.out) == (0, f"{file}\n")
    assert outcome.err.startswith("Both name golf ball first")
    assert file.read_bytes().startswith(BEGINNINGS[suffix])
    assert [entry.name for entry in tmp_path.iterdir()] == [file.name]


def test_scale_and_theme(call: Call, tmp_path: Path) -> None:
    small, large = tmp_path / "small.png", tmp_path / "large.png"
    call("export", GOLF_BALL, "-o", small)
    call("export", GOLF_BALL, "-o", large, "--scale", "2", "--theme", "dark")
    light, dark = QImage(str(small)), QImage(str(large))
    assert dark.width() == 2 * light.width()
    assert light.pixelColor(2, 2).lightness() > 200 > 60 > dark.pixelColor(2, 2).lightness()


def test_writes_the_numbers_as_json(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "numbers.json"
    assert call("export", GOLF_BALL, "-o", file, "--top", "3").code == 0
    value = json.loads(file.read_text(encoding="utf-8"))
    assert value["schema"] == "twin-inspector/comparison/1"
    assert len(value["left"]["top"]) == 3


def test_writes_the_numbers_as_csv(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    assert call("export", GOLF_BALL, "-o", file).code == 0
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert len(rows) == 1001
    assert rows[0][:3] == ["index", "wordnet_id", "label"]


def test_a_folder_that_is_not_there_is_told_first(
    call: Call, tmp_path: Path, made_up: list[CompareRequest]
) -> None:
    outcome = call("export", GOLF_BALL, "-o", tmp_path / "no" / "x.png")
    assert outcome.code == 3
    assert "is not there" in outcome.err
    assert made_up == []


def test_a_folder_for_a_file_is_told_first(
    call: Call, tmp_path: Path, made_up: list[CompareRequest]
) -> None:
    (tmp_path / "x.png").mkdir()
    outcome = call("export", GOLF_BALL, "-o", tmp_path / "x.png")
    assert outcome.code == 3
    assert "is a folder" in outcome.err
    assert made_up == []


def test_a_folder_that_may_not_be_written_to_is_told_first(
    call: Call, tmp_path: Path, made_up: list[CompareRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    outcome = call("export", GOLF_BALL, "-o", tmp_path / "x.png")
    assert outcome.code == 3
    assert "may not be written to" in outcome.err
    assert made_up == []


def test_a_failure_leaves_the_old_file_whole(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.png"
    file.write_bytes(b"the old figure")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    outcome = call("export", GOLF_BALL, "-o", file)
    assert outcome.code == 3
    assert "No space left on device" in outcome.err
    assert file.read_bytes() == b"the old figure"
    assert len(list(tmp_path.iterdir())) == 1
