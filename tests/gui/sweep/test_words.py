from __future__ import annotations

import pytest

from inspector.gui.sweep.picture_count import Found
from inspector.gui.sweep.words import class_name, counted


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 pictures"), (1, "1 picture"), (2000, "2,000 pictures")]
)
def test_things_are_counted(number: int, text: str) -> None:
    assert counted(number, "picture") == text


def test_a_class_without_a_name_has_its_number() -> None:
    assert [class_name(index, ("cat", "dog")) for index in (1, 2, -1)] == [
        *("dog", "class 2", "class -1"),
    ]


def test_pictures_that_were_found() -> None:
    assert Found(1).text == "1 picture found"
    assert Found(2000, more=True).text == "More than 2,000 pictures found"
