from __future__ import annotations

from dataclasses import replace

import pytest

from inspector.core.picture import PictureInfo, PictureSource
from inspector.gui.memory_picture import file_name, memory_picture, with_file_name
from tests.support.results import make_result

PASTED = PictureInfo("pasted image", None, "", "PNG", 5, 4, "RGB", 1, 1, False)
SOURCE = PictureSource("pasted image", data=b"bytes")


@pytest.mark.parametrize(
    ("name", "format_name", "expected"),
    [
        ("pasted image", "PNG", "pasted image.png"),
        ("cat.jpg", "PNG", "cat.png"),
        ("cat.JPEG", "JPEG", "cat.JPEG"),
        ("cat", "JPEG", "cat.jpg"),
        ("cat.tiff", "TIFF", "cat.tiff"),
        ("a/b:c", "WEBP", "a_b_c.webp"),
        ("", "GIF", "picture.gif"),
    ],
)
def test_file_name_has_the_ending_of_the_format(name: str, format_name: str, expected: str) -> None:
    assert file_name(replace(PASTED, name=name, format=format_name)) == expected


def test_a_pasted_picture_is_given_with_its_bytes() -> None:
    given = memory_picture(make_result(picture=PASTED), SOURCE)
    assert given is not None
    assert (given.name, given.data) == ("pasted image.png", b"bytes")


def test_what_is_a_file_or_is_not_on_screen_is_not_given() -> None:
    pasted = make_result(picture=PASTED)
    assert memory_picture(None, SOURCE) is None
    assert memory_picture(pasted, None) is None
    assert memory_picture(make_result(), PictureSource("golf_ball.jpg", "/a/golf_ball.jpg")) is None
    assert memory_picture(pasted, PictureSource("another", data=b"x")) is None


def test_a_result_takes_the_file_name() -> None:
    assert with_file_name(make_result(picture=PASTED)).picture.name == "pasted image.png"
