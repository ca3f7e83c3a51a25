"""The numbers of a comparison in a file: JSON or CSV, by the file's ending."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from inspector.core.files import write_text
from inspector.core.reports.feature_aware import any_csv, any_json

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.features.kinds import AnyResult

NUMBER_SUFFIXES = (".json", ".csv")


def export_numbers(result: AnyResult, path: Path, *, top: int = 5) -> None:
    """Write the numbers, atomically.

    Parameters
    ----------
    result
        What to write.
    path
        Ends in ``.json`` (schema ``twin-inspector/comparison/1`` or, for features,
        ``twin-inspector/feature-comparison/1``) or ``.csv`` (a line per class or dimension).
    top
        How many classes or dimensions the JSON's lists hold.

    Raises
    ------
    ExportError
        Where the file cannot be written; the old one is left whole.
    """
    if path.suffix.lower() == ".csv":
        write_text(path, any_csv(result))
    else:
        text = json.dumps(any_json(result, top), indent=2, ensure_ascii=False, allow_nan=False)
        write_text(path, text + "\n")
