"""The numbers of a comparison in a file: JSON or CSV, by the file's ending."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from inspector.core.files import write_text
from inspector.core.reports.csv_report import comparison_csv
from inspector.core.reports.report import comparison_json

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.result import Result

NUMBER_SUFFIXES = (".json", ".csv")


def export_numbers(result: Result, path: Path, *, top: int = 5) -> None:
    """Write the numbers, atomically.

    Parameters
    ----------
    result
        What to write.
    path
        Ends in ``.json`` (schema ``twin-inspector/comparison/1``) or ``.csv`` (a line per class).
    top
        How many classes the JSON's `top` lists hold.

    Raises
    ------
    ExportError
        Where the file cannot be written; the old one is left whole.
    """
    if path.suffix.lower() == ".csv":
        write_text(path, comparison_csv(result))
    else:
        text = json.dumps(
            comparison_json(result, top), indent=2, ensure_ascii=False, allow_nan=False
        )
        write_text(path, text + "\n")
