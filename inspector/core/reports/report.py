"""A result as JSON for scripts and as text for a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.comparison import first_near_ties
from inspector.core.reports.runs_report import auxiliary_json, run_lines, training_json
from inspector.core.reports.terminal import TEXT_WIDTH, cells, finite, fit, plain, wrap
from inspector.core.top import MAX_TOP, TIED, TopRow, rank_text, top_rows
from inspector.core.wording import describe, mode_with_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from inspector.core.comparison import Comparison
    from inspector.core.findings import Finding
    from inspector.core.labels import Labels
    from inspector.core.picture import PictureInfo
    from inspector.core.result import Result, SideResult

__all__ = [
    "SCHEMA",
    "TEXT_WIDTH",
    "cells",
    "comparison_json",
    "difference_text",
    "finding_json",
    "finding_lines",
    "finite",
    "fit",
    "input_facts",
    "non_finite_text",
    "number_text",
    "picture_json",
    "plain",
    "rank_text",
    "reads_as_probabilities",
    "report_text",
    "side_lines",
    "versions_text",
    "wrap",
]

SCHEMA = "twin-inspector/comparison/1"
"""Name and version of the JSON form."""

_TIMINGS = ("decode", "preprocess", "left", "right", "total", "load")
_LABEL_WIDTH = 40


def comparison_json(result: Result, top: int = 5) -> dict[str, Any]:
    """Give a result in the form ``twin-inspector/comparison/1``.

    Parameters
    ----------
    result
        The comparison.
    top
        How many classes to list per side, 1 to ``MAX_TOP``.

    Returns
    -------
    dict[str, Any]
        Plain JSON objects. Numbers are finite or None, so ``json.dumps(…, allow_nan=False)``
        always works.
    """
    comparison = result.comparison
    left_top = _top_json(
        comparison.left, comparison.left_logits, comparison.left_ranks, result.labels, top
    )
    right_top = _top_json(
        comparison.right, comparison.right_logits, comparison.right_ranks, result.labels, top
    )
    return {
        "schema": SCHEMA,
        "picture": picture_json(result.picture),
        "pair": result.pair.id,
        "left": _side_json(result.left, left_top, result.labels),
        "right": _side_json(result.right, right_top, result.labels),
        "comparison": _comparison_json(comparison),
        "verdict": {"code": str(result.verdict.code), "text": result.verdict.text},
        "findings": [finding_json(finding) for finding in result.findings],
        "timings_ms": {name: finite(result.timings_ms.get(name)) for name in _TIMINGS},
        "versions": dict(result.versions),
    }


def input_facts(side: SideResult) -> dict[str, Any]:
    """Give shape, least, greatest and mean number of a model input, float64 from float32."""
    numbers = side.model_input.astype(np.float64)
    known = bool(numbers.size and np.isfinite(numbers).all())
    return {
        "shape": [1, *side.model_input.shape],
        "min": float(numbers.min()) if known else None,
        "max": float(numbers.max()) if known else None,
        "mean": float(numbers.mean()) if known else None,
    }


def reads_as_probabilities(comparison: Comparison) -> bool:
    """Tell whether every number of both sides lies in [0, 1], so that a percentage makes sense."""
    numbers = np.concatenate([comparison.left, comparison.right])
    return bool(
        np.isfinite(numbers).all() and numbers.min() >= -1e-6 and numbers.max() <= 1.0 + 1e-6
    )


def non_finite_text(comparison: Comparison) -> str:
    """Say which side has numbers that cannot be plotted, and how many."""
    sides = (("left", comparison.left), ("right", comparison.right))
    counts = {name: int(np.count_nonzero(~np.isfinite(row))) for name, row in sides}
    parts = [f"{count} on the {name} side" for name, count in counts.items() if count]
    return (
        f"There is nothing to plot: of {comparison.classes} numbers a side, "
        f"{' and '.join(parts) or 'none'} are not finite."
    )


def number_text(value: float, percent: bool) -> str:
    """Write a probability as a percentage, or the plain number where it is none."""
    if not math.isfinite(value):
        return "not finite"
    if not percent:
        return f"{value:.4g}"
    if 0 < value < 0.00005:
        return "<0.01 %"
    return f"{100 * value:.2f} %"


def difference_text(value: float, percent: bool) -> str:
    """Write a signed difference in percentage points, or plainly; small ones as a power of ten."""
    if not math.isfinite(value):
        return "not finite"
    if value == 0:
        return "0"
    if not percent:
        return f"{value:+.3g}"
    return f"{100 * value:+.2f} pp" if abs(value) >= 0.00005 else f"{100 * value:+.1e} pp"


def picture_json(picture: PictureInfo) -> dict[str, Any]:
    """Give what is known of a picture as JSON."""
    return {
        "name": picture.name,
        "path": picture.path,
        "sha256": picture.sha256,
        "format": picture.format,
        "width": picture.width,
        "height": picture.height,
        "mode": picture.mode,
        "exif_orientation": picture.exif_orientation,
        "frames": picture.frames,
        "has_alpha": picture.has_alpha,
        "notes": list(picture.notes),
    }


def _side_json(side: SideResult, top: list[dict[str, Any]], labels: Labels) -> dict[str, Any]:
    scores = side.scores
    return {
        "release": side.release.name,
        "source": str(side.release.source),
        "mode": side.settings.mode,
        "preprocessing": side.settings.preprocessing.to_json(),
        "input": input_facts(side),
        "output": {
            "shape": [1, int(side.raw.size)],
            "kind": str(side.release.output),
            "sum": finite(scores.row_sum),
            "background": finite(scores.background),
            "softmax": scores.applied_softmax,
            "dropped_background": scores.dropped_background,
        },
        "top": top,
        "training": training_json(side, labels, len(top)),
        "auxiliary": auxiliary_json(side, labels, len(top)),
        "notes": list(side.notes),
    }


def _top_json(
    probabilities: NDArray[np.float64],
    logits: NDArray[np.float64],
    ranks: NDArray[np.int64],
    labels: Labels,
    top: int,
) -> list[dict[str, Any]]:
    count = max(1, min(top, MAX_TOP, probabilities.size))
    first = (int(index) for index in np.argsort(ranks, kind="stable")[:count])
    return [
        {
            "rank": int(ranks[index]),
            "index": index,
            "wordnet_id": labels.wordnet_id(index),
            "label": labels.name(index),
            "probability": finite(probabilities[index]),
            "logit": finite(logits[index]),
        }
        for index in first
    ]


def _comparison_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "classes": comparison.classes,
        "top1_same": comparison.top1_same,
        "top5_overlap": comparison.top5_overlap,
        "max_abs_difference": finite(comparison.max_abs_difference),
        "mean_abs_difference": finite(comparison.mean_abs_difference),
        "allclose_rtol_0.8": comparison.allclose_rtol_08,
        "kl": finite(comparison.kl),
        "js": finite(comparison.js),
        "cosine": finite(comparison.cosine),
        "spearman": finite(comparison.spearman),
        "noise_floor": finite(comparison.noise_floor),
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """Give a finding as JSON."""
    return {
        "code": finding.code,
        "title": finding.title,
        "evidence": finding.evidence,
        "mend": finding.mend,
        "level": finding.level.name.lower(),
    }


def report_text(result: Result, top: int = 5) -> str:
    """Give a result as plain text of at most 100 columns: verdict, table, background, findings.

    Parameters
    ----------
    result
        The comparison.
    top
        How many classes of each side to list, 1 to ``MAX_TOP``.

    Returns
    -------
    str
        Lines without a line break at the end. Columns stay aligned where labels have characters
        that a terminal draws two cells wide; control characters in names are left out.
    """
    blocks = [
        wrap(result.verdict.text),
        [*side_lines("Left", result.left), *side_lines("Right", result.right)],
        list(_table(result, top)),
        *run_lines(result, top),
    ]
    notes = [*result.picture.notes, *result.left.notes, *result.right.notes]
    if notes:
        blocks.append([line for note in notes for line in wrap(f"Note: {note}")])
    blocks.extend(finding_lines(finding) for finding in result.findings)
    return "\n\n".join("\n".join(block) for block in blocks)


def side_lines(name: str, side: SideResult) -> list[str]:
    """Give a side's release, input size, mode and stages as lines for a terminal."""
    shape = "×".join(str(length) for length in side.model_input.shape[:2])
    head = fit(plain(f"{side.release.name}, {shape} px"), TEXT_WIDTH - 7).rstrip()
    mode = mode_with_id(side.settings.mode)
    stages = f"{mode}: {describe(side.settings.preprocessing)}"
    return [f"{name:<6} {head}", *wrap(stages, indent=" " * 7)]


