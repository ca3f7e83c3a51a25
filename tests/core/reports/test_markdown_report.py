from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.findings import Finding, Level
from inspector.core.labels import Labels
from inspector.core.picture import PictureInfo
from inspector.core.reports.markdown_report import (
    code,
    markdown_report,
    safe,
    short_path,
    source_text,
    without_home,
)
from inspector.core.scores import OutputSwitches
from inspector.core.sources import Source, SourceKind
from tests.support.results import PAIR, make_result

if TYPE_CHECKING:
    from inspector.core.result import Result


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann.lee")
    monkeypatch.setenv("USERPROFILE", "/home/ann.lee")


def cells(line: str) -> list[str]:
    """Split a table's line as GitHub does: at bars without a backslash."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def tables(report: str) -> list[list[list[str]]]:
    blocks = [block.splitlines() for block in report.split("\n\n") if block.startswith("|")]
    return [[cells(line) for line in block] for block in blocks]


def test_the_report_names_everything_in_order() -> None:
    result = make_result()
    report = markdown_report(result, ["The resize causes most of it."])
    wanted = (
        "# keras.applications MobileNetV2 and TF Hub mobilenet\\_v2/classification/4 on "
        "golf\\_ball.jpg\n",
        "golf ball first",
        "## First classes",
        "## Releases",
        "## Explanation\n\n- The resize causes most of it.",
        "## Metrics",
        "## Picture",
        "- `golf_ball.jpg`: JPEG, 640 × 480, mode RGB\n- sha256 `" + "ab" * 32 + "`",
        "## Versions\n\npython 3.11.7 · tensorflow 2.21.0",
    )
    places = [report.index(text) for text in wanted]
    assert places == sorted(places)
    assert report.endswith("\n")
    assert not report.endswith("\n\n")


def test_every_table_has_as_many_cells_in_each_row() -> None:
    for table in tables(markdown_report(make_result())):
        assert len(table) > 2
        assert {len(row) for row in table} == {len(table[0])}


def test_the_first_classes_carry_both_sides() -> None:
    result = make_result()
    top, *_ = tables(markdown_report(result))
    assert top[0] == ["Class (index)", "Left", "Right", "Difference", "Rank, left → right"]
    name, left, right, difference, rank = top[2]
    assert name == "golf ball (574)"
    assert left == f"{100 * result.comparison.left[574]:.2f} %"
    assert right == f"{100 * result.comparison.right[574]:.2f} %"
    assert difference.endswith(" pp")
    assert rank == "1"


def test_releases_say_source_mode_and_output() -> None:
    _, releases, _ = tables(markdown_report(make_result()))
    rows = {row[0]: row[1:] for row in releases}
    assert rows["Source"] == ["`keras-file:keras.keras`", "`hub:hub`"]
    assert rows["Mode"] == ["Keras (`keras`)", "TF Hub (`hub`)"]
    assert rows["Preprocessing"][0] == "Pillow → Pillow nearest → x/127.5 - 1"
    assert rows["Output"][0].startswith("1000 probabilities; sum 1")
    assert rows["Output"][1].startswith("1001 logits, index 0 is a background class; sum ")
    assert rows["Read as"][0] == "without softmax"
    assert re.fullmatch(r"with softmax, background class \([\d.e-]+\) dropped", rows["Read as"][1])


def test_switches_and_findings_are_told() -> None:
    report = markdown_report(make_result(right_output=OutputSwitches(drop_background=False)))
    assert "with softmax, background class kept" in report
    assert "- **Error: The right side keeps its background class.** Its row has" in report
    assert r"Mend: Compare output\[:, 1:\]" in report
    assert "## Findings" not in markdown_report(make_result())
    assert "## Explanation" not in markdown_report(make_result())


def test_metrics_are_the_comparison_s() -> None:
    result = make_result()
    *_, metrics = tables(markdown_report(result))
    rows = {row[0]: row[1] for row in metrics}
    comparison = result.comparison
    assert rows[r"max \|Δp\|"] == f"{comparison.max_abs_difference:.7g}"
    assert rows[r"mean \|Δp\|"] == f"{comparison.mean_abs_difference:.7g}"
    assert rows["Cosine similarity"] == f"{comparison.cosine:.7g}"
    assert rows["allclose, rtol 0.8"] == ("yes" if comparison.allclose_rtol_08 else "no")


def test_what_is_not_finite_is_said() -> None:
    result = make_result()
    comparison = replace(result.comparison, js=None, max_abs_difference=float("nan"))
    report = markdown_report(replace(result, comparison=comparison))
    assert "| Jensen-Shannon divergence (nats) | none |" in report
    assert r"| max \|Δp\| | not finite |" in report


def hostile_result(text: str) -> Result:
    left = replace(
        PAIR.left, title=text, source=Source(SourceKind.KERAS_FILE, "/home/ann.lee/m/" + text)
    )
    names = tuple(f"{text} {index}" for index in range(1000))
    result = make_result(pair=replace(PAIR, left=left))
    picture = PictureInfo(text, "/p/" + text, "0" * 64, text, 4, 3, text, 6, 1, False, (text,))
    finding = Finding("x", text, text, text, Level.NOTE)
    return replace(
        result,
        labels=Labels(names),
        picture=picture,
        findings=(finding,),
        left=replace(result.left, release=left, notes=(text,)),
        versions={"python": text},
    )


def without_code(line: str) -> str:
    """Leave out code spans and escaped marks, as CommonMark reads them from left to right."""
    return re.sub(r"\\[!-/:-@\[-`{-~]|(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", line)


@pytest.mark.parametrize(
    "text",
    [
        "a|b",
        "a\nb\n\n# c",
        "`code` ``more``",
        "<img src=x onerror=y>",
        "[link](http://x) ![i](y)",
        "*b* _i_ ~~s~~",
        "@someone #12",
        "\\| \\",
        "- item",
        "1. item",
        "&lt; $x$",
        "\u202eabc\x00\x1b[31m",
    ],
)
def test_no_text_breaks_out_of_its_place(text: str) -> None:
    plain, odd = (markdown_report(hostile_result(t), [t]) for t in ("word", text))
    assert [len(row) for table in tables(odd) for row in table] == [
        len(row) for table in tables(plain) for row in table
    ]
    assert len(odd.splitlines()) == len(plain.splitlines())
    bare = "\n".join(without_code(line) for line in odd.splitlines())
    for mark in ("<img", "](", "~~", "*b*", "@s", "#1", "`", "\x1b", "\u202e"):
        assert mark not in bare
    assert not re.search(r"^- (- |1\. )", odd, re.MULTILINE)


@given(st.text())
def test_safe_text_is_one_line_with_every_mark_escaped(text: str) -> None:
    made = safe(text)
    assert "\n" not in made
    assert "\r" not in made
    assert not re.search(r"[`*_\[\]<>|~&$\\]", re.sub(r"\\.", "", made))


@given(st.text(alphabet="a`| \\"))
def test_a_code_span_ends_only_at_its_fence(text: str) -> None:
    made = code(text)
    assert len(cells(f"| {made} |")) == 1
    if fence := re.match("`+", made):
        inner = made[fence.end() : -fence.end()]
        assert fence.group() not in re.findall("`+", inner)


def test_no_home_folder_is_told() -> None:
    home = str(Path.home())
    result = make_result(
        pair=replace(
            PAIR,
            left=replace(
                PAIR.left,
                source=Source(
                    SourceKind.KERAS_APPLICATION,
                    "MobileNetV2",
                    (("alpha", "0.35"), ("weights", f"{home}/models/w.h5")),
                ),
                title="",
            ),
            right=replace(PAIR.right, source=Source(SourceKind.HUB, "/srv/secret/place/hub")),
        ),
        picture=PictureInfo(
            f"{home}/photos/ball.jpg", f"{home}/photos/ball.jpg", "0" * 64, "JPEG", 4, 3, "RGB",
            1, 1, False, (f"Read from {home}/photos.",),
        ),
    )  # fmt: skip
    report = markdown_report(result, [f"Weights of {home}/models differ."])
    assert "ann.lee" not in report
    assert "secret" not in report
    assert "`keras-application:MobileNetV2?alpha=0.35&weights=~/models/w.h5`" in report
    assert "`hub:hub`" in report
    assert "on ball.jpg\n" in report


def test_paths_are_shortened() -> None:
    assert short_path("/home/ann.lee/m/x.h5") == "~/m/x.h5"
    assert short_path("/home/ann.lee2/m/x.h5") == "x.h5"
    assert without_home("/data/home/ann.lee/x") == "/data/home/ann.lee/x"
    assert without_home("in /home/ann.lee, not /home/ann.lees") == "in ~, not /home/ann.lees"
    assert source_text(Source(SourceKind.HUB, "https://tfhub.dev/a/b/1")) == (
        "hub:https://tfhub.dev/a/b/1"
    )
    weights = (("weights", "imagenet"),)
    assert source_text(Source(SourceKind.KERAS_APPLICATION, "X", weights)) == (
        "keras-application:X?weights=imagenet"
    )
