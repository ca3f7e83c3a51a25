from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from PySide6.QtCore import QBuffer, QMimeData, QUrl
from PySide6.QtGui import QColor, QImage

from inspector.gui.drops import (
    DroppedAddress,
    DroppedData,
    DroppedImage,
    DroppedPaths,
    address_error,
    holds_something,
    read_data_address,
    read_drop,
)

if TYPE_CHECKING:
    from pathlib import Path


def red() -> QImage:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    return image


def with_urls(*urls: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(url) for url in urls])
    return mime


def test_files(tmp_path: Path) -> None:
    paths = [tmp_path / "a b.jpg", tmp_path / "ü.png"]
    mime = with_urls(*(QUrl.fromLocalFile(str(path)).toString() for path in paths))
    assert read_drop(mime) == DroppedPaths(tuple(str(path) for path in paths))


def test_files_win_over_image_data() -> None:
    mime = with_urls("file:///photos/a.jpg")
    mime.setImageData(red())
    assert read_drop(mime) == DroppedPaths(("/photos/a.jpg",))


def test_image_data_from_a_browser_wins_over_its_address() -> None:
    mime = with_urls("https://example.org/cats/cat.png?size=2")
    mime.setImageData(red())
    found = read_drop(mime)
    assert isinstance(found, DroppedImage)
    assert found.image.pixelColor(0, 0) == QColor("red")
    assert found.name == "cat.png"


def test_image_data_alone() -> None:
    mime = QMimeData()
    mime.setImageData(red())
    found = read_drop(mime)
    assert isinstance(found, DroppedImage)
    assert found.name == "pasted image"


def test_address_alone_is_not_fetched() -> None:
    found = read_drop(with_urls("https://example.org/cat.png"))
    assert found == DroppedAddress("https://example.org/cat.png")
    assert isinstance(found, DroppedAddress)
    assert "Save the picture first" in address_error(found).mend


def test_address_as_text() -> None:
    mime = QMimeData()
    mime.setText("https://example.org/cat.png")
    assert read_drop(mime) == DroppedAddress("https://example.org/cat.png")


def test_path_as_text(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"x")
    mime = QMimeData()
    mime.setText(f'"{picture}"\n')
    assert read_drop(mime) == DroppedPaths((str(picture),))


def test_plain_text_is_nothing() -> None:
    mime = QMimeData()
    mime.setText("no path at all" + "x" * 5000)
    assert holds_something(mime)
    assert read_drop(mime) is None


def test_empty_is_nothing() -> None:
    assert not holds_something(QMimeData())
    assert read_drop(QMimeData()) is None


def png() -> bytes:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    assert red().save(buffer, "PNG")
    return bytes(buffer.data().data())


def test_a_data_address_gives_the_files_own_bytes() -> None:
    data = png()
    address = f"data:image/png;base64,{base64.b64encode(data).decode()}"
    wanted = DroppedData(data, "pasted image.png")
    assert read_drop(with_urls(address)) == wanted
    mime = with_urls(address)
    mime.setImageData(red())
    assert read_drop(mime) == wanted
    text = QMimeData()
    text.setText(address)
    assert read_drop(text) == wanted


def test_data_addresses_without_base64_and_for_file_names() -> None:
    data = png()
    quoted = f"data:image/png,{quote(data)}"
    assert read_data_address(quoted) == DroppedData(data, "pasted image.png")
    bare = base64.urlsafe_b64encode(data).decode().rstrip("=")
    assert read_data_address(f"data:image/jpeg;base64,{bare}") == DroppedData(
        data, "pasted image.jpeg"
    )


@pytest.mark.parametrize(
    "address",
    [
        "data:",
        "data:text/plain,hello",
        "data:image/png;base64,A",
        "data:image/png;base64,",
        "data:x",
    ],
)
def test_other_data_addresses_hold_no_picture(address: str) -> None:
    assert read_data_address(address) is None
    assert read_drop(with_urls(address)) is None
