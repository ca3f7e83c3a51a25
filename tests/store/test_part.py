"""What is told of a download that did not reach its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.store.part import Part, Partial
from inspector.store.web import Head

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://models.example/w"


def begun(folder: Path, received: int, **head: object) -> Part:
    """Make a part of 100 bytes with so many of them here."""
    part = Part(folder / "w")
    part.begin(URL, Head(200, 100, total=100, **head))  # type: ignore[arg-type]
    with part.open("ab") as file:
        file.write(b"x" * received)
    return part


def test_nothing_is_told_where_nothing_is_here(tmp_path: Path) -> None:
    assert Part(tmp_path / "w").partial() is None
    assert begun(tmp_path, 0, etag='"one"').partial() is None


@pytest.mark.parametrize("head", [{"etag": '"one"'}, {"modified": "Sun, 22 Nov 2026 14:00:00 GMT"}])
def test_what_goes_on_is_told_with_its_whole(tmp_path: Path, head: dict[str, str]) -> None:
    partial = begun(tmp_path, 13, **head).partial()
    assert partial == Partial(13, 100)
    assert partial.goes_on


@pytest.mark.parametrize("head", [{}, {"etag": 'W/"weak"'}])
def test_what_nothing_vouches_for_begins_anew(tmp_path: Path, head: dict[str, str]) -> None:
    partial = begun(tmp_path, 13, **head).partial()
    assert partial == Partial(13)
    assert not partial.goes_on


def test_more_than_the_whole_begins_anew(tmp_path: Path) -> None:
    assert begun(tmp_path, 101, etag='"one"').partial() == Partial(101)
