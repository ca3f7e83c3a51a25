"""Every class of a comparison as CSV, for a spreadsheet or a script."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING

from inspector.core.pairs import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

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
"""The header row; a column for each further run of a side follows, as :func:`run_columns` says."""

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
    runs = run_columns(result)
    writer.writerow((*COLUMNS, *runs))
    for row in _rows(result):
        index = int(row[0])
        writer.writerow((*row, *(_number_at(runs[name], index) for name in runs)))
    return buffer.getvalue()


def run_columns(result: Result) -> dict[str, NDArray[np.float64]]:
    """Give the probabilities of each further run, by the name of its column.

    The name is the mark of a head's random weights too: ``left_auxiliary_untrained_probability``.
    """
    columns = {}
    for side in Side:
        made = result.side(side)
        if made.training is not None:
            columns[f"{side}_training_probability"] = made.training.scores.probabilities
        if made.auxiliary is not None:
            head = "auxiliary" if made.auxiliary.trained else "auxiliary_untrained"
            columns[f"{side}_{head}_probability"] = made.auxiliary.scores.probabilities
    return columns


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


def _number_at(row: NDArray[np.float64], index: int) -> str:
    return _number(row[index]) if index < row.size else ""


def _number(value: float) -> str:
    return repr(float(value)) if math.isfinite(value) else ""
