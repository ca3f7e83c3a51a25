"""What a path is proposed to be, and what is said of what is no model."""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest

from inspector.core.errors import ReleaseError, ReleaseMissingError
from inspector.core.file_marks import Mark, mark_of
from inspector.core.model_files import source_of_model
from inspector.core.sources import Source, SourceKind

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = json.dumps({"module": "keras", "class_name": "Sequential", "config": {}})


def field(number: int, data: bytes | int) -> bytes:
    """Write one field of a protocol buffer message."""
    if isinstance(data, int):
        return bytes([number << 3, data])
    length = len(data)
    size = bytes([length]) if length < 128 else bytes([length & 0x7F | 0x80, length >> 7])
    return bytes([number << 3 | 2]) + size + data


NODE = field(1, b"input") + field(2, b"Placeholder")
GRAPH = field(1, NODE) + field(1, NODE)
SAVED_MODEL = field(1, 1) + field(2, field(1, b"meta" * 40))
ONNX = field(1, 8) + field(2, b"pytorch") + field(3, b"2.1")


def packed(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return data.getvalue()


def hdf5(path: Path, *, model: bool) -> Path:
    with h5py.File(path, "w") as file:
        file["layers/dense/vars/0"] = np.zeros((3, 4), np.float32)
        if model:
            file.attrs["model_config"] = CONFIG
    return path


def write(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def refuse(path: Path | str, words: str) -> ReleaseError:
    with pytest.raises(ReleaseError, match=words) as caught:
        source_of_model(str(path))
    assert caught.value.mend
    assert "\n" not in str(caught.value)
    return caught.value


KINDS = {
    "model.keras": (packed("metadata.json", "config.json", "model.weights.h5"), "keras-file"),
    "model.tflite": (b"\x1c\0\0\0TFL3" + bytes(64), "tflite"),
    "model.pb": (GRAPH, "frozen-graph"),
}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("called", ["", "misnamed.bin"])
def test_the_content_decides(tmp_path: Path, name: str, called: str) -> None:
    data, kind = KINDS[name]
    path = write(tmp_path / (called or name), data)
    assert source_of_model(str(path)) == Source(SourceKind(kind), str(path))


@pytest.mark.parametrize("name", ["model.h5", "model.hdf5", "model.keras"])
def test_an_old_keras_model(tmp_path: Path, name: str) -> None:
    path = hdf5(tmp_path / name, model=True)
    assert source_of_model(str(path)) == Source(SourceKind.KERAS_FILE, str(path))


def test_a_tflite_model_with_metadata_is_a_zip_archive_as_well(tmp_path: Path) -> None:
    data = b"\x1c\0\0\0TFL3" + bytes(64) + packed("labels.txt")
    assert mark_of(write(tmp_path / "model.zip", data)) is Mark.TFLITE


def test_weights_take_the_configuration_beside_them(tmp_path: Path) -> None:
    path = hdf5(tmp_path / "flowers.weights.h5", model=False)
    error = refuse(path, "holds weights only")
    assert "keras-weights:" in error.mend
    assert "keras-application:NAME?weights=PATH" in error.mend
    write(tmp_path / "package.json", '{"name": "something else"}')
    refuse(path, "holds weights only")
    first = write(tmp_path / "architecture.json", CONFIG)
    expected = Source(SourceKind.KERAS_WEIGHTS, str(path), (("config", str(first)),))
    assert source_of_model(str(path)) == expected
    write(tmp_path / "other.json", CONFIG)
    refuse(path, "holds weights only")
    own = write(tmp_path / "flowers.json", CONFIG)
    assert source_of_model(str(path)).option("config") == str(own)


def saved_model(folder: Path) -> Path:
    write(folder / "saved_model.pb", SAVED_MODEL)
    write(folder / "variables" / "variables.index", b"x")
    return folder


def test_saved_models(tmp_path: Path) -> None:
    plain = saved_model(tmp_path / "plain")
    expected = Source(SourceKind.SAVED_MODEL, str(plain))
    for path in (plain, plain / "saved_model.pb", plain / "variables", f"{plain}/"):
        assert source_of_model(str(path)) == expected
    old = saved_model(tmp_path / "old")
    write(old / "tfhub_module.pb", b"\x08\x03")
    assert source_of_model(str(old)).kind is SourceKind.HUB
    fetched = saved_model(tmp_path / "0a1b")
    write(tmp_path / "0a1b.descriptor.txt", "Module: https://…")
    assert source_of_model(str(fetched)).kind is SourceKind.HUB
    assert "plain" in refuse(tmp_path, "there are some in it").message
    (plain / "saved_model.pb").unlink()
    refuse(plain, "incomplete SavedModel")


def test_the_graph_of_a_saved_model_alone(tmp_path: Path) -> None:
    assert "folder" in refuse(write(tmp_path / "graph.pb", SAVED_MODEL), "SavedModel").mend


def test_handles_and_relative_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = "https://tfhub.dev/google/imagenet/inception_v3/feature_vector/1"
    assert source_of_model(f" {handle}\n") == Source(SourceKind.HUB, handle)
    path = write(tmp_path / "model.pb", GRAPH)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for text in ("model.pb", "./model.pb", "~/model.pb"):
        assert source_of_model(text) == Source(SourceKind.FROZEN_GRAPH, str(path))


OTHERS = {
    "empty.keras": (b"", "is empty"),
    "page.h5": (b"\n<!DOCTYPE html><html>", "is a web page"),
    "page.xml": (b"<?xml version='1.0'?><Error/>", "is a web page"),
    "model.tflite": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS"),
    "model.zip": (packed("saved_model.pb", "variables/x"), "packed archive"),
    "model.tar.gz": (b"\x1f\x8b\x08\0" + bytes(40), "packed archive"),
    "model.tar": (bytes(257) + b"ustar" + bytes(300), "packed archive"),
    "model.pt": (packed("model/data.pkl", "model/data/0"), "PyTorch"),
    "model.pth": (b"\x80\x02}q\0.", "PyTorch"),
    "model.safetensors": (struct.pack("<Q", 30) + b'{"a":{}}', "safetensors"),
    "model.onnx": (ONNX, "ONNX"),
    "weights.npz": (packed("a.npy", "b.npy"), "numpy"),
    "model.json": (CONFIG.encode(), "configuration, without its weights"),
    "web.json": (b'{"format": "layers-model", "modelTopology": {}}', "TensorFlow.js"),
    "graph.pbtxt": (b'node {\n  name: "input"\n}', "as text"),
    "checkpoint": (b'model_checkpoint_path: "model.ckpt-1"', "TensorFlow checkpoint"),
    "model.ckpt-1.data-00000-of-00001": (bytes(range(1, 99)), "checkpoint"),
    "model.ckpt-1.index": (b"\0\0\1" + bytes(99), "checkpoint"),
    "noise.pb": (b"\xff" * 99, "no model of a known format"),
    "text.h5": (b"This is no model.\n" * 9, "no model of a known format"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_model_is_named(tmp_path: Path, name: str) -> None:
    data, words = OTHERS[name]
    assert name in refuse(write(tmp_path / name, data), words).message


def test_folders_that_are_no_model(tmp_path: Path) -> None:
    slim = tmp_path / "slim"
    write(slim / "model.ckpt-1.index", b"x")
    write(slim / "model.ckpt-1.data-00000-of-00001", b"x")
    assert "builder" in refuse(slim, "checkpoint").mend
    many = tmp_path / "many"
    write(many / "a.tflite", b"\0\0\0\0TFL3")
    assert source_of_model(str(many)).kind is SourceKind.TFLITE
    write(many / "b.pb", GRAPH)
    assert "a.tflite, b.pb" in refuse(many, "several models").message
    (tmp_path / "bare").mkdir()
    refuse(tmp_path / "bare", "holds no model")


@pytest.mark.parametrize("text", ["", "  ", "/none/model.keras", "gs://bucket/model"])
def test_what_is_not_there(text: str) -> None:
    with pytest.raises(ReleaseMissingError):
        source_of_model(text)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    refuse("a\0b", "cannot be a path")
    path = write(tmp_path / "secret.keras", b"x")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    refuse(path, "could not be read")


@pytest.mark.parametrize("length", range(0, 40, 3))
def test_any_beginning_of_a_message_has_a_mark(tmp_path: Path, length: int) -> None:
    for data in (GRAPH, SAVED_MODEL, ONNX, b"\x80", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n"):
        assert isinstance(mark_of(write(tmp_path / "x", data[:length] or b"\0")), Mark)
