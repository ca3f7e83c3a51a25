from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import UsageError
from inspector.sweep.exports import svg
from inspector.sweep.exports.html_report import write_html
from inspector.sweep.gate import GateRules, judge_run
from inspector.sweep.query import RunTable
from inspector.sweep.rows import SweepItem
from inspector.sweep.run_file import RunFile
from tests.sweep.made_up import make_info, make_rows

if TYPE_CHECKING:
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
VOID = {"meta", "img", "br", "rect", "line"}


class Balanced(HTMLParser):
    """Checks that every element is closed, and gathers what is found."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID or tag == "rect":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.seen if name == tag]


def parsed(path: Path) -> Balanced:
    parser = Balanced()
    parser.feed(path.read_text(encoding="utf-8"))
    parser.close()
    assert parser.open == []
    return parser


def test_the_report_is_whole_and_alone(finished: RunFile, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    asked: list[str] = []

    def thumbnail(path: str) -> bytes | None:
        asked.append(path)
        return PNG if len(asked) % 2 else None

    gate = judge_run(finished, GateRules(min_agreement=0.99))
    write_html(target, finished, thumbnail=thumbnail, gate=gate, metric="js", worst=10)
    found = parsed(target)
    assert asked == [row.item.path for row in RunTable(finished).worst("js", 10)]
    sources = [attrs["src"] for attrs in found.named("img")]
    assert len(sources) == 5
    assert all(source and source.startswith("data:image/png;base64,") for source in sources)
    assert len(found.named("svg")) == 8
    text = target.read_text(encoding="utf-8")
    assert not re.search(r"<script|https?://|@import|url\(", text)
    assert "prefers-color-scheme: dark" in text
    for expected in ("The gate failed", "McNemar", "Expected calibration error", "is damaged."):
        assert expected in text
    assert "nan" not in re.findall(r">([^<]*)<", text)


def test_texts_cannot_become_markup(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>\"'&"
    row = next(row for row in make_rows(20) if row.measures)
    rows = [
        replace(row, item=SweepItem(0, f"/{evil}.jpg")),
        replace(row, item=SweepItem(1, "/b.jpg"), left=None, right=None, measures=None, error=evil),
    ]
    info = make_info(
        pair_title=evil, listed=evil, labels=tuple(f"{evil}{n}" for n in range(100)), truth=evil
    )
    with RunFile.create(tmp_path / "run", info, (row.item for row in rows)) as run:
        run.add(rows)
        write_html(tmp_path / "report.html", run, thumbnail=lambda path: b"<svg onload=x>")
    found = parsed(tmp_path / "report.html")
    assert not found.named("script")
    assert not found.named("img")


def test_names_that_turn_or_hide_text_are_shown_as_what_they_are(tmp_path: Path) -> None:
    row = next(row for row in make_rows(20) if row.measures)
    rows = [replace(row, item=SweepItem(0, "/\u202egpj.exe\x1b[2J\udcff.jpg"))]
    with RunFile.create(tmp_path / "run", make_info(), (row.item for row in rows)) as run:
        run.add(rows)
        write_html(tmp_path / "report.html", run, thumbnail=lambda path: b"")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "/\\u202egpj.exe\\x1b[2J" in text
    assert not set("\u202e\x1b") & set(text)


def test_a_run_without_answers_has_a_report(tmp_path: Path) -> None:
    rows = [row for row in make_rows(200) if row.error]
    with RunFile.create(
        tmp_path / "run", make_info(), [*(row.item for row in rows), SweepItem(999, "/x.jpg")]
    ) as run:
        run.add(rows)
        write_html(tmp_path / "report.html", run)
    parsed(tmp_path / "report.html")
    assert "not finished" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_an_unknown_measure_leaves_no_file(finished: RunFile, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_html(tmp_path / "report.html", finished, metric="width")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("most", "top", "ticks"),
    [(0, 1, 2), (1, 1, 2), (7, 8, 5), (100, 100, 6), (1001, 1500, 4), (999_999, 1_000_000, 6)],
)
def test_axes_of_counts_are_round(most: int, top: int, ticks: int) -> None:
    end, marks = svg.count_axis(most)
    assert (end, len(marks)) == (top, ticks)
    assert all(isinstance(mark, int) for mark in marks)


def test_counts_on_axes_are_short() -> None:
    assert [svg.count_text(value) for value in (0, 9999, 20_000, 1_500_000)] == [
        "0",
        "9999",
        "20 k",
        "1.5 M",
    ]


def test_the_report_shows_the_notes(tmp_path: Path) -> None:
    rows = list(make_rows(3))
    with RunFile.create(tmp_path / "run", make_info(), (row.item for row in rows)) as run:
        run.add(rows)
        write_html(tmp_path / "plain.html", run)
        run.add_notes(["The folder /<a> was left out: Permission denied."])
        write_html(tmp_path / "noted.html", run)
    assert "<li>" not in (tmp_path / "plain.html").read_text(encoding="utf-8")
    noted = (tmp_path / "noted.html").read_text(encoding="utf-8")
    assert "<li>The folder /&lt;a&gt; was left out: Permission denied.</li>" in noted
    parsed(tmp_path / "noted.html")
