"""Every class of a comparison as CSV, for a spreadsheet or a script."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.result import Result

COLUMNS = (
    "index",
    "wordnet_id",
    "label",
    "left_probability",
    "right_probability",
    "difference",
    "left_logit",
    "right_logit",
    "left_rank",
    "right_rank",
)
"""The header row."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def comparison_csv(result: Result) -> str:
    r"""Give one row per shared class, in the order of their index.

    Parameters
    ----------
    result
        The comparison.

    Returns
    -------
    str
        CSV with a header row and ``\r\n`` line ends (RFC 4180). Numbers are written so that
        reading them gives the same float64; what is not finite is an empty cell.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(result))
    return buffer.getvalue()


def guarded(text: str) -> str:
    """Make sure that a spreadsheet takes a text for a text and never for a formula.

    A leading apostrophe is what OWASP's note on CSV injection advises; a text that would start a
    formula only after blanks is guarded too.
    """
    risky = text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)
    return f"'{text}" if risky else text


def _rows(result: Result) -> Iterator[tuple[str | int, ...]]:
    comparison, labels = result.comparison, result.labels
    for index in range(comparison.classes):
        yield (
            index,
            guarded(labels.wordnet_id(index) or ""),
            guarded(labels.name(index)),
            _number(comparison.left[index]),
            _number(comparison.right[index]),
            _number(comparison.difference[index]),
            _number(comparison.left_logits[index]),
            _number(comparison.right_logits[index]),
            int(comparison.left_ranks[index]),
            int(comparison.right_ranks[index]),
        )


def _number(value: float) -> str:
    return repr(float(value)) if math.isfinite(value) else ""