def _table(result: Result, top: int) -> Iterator[str]:
    comparison = result.comparison
    percent = reads_as_probabilities(comparison)
    rows = top_rows(comparison, result.labels, top)
    names = [plain(row.label) for row in rows]
    width = min(_LABEL_WIDTH, max(map(cells, [*names, "background class"])))
    head = _line(width, "Rank", "Class", "Left", "Right", "Difference", "Change")
    yield head
    yield "─" * cells(head)
    for name, row in zip(names, rows, strict=True):
        yield _row_line(width, name, row, percent, _near_tie(comparison, row))
    shares = result.left.scores.background, result.right.scores.background
    if any(share is not None for share in shares):
        left, right = (_share(share, percent) for share in shares)
        yield _line(width, "", "background class", left, right, "", "")
    if any(_near_tie(comparison, row) for row in rows):
        yield "≈ near-tie: its rank is decided by no more than float noise"


def _near_tie(comparison: Comparison, row: TopRow) -> bool:
    return row.rank_change != 0 and bool(first_near_ties(comparison)[row.index])


def _row_line(width: int, name: str, row: TopRow, percent: bool, near_tie: bool) -> str:
    moved = row.rank_change or row.left_tied or row.right_tied
    change = rank_text(row) if moved else "="
    return _line(
        width,
        TIED if row.left_tied else str(row.left_rank),
        name,
        number_text(row.left, percent),
        number_text(row.right, percent),
        difference_text(row.left - row.right, percent),
        f"{change} ≈" if near_tie else change,
    )


def _line(
    width: int, rank: str, name: str, left: str, right: str, difference: str, change: str
) -> str:
    columns = (
        fit(rank, 4, right=True),
        fit(name, width),
        fit(left, 11, right=True),
        fit(right, 11, right=True),
        fit(difference, 11, right=True),
        fit(change, 13),
    )
    return "  ".join(columns).rstrip()


def _share(share: float | None, percent: bool) -> str:
    return "none" if share is None else number_text(share, percent)


def finding_lines(finding: Finding) -> list[str]:
    """Give a finding as lines for a terminal."""
    return [
        *wrap(f"{finding.level.name.capitalize()}: {finding.title}"),
        *wrap(finding.evidence, indent="  "),
        *wrap(f"Mend: {finding.mend}", indent="  "),
    ]


def versions_text(versions: Mapping[str, str]) -> str:
    """Give the versions that matter to a reader, in one line, such as ``TensorFlow 2.21.0``."""
    names = {"twin-inspector": "Twin Inspector", "tensorflow": "TensorFlow", "keras": "Keras"}
    return " · ".join(f"{name} {versions[key]}" for key, name in names.items() if key in versions)
