"""Every row of a run as CSV, for a spreadsheet or a script."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from inspector.core.files import atomic_path
from inspector.core.reports.csv_report import guarded
from inspector.sweep.exports.records import FIELDS, labels_of, record_of
from inspector.sweep.filters import EVERY_ROW, RowFilter
from inspector.sweep.query import RunTable

if TYPE_CHECKING:
    import os

    from inspector.sweep.run_file import RunFile


def write_csv(
    target: str | os.PathLike[str], run: RunFile, row_filter: RowFilter = EVERY_ROW
) -> int:
    r"""Write rows, atomically and one after the other, and give their number.

    The first line has the names of :data:`inspector.sweep.exports.records.FIELDS`. Lines end with
    ``\r\n`` (RFC 4180), numbers read back to the same float64, a missing value is an empty cell,
    yes and no are ``1`` and ``0``, and lists have ``;`` between their values. A text that a
    spreadsheet would take for a formula (one that begins with ``=``, ``+``, ``-``, ``@`` or a
    control character) has an apostrophe before it.

    Raises
    ------
    ExportError
        Where the file cannot be written; the old one is whole then.
    """
    labels = labels_of(run.info)
    count = 0
    with (
        atomic_path(target) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(FIELDS)
        for row in RunTable(run).every(row_filter):
            record = record_of(row, labels)
            writer.writerow([_cell(record[name], kind) for name, kind in FIELDS.items()])
            count += 1
    return count


def _cell(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if kind == "text":
        return guarded(value)
    if kind == "flag":
        return str(int(value))
    if kind in ("ints", "floats"):
        return ";".join("" if part is None else repr(part) for part in value)
    return repr(value)
