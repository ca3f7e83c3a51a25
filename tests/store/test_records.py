from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING

import pytest

from inspector.store.records import Records, data_folder, fingerprint
from tests.store.made import write_model

if TYPE_CHECKING:
    from pathlib import Path

    from tests.store.conftest import Caches


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "weights.h5"
    path.write_bytes(b"some weights")
    return path


def test_written_and_read(file: Path, caches: Caches) -> None:
    written = Records().write(file, "http://127.0.0.1/w", "ab")
    assert written.sha256 == hashlib.sha256(b"some weights").hexdigest()
    assert (written.size, written.url, written.download_sha256) == (12, "http://127.0.0.1/w", "ab")
    assert Records().read(file) == written
    assert data_folder() == caches.data / "twin-inspector"
    Records().forget(file)
    assert Records().read(file) is None


def test_of_a_folder(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model")
    sha256, size = fingerprint(folder)
    lines = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in (
            "saved_model.pb",
            "variables/variables.data-00000-of-00001",
            "variables/variables.index",
        )
    ]
    assert sha256 == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert size == 200_505
    (folder / "variables" / "variables.index").rename(folder / "variables" / "other.index")
    assert fingerprint(folder)[0] != sha256


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1]", "null", '"x"', "\ufffe", "{}", '{"schema": "twin-inspector/record/1"}'],
)
def test_a_broken_record_is_none(file: Path, tmp_path: Path, text: str) -> None:
    records = Records(tmp_path / "records")
    records.write(file)
    (note,) = (tmp_path / "records").iterdir()
    note.write_text(text, encoding="utf-8")
    assert records.read(file) is None
    assert records.write(file) == records.read(file)


@pytest.mark.parametrize(
    ("key", "value"), [("size", "12"), ("sha256", 1), ("path", "/other"), ("more", 1)]
)
def test_a_wrong_record_is_none(file: Path, tmp_path: Path, key: str, value: object) -> None:
    records = Records(tmp_path / "records")
    records.write(file)
    (note,) = (tmp_path / "records").iterdir()
    note.write_text(json.dumps({**json.loads(note.read_text()), key: value}))
    assert records.read(file) is None


def test_a_data_folder_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(file))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    assert data_folder() == tmp_path / "twin-inspector"
    assert os.access(data_folder(), os.W_OK)
