from __future__ import annotations

import pytest

from inspector.figure.text import BODY, TITLE, elided, width_of, wrapped


@pytest.mark.parametrize(
    "text",
    [
        "a few words that need several lines at this width, surely more than two",
        "W" * 200,
        "石川県の有名なゴルフボール" * 6,
        "🏌️ golfer " * 20,
        "",
    ],
)
def test_wrapped_lines_fit_and_lose_nothing(text: str) -> None:
    lines = wrapped(text, BODY, 160, 100)
    assert all(width_of(line, BODY) <= 162 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wrapping_stops_at_the_most_lines_and_says_so() -> None:
    lines = wrapped("word " * 200, BODY, 160, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert width_of(lines[-1], BODY) <= 160


def test_a_names_end_is_kept_where_its_middle_is_cut() -> None:
    cut = elided("a_rather_long_name_of_a_picture_file.jpg", TITLE, 200, middle=True)
    assert cut.endswith(".jpg")
    assert cut.startswith("a_")
    assert width_of(cut, TITLE) <= 202


def test_line_breaks_in_a_label_become_spaces() -> None:
    assert elided("two\nlines\x1b", BODY, 500) == "two lines"
