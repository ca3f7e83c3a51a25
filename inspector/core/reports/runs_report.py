"""Training mode and auxiliary heads in the reports; each with its mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inspector.core import metrics
from inspector.core.auxiliary import plain_auxiliary
from inspector.core.numbers import difference_text, reads_as_probabilities, score_text
from inspector.core.reports.terminal import cells, finite, fit, plain, wrap
from inspector.core.side_runs import side_runs
from inspector.core.training import plain_training

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.labels import Labels
    from inspector.core.result import Result, SideResult
    from inspector.core.scores import Scores
    from inspector.core.side_runs import SideRun

_LABEL_WIDTH = 40


def training_json(side: SideResult, labels: Labels, top: int) -> dict[str, Any] | None:
    """Give what training mode did as JSON; None where it was not asked for."""
    effect = side.training
    if effect is None:
        return None
    return {
        "settings": plain_training(effect.settings),
        "top1_same": effect.top1_same,
        "max_abs_difference": finite(effect.max_abs_difference),
        "js": finite(effect.js),
        "random": effect.random,
        "background": finite(effect.scores.background),
        "note": effect.note,
        "pictures": list(effect.pictures),
        "top": _top(effect.scores, side.scores, "inference_probability", labels, top),
    }


def auxiliary_json(side: SideResult, labels: Labels, top: int) -> dict[str, Any] | None:
    """Give what the auxiliary head says as JSON; None where it was not asked for."""
    head = side.auxiliary
    if head is None:
        return None
    return {
        "settings": plain_auxiliary(head.settings),
        "trained": head.trained,
        "endpoint": head.endpoint,
        "background": finite(head.scores.background),
        "note": head.note,
        "top": _top(head.scores, side.scores, "main_probability", labels, top),
    }


def run_lines(result: Result, top: int) -> Iterator[list[str]]:
    """Give each further run as lines for a terminal: its mark, what came of it, its classes."""
    for run in side_runs(result):
        mark = f"{run.marked_title} ({run.settings})"
        said = [*wrap(run.text, indent="  "), *_batch(run), *_noted(run)]
        yield [*wrap(mark), *said, *_table(run, result, top)]


def _batch(run: SideRun) -> list[str]:
    return wrap(run.batch, indent="  ") if run.batch else []


def _noted(run: SideRun) -> list[str]:
    return wrap(f"Note: {run.note}", indent="  ") if run.note else []


def _table(run: SideRun, result: Result, top: int) -> Iterator[str]:
    rows = run.rows(result.labels, top)
    names = [plain(row.label) for row in rows]
    width = min(_LABEL_WIDTH, max(map(cells, [*names, "Class"])))
    yield _line(width, "Class", *run.heads, "Difference")
    percent = [reads_as_probabilities(row) for row in (run.compared.left, run.compared.right)]
    for name, row in zip(names, rows, strict=True):
        yield _line(
            width,
            name,
            score_text(row.left, percent[0]),
            score_text(row.right, percent[1]),
            difference_text(row.right - row.left),
        )


def _line(width: int, name: str, own: str, other: str, difference: str) -> str:
    columns = (
        fit(name, width),
        fit(own, 11, right=True),
        fit(other, 14, right=True),
        fit(difference, 11, right=True),
    )
    return f"  {'  '.join(columns)}"


def _top(
    scores: Scores, own: Scores, own_key: str, labels: Labels, top: int
) -> list[dict[str, Any]]:
    row = scores.probabilities
    shared = min(row.size, own.probabilities.size)
    first = (int(index) for index in metrics.top_indices(row[:shared], top))
    return [
        {
            "rank": rank,
            "index": index,
            "wordnet_id": labels.wordnet_id(index),
            "label": labels.name(index),
            "probability": finite(row[index]),
            own_key: finite(own.probabilities[index]),
        }
        for rank, index in enumerate(first, start=1)
    ]
