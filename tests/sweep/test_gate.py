from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from inspector.core.errors import UsageError
from inspector.sweep.gate import GateRules, judge_run
from inspector.sweep.junit import junit_xml, write_junit
from inspector.sweep.run_file import RunFile
from inspector.sweep.statistics import measure_run
from tests.sweep.made_up import make_info, make_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from inspector.sweep.rows import SweepRow


def shaped(count: int, real: int, near: int, errors: int) -> list[SweepRow]:
    """Give rows of which so many disagree, are near-ties, and have an error."""
    rows = []
    answered = (row for row in make_rows(20 * count) if row.measures)
    for number in range(count):
        row = next(answered)
        same = number >= real + near
        measures = replace(
            row.measures,
            top1_same=same,
            near_tie=real <= number < real + near,
            max_abs_difference=0.001 * (number + 1),
        )
        row = replace(row, item=replace(row.item, number=number), measures=measures)
        if number >= count - errors:
            row = replace(row, left=None, right=None, measures=None, error="Broken.", mend="")
        rows.append(row)
    return rows


@pytest.fixture
def run(tmp_path: Path) -> Iterator[RunFile]:
    """Give a run of 100: 2 real disagreements, 3 near-ties, 10 errors."""
    rows = shaped(100, 2, 3, 10)
    with RunFile.create(tmp_path / "run", make_info(), (row.item for row in rows)) as opened:
        opened.add(rows)
        yield opened


def violated(run: RunFile, **rules: object) -> list[str]:
    result = judge_run(run, GateRules(**rules))  # type: ignore[arg-type]
    assert result.exit_code == (0 if result.passed else 1)
    return [rule.id for rule in result.violated]


def test_without_rules_every_picture_must_agree(run: RunFile) -> None:
    assert violated(run, max_error_share=0.1) == ["min-agreement"]


def test_errors_break_the_gate_unless_they_are_allowed(run: RunFile) -> None:
    assert violated(run) == ["min-agreement", "max-error-share"]
    result = judge_run(run, GateRules(min_agreement=0.5, max_abs_difference=1.0))
    (rule,) = result.violated
    assert rule.id == "max-error-share"
    assert "10 of 100 pictures have an error" in rule.text
    assert "--max-error-share" in rule.text
    allowed = judge_run(run, GateRules(min_agreement=0.5, max_error_share=0.05))
    assert "5.00 % is allowed" in allowed.violated[0].text


def test_another_rule_does_not_drop_the_agreement(run: RunFile) -> None:
    assert violated(run, max_error_share=0.1, max_abs_difference=1.0) == ["min-agreement"]
    assert violated(run, max_error_share=0.1, min_agreement=0.0) == []


def test_near_ties_count_as_agreement_unless_strict(run: RunFile) -> None:
    def found(least: float, strict: bool = False) -> list[str]:
        return violated(run, min_agreement=least, strict=strict, max_error_share=0.1)

    assert found(88 / 90) == []
    assert found(88.01 / 90) == ["min-agreement"]
    assert found(88 / 90, strict=True) == ["min-agreement"]
    assert found(85 / 90, strict=True) == []


def test_the_largest_difference(run: RunFile) -> None:
    others = {"min_agreement": 0.5, "max_error_share": 0.1}
    assert violated(run, max_abs_difference=0.09, **others) == []
    result = judge_run(run, GateRules(max_abs_difference=0.0885, **others))
    (rule,) = result.violated
    assert rule.measured == "0.09"
    assert [text.rpartition(" ")[2] for text in rule.pictures] == ["0.09", "0.089"]


def test_errors_and_accuracy(run: RunFile) -> None:
    def found(**rules: float) -> list[str]:
        return violated(run, **{"min_agreement": 0.5, "max_error_share": 0.1, **rules})

    assert found(max_error_share=0.1) == []
    assert found(max_error_share=0.09) == ["max-error-share"]
    rate = measure_run(run).left.top1.rate
    assert found(min_left_accuracy=rate) == []
    assert found(min_left_accuracy=rate + 1e-6) == ["min-left-accuracy"]
    assert found(min_right_accuracy=1.0) == ["min-right-accuracy"]


def test_a_run_that_is_not_whole_never_passes(tmp_path: Path) -> None:
    rows = shaped(10, 0, 0, 0)
    with RunFile.create(tmp_path / "run", make_info(), (row.item for row in rows)) as run:
        run.add(rows[:9])
        assert violated(run, min_agreement=0.5) == ["complete"]
        run.add(rows[9:])
        assert violated(run, min_agreement=0.5) == []


