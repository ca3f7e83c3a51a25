from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from inspector.core.pairs import Side
from inspector.core.picture import PictureSource
from inspector.core.result import Result
from inspector.engine.sweep import prepare
from inspector.engine.sweep.prepare import Preparer
from inspector.engine.sweep.shares import Shares
from inspector.session import Session
from inspector.sweep.item_bytes import ItemReader
from inspector.sweep.rows import SweepItem
from tests.support import pictures

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.engine.engine import Engine, LoadedPair

MODES = (
    *("keras", "hub", "keras_dataset", "slim_eval", "resize_with_pad", "identical", "bgr"),
    *("raw_0_255", "retrain"),
)


def session_of(pair: LoadedPair, left: str = "own", right: str = "own") -> Session:
    session = Session(pair.spec)
    session.set_mode(Side.LEFT, left)
    session.set_mode(Side.RIGHT, right)
    return session


def preparer_of(pair: LoadedPair, session: Session) -> Preparer:
    left, right = session.settings(Side.LEFT), session.settings(Side.RIGHT)
    return Preparer(pair, left, right, ItemReader(), Shares())


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("pictures")
    return [
        pictures.write(folder, "plain.jpg", pictures.jpeg(91, 70)),
        pictures.write(folder, "turned.jpg", pictures.with_orientation("JPEG", 6)),
        pictures.write(folder, "clear.png", pictures.encode(pictures.image(mode="RGBA"), "PNG")),
        pictures.write(folder, "deep.png", pictures.png_grey16()),
        pictures.write(folder, "moving.gif", pictures.animated("GIF")),
        pictures.write(folder, "web.webp", pictures.encode(pictures.image(), "WEBP")),
        pictures.write(folder, "print.jpg", pictures.jpeg(mode="CMYK")),
    ]


@pytest.mark.parametrize("mode", MODES)
def test_inputs_are_those_of_a_comparison(
    mode: str, files: list[Path], engine: Engine, tiny_loaded: LoadedPair
) -> None:
    session = session_of(tiny_loaded, mode, mode)
    preparer = preparer_of(tiny_loaded, session)
    for number, path in enumerate(files):
        prepared = preparer.prepare(SweepItem(number, str(path)))
        session.set_picture(PictureSource.from_path(path))
        request = session.request()
        assert request is not None
        result = engine.compare(request)
        assert isinstance(result, Result)
        assert prepared.error == ""
        assert prepared.left is not None
        assert prepared.right is not None
        np.testing.assert_array_equal(prepared.left, result.left.model_input)
        np.testing.assert_array_equal(prepared.right, result.right.model_input)
        assert prepared.sha256 == result.picture.sha256
        assert (prepared.width, prepared.height) == (result.picture.width, result.picture.height)
        assert prepared.bytes == path.stat().st_size


def test_the_orientation_is_applied_where_it_is_asked_for(
    files: list[Path], engine: Engine, tiny_loaded: LoadedPair
) -> None:
    item = SweepItem(0, str(files[1]))
    plain = preparer_of(tiny_loaded, session_of(tiny_loaded)).prepare(item)
    session = session_of(tiny_loaded)
    session.set_apply_exif(True)
    turned = preparer_of(tiny_loaded, session).prepare(item)
    session.set_picture(PictureSource.from_path(files[1]))
    request = session.request()
    assert request is not None
    result = engine.compare(request)
    assert isinstance(result, Result)
    assert turned.left is not None
    assert not np.array_equal(plain.left, turned.left)
    np.testing.assert_array_equal(turned.left, result.left.model_input)


@pytest.mark.parametrize(
    ("left", "right", "resizes"), [("own", "own", 2), ("identical", "identical", 3)]
)
def test_identical_pixels_are_resized_once(
    left: str,
    right: str,
    resizes: int,
    files: list[Path],
    tiny_loaded: LoadedPair,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes = []
    original = prepare.make_input

    def counted(picture: np.ndarray, *arguments: object) -> np.ndarray:
        sizes.append(picture.shape[:2])
        return original(picture, *arguments)

    monkeypatch.setattr(prepare, "make_input", counted)
    preparer_of(tiny_loaded, session_of(tiny_loaded, left, right)).prepare(
        SweepItem(0, str(files[0]))
    )
    assert len(sizes) == resizes
    large = [size for size in sizes if size != (32, 32)]
    assert len(large) == (1 if left == "identical" else 2)


def test_the_very_same_preprocessing_is_done_once(
    files: list[Path], tiny_loaded: LoadedPair
) -> None:
    preparer = preparer_of(tiny_loaded, session_of(tiny_loaded, "keras", "keras"))
    prepared = preparer.prepare(SweepItem(0, str(files[0])))
    assert prepared.left is not None
    assert prepared.left is prepared.right


BAD = {
    "cut.jpg": pictures.cut(pictures.jpeg(), 0.5),
    "text.jpg": b"no picture at all",
    "empty.jpg": b"",
    "bomb.png": pictures.png_bomb(),
    "broken.png": pictures.png_with_bad_zlib(),
    "icon.ico": pictures.icon_with_hidden_size(pictures.png_bomb()),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_becomes_an_error(name: str, tmp_path: Path, tiny_loaded: LoadedPair) -> None:
    path = pictures.write(tmp_path, name, BAD[name])
    prepared = preparer_of(tiny_loaded, session_of(tiny_loaded)).prepare(SweepItem(4, str(path)))
    assert name in prepared.error
    assert prepared.mend
    assert prepared.left is None
    assert prepared.right is None
    assert prepared.item.number == 4


def test_what_is_gone_and_what_is_a_folder_become_errors(
    tmp_path: Path, tiny_loaded: LoadedPair
) -> None:
    preparer = preparer_of(tiny_loaded, session_of(tiny_loaded))
    for path in (tmp_path / "gone.jpg", tmp_path):
        prepared = preparer.prepare(SweepItem(0, str(path)))
        assert str(path) in prepared.error
        assert prepared.bytes is None


def test_a_picture_that_memory_is_too_small_for_becomes_an_error(
    files: list[Path], tiny_loaded: LoadedPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr(prepare, "make_input", full)
    prepared = preparer_of(tiny_loaded, session_of(tiny_loaded)).prepare(
        SweepItem(0, str(files[0]))
    )
    assert prepared.error == "plain.jpg is too large for the memory."
