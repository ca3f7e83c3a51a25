from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from inspector.core import associated_files as packed
from inspector.core.associated_files import AssociatedFile, associated_files, packed_labels
from inspector.core.errors import ReleaseError

if TYPE_CHECKING:
    from pathlib import Path

GRAPH = b"\x1c\0\0\0TFL3" + bytes(200)


def model(folder: Path, **files: bytes) -> Path:
    """Write a model with files packed into it; two underscores stand for the dot of a name."""
    path = folder / "model.tflite"
    path.write_bytes(GRAPH)
    if files:
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name.replace("__", "."), data)
    return path


def test_a_model_without_any(tmp_path: Path) -> None:
    assert associated_files(model(tmp_path)) == ()
    assert packed_labels(model(tmp_path)) == ()


def test_labels(tmp_path: Path) -> None:
    path = model(tmp_path, labels__txt="\ufeffbackground\r\nK\u00e4se\n\n".encode())
    assert path.read_bytes().startswith(GRAPH)
    assert associated_files(path) == (AssociatedFile("labels.txt", 22),)
    assert packed_labels(path) == ("background", "Käse")


def test_the_file_called_labels_is_meant(tmp_path: Path) -> None:
    path = model(tmp_path, vocab__txt=b"a", imagenet_labels__txt=b"b\nc", picture__png=b"x")
    assert packed_labels(path) == ("b", "c")
    assert packed_labels(model(tmp_path, words__txt=b"d")) == ("d",)
    assert packed_labels(model(tmp_path, a__txt=b"1", b__txt=b"2")) == ()


def test_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReleaseError, match="no UTF-8 text"):
        packed_labels(model(tmp_path, labels__txt=b"\xff\xfe\xff"))
    path = model(tmp_path, labels__txt=b"a" * 50)
    with pytest.raises(ReleaseError, match=r"there is no 'other\.txt'"):
        packed.read_associated(path, "other.txt")
    monkeypatch.setattr(packed, "SIZE_LIMIT", 49)
    with pytest.raises(ReleaseError, match="has 0 MB"):
        packed_labels(path)
    monkeypatch.setattr(packed, "FILE_LIMIT", 0)
    with pytest.raises(ReleaseError, match="there are 1 of them"):
        associated_files(path)


def test_a_damaged_file(tmp_path: Path) -> None:
    path = model(tmp_path, labels__txt=b"one\ntwo\n" * 50)
    data = bytearray(path.read_bytes())
    start = len(GRAPH) + 45
    data[start : start + 8] = bytes(byte ^ 0xFF for byte in data[start : start + 8])
    path.write_bytes(data)
    with pytest.raises(ReleaseError, match=r"packed into model\.tflite could not be read"):
        packed_labels(path)


def test_the_published_files(data: Path) -> None:
    for path in sorted((data / "tflite").glob("*.tflite")):
        labels = packed_labels(path)
        assert len(labels) == 1001
        assert labels[0] == "background"
