"""A comparison of features as JSON for scripts, as text for a terminal, and as CSV."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Any

from inspector.core.features.wording import number_rows, number_text
from inspector.core.ordering import largest_differences
from inspector.core.reports.report import (
    finding_json,
    finding_lines,
    input_facts,
    picture_json,
    side_lines,
)
from inspector.core.reports.terminal import finite, fit, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.features.comparison import FeatureComparison
    from inspector.core.features.match import DimensionMatch
    from inspector.core.features.result import FeatureResult, FeatureSide

SCHEMA = "twin-inspector/feature-comparison/1"
"""Name and version of the JSON form."""

COLUMNS = ("dimension", "left", "right", "difference", "rank")
"""The header row of the CSV form."""

_TIMINGS = ("decode", "preprocess", "left", "right", "total", "load")


def feature_json(result: FeatureResult, top: int = 5) -> dict[str, Any]:
    """Give a result in the form ``twin-inspector/feature-comparison/1``.

    What it shares with ``twin-inspector/comparison/1`` has the same names and means the same. All
    numbers are finite or None.

    Parameters
    ----------
    result
        The comparison.
    top
        How many of the dimensions that differ most are listed.
    """
    return {
        "schema": SCHEMA,
        "picture": picture_json(result.picture),
        "pair": result.pair.id,
        "left": _side_json(result.left, result.comparison.left_norm, result.comparison.left_zeros),
        "right": _side_json(
            result.right, result.comparison.right_norm, result.comparison.right_zeros
        ),
        "comparison": _comparison_json(result.comparison),
        "largest": [_dimension_json(result.comparison, i) for i in _largest(result, top)],
        "match": None if result.match is None else _match_json(result.match),
        "verdict": {"code": str(result.verdict.code), "text": result.verdict.text},
        "findings": [finding_json(finding) for finding in result.findings],
        "timings_ms": {name: finite(result.timings_ms.get(name)) for name in _TIMINGS},
        "versions": dict(result.versions),
    }


def feature_text(result: FeatureResult, top: int = 5) -> str:
    """Give a result as plain text of at most 100 columns: verdict, numbers, dimensions, findings.

    Parameters
    ----------
    result
        The comparison.
    top
        How many of the dimensions that differ most are listed.
    """
    blocks = [
        wrap(result.verdict.text),
        [*side_lines("Left", result.left), *side_lines("Right", result.right)],
        [f"{row.name:<13} {row.value}" for row in number_rows(result.comparison)],
        list(_table(result, top)),
    ]
    notes = [*result.picture.notes, *result.left.notes, *result.right.notes]
    if notes:
        blocks.append([line for note in notes for line in wrap(f"Note: {note}")])
    blocks.extend(finding_lines(finding) for finding in result.findings)
    return "\n\n".join("\n".join(block) for block in blocks if block)


def feature_csv(result: FeatureResult) -> str:
    r"""Give one row per dimension, with a header row and ``\r\n`` line ends (RFC 4180).

    Numbers are written so that reading them gives the same float64; what is not finite is an empty
    cell.
    """
    comparison = result.comparison
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    columns = (comparison.left, comparison.right, comparison.difference)
    for index in range(comparison.dimensions):
        numbers = (_exact(float(column[index])) for column in columns)
        writer.writerow((index, *numbers, int(comparison.ranks[index])))
    return buffer.getvalue()


def _largest(result: FeatureResult, top: int) -> tuple[int, ...]:
    return largest_differences(result.comparison.difference, top)


def _side_json(side: FeatureSide, norm: float, zeros: int) -> dict[str, Any]:
    return {
        "release": side.release.name,
        "source": str(side.release.source),
        "mode": side.settings.mode,
        "preprocessing": side.settings.preprocessing.to_json(),
        "input": input_facts(side),
        "output": {
            "shape": [1, int(side.raw.size)],
            "kind": str(side.release.output),
            "sum": finite(side.scores.row_sum),
            "norm": finite(norm),
            "zeros": zeros,
        },
        "notes": list(side.notes),
    }


def _comparison_json(comparison: FeatureComparison) -> dict[str, Any]:
    return {
        "dimensions": comparison.dimensions,
        "cosine": finite(comparison.cosine),
        "relative_l2": finite(comparison.relative_l2),
        "max_abs_difference": finite(comparison.max_abs_difference),
        "mean_abs_difference": finite(comparison.mean_abs_difference),
        "correlation": finite(comparison.correlation),
        "factor": finite(comparison.factor),
        "relative_l2_with_factor": finite(comparison.factor_rest),
        "shared_zeros": comparison.shared_zeros,
        "noise_floor": finite(comparison.noise_floor),
    }


def _dimension_json(comparison: FeatureComparison, index: int) -> dict[str, Any]:
    return {
        "rank": int(comparison.ranks[index]),
        "dimension": index,
        "left": finite(comparison.left[index]),
        "right": finite(comparison.right[index]),
        "difference": finite(comparison.difference[index]),
    }


def _match_json(match: DimensionMatch) -> dict[str, Any]:
    return {
        "pictures": match.pictures,
        "in_place": match.in_place,
        "moved": match.moved,
        "live": match.live,
        "left_dead": match.left_dead,
        "right_dead": match.right_dead,
        "middle_correlation": finite(match.middle_correlation),
        "order": match.order.tolist() if match.reordered else None,
    }


def _table(result: FeatureResult, top: int) -> Iterator[str]:
    comparison = result.comparison
    shown = _largest(result, top)
    if not shown or comparison.max_abs_difference == 0.0:
        return
    head = _line("Rank", "Dimension", "Left", "Right", "Difference")
    yield head
    yield "─" * len(head)
    for index in shown:
        yield _line(
            str(comparison.ranks[index]),
            str(index),
            number_text(float(comparison.left[index])),
            number_text(float(comparison.right[index])),
            number_text(float(comparison.difference[index])),
        )


def _line(rank: str, dimension: str, left: str, right: str, difference: str) -> str:
    numbers = (fit(text, 11, right=True) for text in (left, right, difference))
    return "  ".join((fit(rank, 4, right=True), fit(dimension, 9, right=True), *numbers)).rstrip()


def _exact(value: float) -> str:
    return repr(value) if math.isfinite(value) else ""