def test_a_run_of_errors_never_passes(tmp_path: Path) -> None:
    rows = shaped(5, 0, 0, 5)
    with RunFile.create(tmp_path / "run", make_info(), (row.item for row in rows)) as run:
        run.add(rows)
        found = violated(run, max_error_share=1.0, max_abs_difference=1.0, min_agreement=0.0)
    assert found == ["complete", "min-agreement", "max-abs-difference"]


def test_what_is_not_finite_is_too_far_apart(tmp_path: Path) -> None:
    rows = shaped(5, 0, 0, 0)
    rows[2] = replace(rows[2], measures=replace(rows[2].measures, max_abs_difference=math.nan))
    with RunFile.create(tmp_path / "run", make_info(), (row.item for row in rows)) as run:
        run.add(rows)
        (rule,) = judge_run(run, GateRules(max_abs_difference=1.0)).violated
    assert rule.id == "max-abs-difference"
    assert rule.pictures == (f"{rows[2].item.path}: nan",)


def test_what_a_hair_parts_is_written_in_all_digits(tmp_path: Path) -> None:
    """Six digits would read as if the limit were kept."""
    rows = shaped(1, 0, 0, 0)
    value = 0.3257048608195497
    rows[0] = replace(rows[0], measures=replace(rows[0].measures, max_abs_difference=value))
    with RunFile.create(tmp_path / "run", make_info(), (row.item for row in rows)) as run:
        run.add(rows)
        (rule,) = judge_run(run, GateRules(max_abs_difference=math.nextafter(value, 0))).violated
        assert judge_run(run, GateRules(max_abs_difference=value)).passed
    assert rule.measured == repr(value)
    assert repr(math.nextafter(value, 0)) in rule.text


@pytest.mark.parametrize(
    "rules",
    [
        {"min_agreement": 99.0},
        {"max_error_share": -0.1},
        {"max_abs_difference": -1.0},
        {"max_abs_difference": math.nan},
        {"min_left_accuracy": math.nan},
    ],
)
def test_rules_that_make_no_sense_are_wrong_usage(run: RunFile, rules: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="--m"):
        judge_run(run, GateRules(**rules))  # type: ignore[arg-type]


def test_junit_has_a_case_per_rule(run: RunFile, tmp_path: Path) -> None:
    rules = GateRules(min_agreement=0.99, max_abs_difference=1.0, max_error_share=0.1)
    result = judge_run(run, rules)
    target = tmp_path / "junit.xml"
    write_junit(target, result, run.info, seconds=12.5)
    suite = ElementTree.parse(target).getroot().find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("time")) == ("4", "1", "12.500")
    cases = suite.findall("testcase")
    assert [len(case) for case in cases] == [0, 1, 0, 0]
    failure = cases[1].find("failure")
    assert failure is not None
    assert failure.get("message", "").startswith("demanded: 99.00 %; measured: 97.78 %")
    assert len((failure.text or "").splitlines()) == 1 + 2
    assert "/pictures/" in (failure.text or "")


def test_junit_says_how_long_the_run_took_only_where_it_is_known(run: RunFile) -> None:
    result = judge_run(run, GateRules())
    root = ElementTree.fromstring(junit_xml(result, run.info))
    assert root.get("time") == f"{result.seconds:.3f}"
    unknown = ElementTree.fromstring(junit_xml(replace(result, seconds=None), run.info))
    assert [part.tag for part in unknown.iter() if "time" in part.attrib] == []


def test_junit_shows_the_notes_of_the_run(run: RunFile) -> None:
    plain = ElementTree.fromstring(junit_xml(judge_run(run, GateRules()), run.info))
    assert plain.find(".//system-out") is None
    run.add_notes(["The folder /a was left out: Permission denied.", "b\udcff"])
    noted = ElementTree.fromstring(junit_xml(judge_run(run, GateRules()), run.info))
    assert noted.findtext("testsuite/system-out") == (
        "The folder /a was left out: Permission denied.\nb\\udcff"
    )


def test_junit_holds_any_name(run: RunFile) -> None:
    result = judge_run(run, GateRules(min_agreement=1.0))
    odd = replace(result.rules[1], pictures=("<&\x01\x1b[31m \udcff ü.jpg",))
    xml = junit_xml(replace(result, rules=(odd,)), make_info(pair_id='"<&'))
    text = ElementTree.fromstring(xml).findtext(".//failure") or ""
    assert text.endswith("<&\\x01\\x1b[31m \\udcff ü.jpg")
