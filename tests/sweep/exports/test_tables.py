from __future__ import annotations

import csv
import json
import math
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import ExportError, UsageError
from inspector.sweep.exports.csv_export import write_csv
from inspector.sweep.exports.json_export import SCHEMA, summary_of, write_summary
from inspector.sweep.exports.parquet_export import write_parquet
from inspector.sweep.exports.records import FIELDS, labels_of, record_of
from inspector.sweep.filters import RowFilter, RowKind
from inspector.sweep.gate import GateRules, judge_run
from inspector.sweep.rows import SweepItem
from inspector.sweep.run_file import RunFile
from tests.sweep.made_up import make_info, make_rows

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.sweep.rows import SweepRow


@pytest.fixture
def odd(tmp_path: Path) -> RunFile:
    """Give a run whose paths and numbers are hard to write."""
    rows = [row for row in make_rows(20) if row.measures][:4]
    paths = ['/=cmd|"x".jpg', "=1+1.jpg", os.fsdecode(b"/\xff\n,;.jpg"), "@ü.jpg"]
    rows = [
        replace(row, item=SweepItem(number, path, None))
        for number, (row, path) in enumerate(zip(rows, paths, strict=True))
    ]
    rows[0] = replace(rows[0], measures=replace(rows[0].measures, max_abs_difference=math.nan))
    info = make_info(labels=("=evil()", *(f"c{n}" for n in range(99))))
    with RunFile.create(tmp_path / "odd", info, (row.item for row in rows)) as run:
        run.add(rows)
    return RunFile.open(tmp_path / "odd")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_reads_back(finished: RunFile, finished_rows: list[SweepRow], tmp_path: Path) -> None:
    target = tmp_path / "run.csv"
    assert write_csv(target, finished) == len(finished_rows)
    labels = labels_of(finished.info)
    found = read(target)
    assert list(found[0]) == list(FIELDS)
    for line, row in zip(found, finished_rows, strict=True):
        for name, value in record_of(row, labels).items():
            if value is None:
                assert line[name] == ""
            elif FIELDS[name] == "float":
                assert float(line[name]) == value
            elif FIELDS[name] in ("int", "flag"):
                assert int(line[name]) == value
            elif FIELDS[name] == "text":
                assert line[name] == value
            else:
                assert [float(part) for part in line[name].split(";")] == value


def test_csv_of_a_selection(finished: RunFile, tmp_path: Path) -> None:
    count = write_csv(tmp_path / "run.csv", finished, RowFilter(kind=RowKind.ERRORS))
    found = read(tmp_path / "run.csv")
    assert len(found) == count > 0
    assert all(line["error"] for line in found)


def test_csv_is_safe_in_a_spreadsheet(odd: RunFile, tmp_path: Path) -> None:
    with odd:
        write_csv(tmp_path / "odd.csv", odd)
    found = read(tmp_path / "odd.csv")
    assert [line["path"] for line in found] == [
        '/=cmd|"x".jpg',
        "'=1+1.jpg",
        "/\\udcff\n,;.jpg",
        "'@ü.jpg",
    ]
    assert found[0]["max_abs_difference"] == ""
    assert not any(cell.startswith("=") for line in found for cell in line.values())


def test_parquet_reads_back(
    finished: RunFile, finished_rows: list[SweepRow], tmp_path: Path
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    target = tmp_path / "run.parquet"
    assert write_parquet(target, finished) == len(finished_rows)
    table = parquet.read_table(target)
    labels = labels_of(finished.info)
    assert table.to_pylist() == [record_of(row, labels) for row in finished_rows]
    assert json.loads(table.schema.metadata[b"twin-inspector"])["pair_id"] == "mobilenet_v2"


def test_parquet_names_what_is_missing(
    finished: RunFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError) as caught:
        write_parquet(tmp_path / "run.parquet", finished)
    assert "pip install 'twin-inspector[parquet]'" in caught.value.mend
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("write", [write_csv, write_parquet, write_summary])
def test_a_failing_export_keeps_the_old_file(finished: RunFile, tmp_path: Path, write) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ExportError, match="could not be written"):
        write(tmp_path / "missing" / "file", finished)


def test_the_summary_is_finite_json(odd: RunFile, tmp_path: Path) -> None:
    with odd:
        write_summary(tmp_path / "odd.json", odd)
    text = (tmp_path / "odd.json").read_text(encoding="utf-8")
    found = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON number"))
    assert found["schema"] == SCHEMA == "twin-inspector/sweep/1"
    assert found["worst"]["max_abs_difference"][0]["max_abs_difference"] is None
    assert found["accuracy"] == {"left": None, "right": None}


def test_the_summary_says_what_the_run_comes_to(
    finished: RunFile, finished_rows: list[SweepRow]
) -> None:
    result = judge_run(finished, GateRules(min_agreement=0.5, max_error_share=0.1))
    found = summary_of(finished, gate=result, worst=3, metrics=("js", "width"))
    answered = [row for row in finished_rows if row.measures]
    assert (found["pictures"], found["done"]) == (len(finished_rows), len(finished_rows))
    assert found["compared"] == len(answered)
    same = sum(row.measures.top1_same for row in answered)
    assert found["agreement"]["strict"]["rate"] == same / len(answered)
    assert found["gate"]["passed"] is True
    assert list(found["worst"]) == ["js"]
    worst = max(answered, key=lambda row: row.measures.js)
    assert found["worst"]["js"][0]["path"] == worst.item.path
    assert found["first_errors"][0]["mend"] == "Save it again."
    assert found["left"]["settings"]["mode"] == "keras"
    json.dumps(found, allow_nan=False)


def test_the_summary_has_the_notes(tmp_path: Path) -> None:
    rows = list(make_rows(3))
    with RunFile.create(tmp_path / "run", make_info(), (row.item for row in rows)) as run:
        assert summary_of(run)["notes"] == []
        run.add_notes(["The folder /a was left out."])
        assert summary_of(run)["notes"] == ["The folder /a was left out."]
