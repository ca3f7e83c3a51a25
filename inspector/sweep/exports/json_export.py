"""A run's summary as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from inspector.core.files import write_text
from inspector.sweep.columns import METRICS
from inspector.sweep.exports.records import finite, labels_of, plain, record_of
from inspector.sweep.filters import RowFilter, RowKind
from inspector.sweep.query import RunTable
from inspector.sweep.statistics import measure_run

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from inspector.core.labels import Labels
    from inspector.sweep.gate import GateResult
    from inspector.sweep.intervals import Share
    from inspector.sweep.run_file import RunFile
    from inspector.sweep.statistics import RunStatistics, SideQuality

SCHEMA = "twin-inspector/sweep/1"
NAMED_ERRORS = 50


def write_summary(
    target: str | os.PathLike[str],
    run: RunFile,
    statistics: RunStatistics | None = None,
    gate: GateResult | None = None,
) -> None:
    """Write :func:`summary_of`, atomically."""
    write_text(target, json.dumps(summary_of(run, statistics, gate), indent=1) + "\n")


def summary_of(
    run: RunFile,
    statistics: RunStatistics | None = None,
    gate: GateResult | None = None,
    worst: int = 50,
    metrics: Sequence[str] = ("max_abs_difference",),
) -> dict[str, Any]:
    """Give a run's summary as plain values; every number is finite or None.

    Parameters
    ----------
    run
        The run.
    statistics, gate
        Where they are known already; without a gate its entry is None.
    worst, metrics
        How many of the worst pictures are named, by which measures.
    """
    found = statistics or measure_run(run)
    labels, table = labels_of(run.info), RunTable(run)
    errors = table.rows(RowFilter(kind=RowKind.ERRORS), limit=NAMED_ERRORS)
    summary = {
        "schema": SCHEMA,
        **_facts(run),
        **_statistics(found, labels),
        "worst": {
            metric: [record_of(row, labels) for row in table.worst(metric, worst)]
            for metric in metrics
            if metric in METRICS
        },
        "first_errors": [
            {"path": row.item.path, "error": row.error, "mend": row.mend} for row in errors
        ],
        "gate": gate and {"passed": gate.passed, "rules": [asdict(rule) for rule in gate.rules]},
    }
    cleaned: dict[str, Any] = _clean(summary)
    return cleaned


def _facts(run: RunFile) -> dict[str, Any]:
    info, progress = run.info, run.progress()
    return {
        "run": str(run.path),
        "pair": info.pair_id,
        "pair_title": info.pair_title,
        "pair_spec": info.pair,
        "listed": info.listed,
        "truth": info.truth,
        "started": info.started,
        "state": progress.state,
        "left": {"settings": info.left_settings, "sha256": info.release_hashes.get("left", "")},
        "right": {"settings": info.right_settings, "sha256": info.release_hashes.get("right", "")},
        "noise_floor": info.noise_floor,
        "versions": info.versions,
        "options": info.options,
        "pictures": progress.total,
        "done": progress.done,
        "notes": list(run.notes),
    }


def _statistics(found: RunStatistics, labels: Labels) -> dict[str, Any]:
    agreement = found.agreement
    return {
        "compared": found.answered,
        "errors": found.errors,
        "agreement": {
            "same": agreement.same,
            "near_ties": agreement.near_ties,
            "real_disagreements": agreement.real,
            "strict": _share(agreement.strict),
            "near_ties_as_agreement": _share(agreement.tolerant),
        },
        "top5_overlap": list(found.top5_overlap),
        "distributions": {part.measure: asdict(part) for part in found.distributions},
        "confusion": [
            {
                **asdict(cell),
                "left_label": labels.name(cell.left),
                "right_label": labels.name(cell.right),
            }
            for cell in found.confusion
        ],
        "rank_changes": [asdict(bucket) for bucket in found.ranks],
        "classes": [
            {**asdict(part), "agreement": _share(part.agreement), "label": labels.name(part.index)}
            for part in found.classes
        ],
        "labelled": found.labelled,
        "accuracy": {"left": _quality(found.left), "right": _quality(found.right)},
        "mcnemar": asdict(found.mcnemar) if found.mcnemar else None,
    }


def _share(share: Share) -> dict[str, Any]:
    return {**asdict(share), "rate": share.rate}


def _quality(quality: SideQuality | None) -> dict[str, Any] | None:
    if quality is None:
        return None
    calibration = quality.calibration
    return {
        "top1": _share(quality.top1),
        "top5": _share(quality.top5),
        "ece": calibration.ece if calibration else None,
        "reliability": [asdict(part) for part in calibration.bins] if calibration else None,
    }


def _clean(value: Any) -> Any:
    """Make values that JSON can hold: texts of valid UTF-8, no NaN."""
    if isinstance(value, dict):
        return {plain(str(key)): _clean(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(part) for part in value]
    return plain(value) if isinstance(value, str) else finite(value)
