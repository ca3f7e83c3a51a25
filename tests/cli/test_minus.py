from __future__ import annotations

import pytest

from inspector.cli.main import make_parser
from inspector.cli.minus import joined_numbers


@pytest.mark.parametrize("words", [["--range", "-1,1"], ["--range", "-1, 1"], ["--range=-1,1"]])
def test_a_range_may_begin_with_a_minus_sign(words: list[str]) -> None:
    argv = ["releases", "publish", "model.keras", "-o", "twin", *words]
    found = make_parser().parse_args(joined_numbers(argv))
    assert found.range.replace(" ", "") == "-1,1"
    assert found.output == "twin"


@pytest.mark.parametrize(
    "argv",
    [
        ["compare", "--", "-1,1"],
        ["compare", "-1,1.jpg"],
        ["-o", "-1,1"],
        ["--top", "-1"],
        ["--json", "-o"],
        ["--id=a", "-1,1"],
    ],
)
def test_everything_else_stays_as_it_is(argv: list[str]) -> None:
    assert joined_numbers(argv) == argv
