from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.cli.sweep_summary import change_lines, counted, gate_lines, printable, run_lines
from inspector.sweep.compare_runs import RunPair
from inspector.sweep.gate import GateRules, judge_run
from inspector.sweep.query import RunTable
from inspector.sweep.run_file import RunFile
from inspector.sweep.statistics import measure_run
from tests.sweep.made_up import make_info, own_row

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "/pictures/a\x1b]0;title\x07\nb\u202egpj.jpg"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain näme 1 日本 👩\u200d🔬.jpg", "plain näme 1 日本 👩\u200d🔬.jpg"),
        ("a\nb\r\t\x1b[2J\x7f\x9b", r"a\nb\r\t\x1b[2J\x7f\x9b"),
        ("a\u2028b\u202ec\udcff", r"a\u2028b\u202ec\udcff"),
    ],
)
def test_control_characters_are_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(("number", "text"), [(0, "0 cats"), (1, "1 cat"), (2, "2 cats")])
def test_one_is_no_plural(number: int, text: str) -> None:
    assert counted(number, "cat") == text


def test_no_name_gives_orders_to_the_terminal(tmp_path: Path) -> None:
    row = own_row(1)
    row = replace(row, item=replace(row.item, path=HOSTILE))
    path = tmp_path / "run.sqlite"
    info = make_info(listed=HOSTILE)
    with RunFile.create(path, info, [row.item]) as run:
        run.add([row])
        run.set_state("finished")
        statistics = measure_run(run)
        lines = run_lines(run, statistics, RunTable(run).worst("max_abs_difference", 1))
        lines += gate_lines(judge_run(run, GateRules(max_abs_difference=0.0), statistics))
    with RunPair(path, path) as pair:
        kinds = pair.summary().counts
        changes = pair.changes(kinds=tuple(kinds), limit=5)
        lines += change_lines(pair.summary(), changes, info.labels)
    named = [line for line in lines if r"a\x1b]0;title\x07\nb\u202egpj.jpg" in line]
    assert len(named) == 4
    assert all(line == printable(line) for line in lines)
    assert lines[0].startswith("MobileNetV2 <1.0> & twin, 1 of 1 picture of")
