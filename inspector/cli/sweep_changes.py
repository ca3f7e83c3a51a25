"""``sweep compare``: what changed between two runs, and whether that is for the worse."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.cli.sweep_options import STANDARD_OUTPUT, check_compare
from inspector.cli.sweep_summary import change_lines, counted
from inspector.core.files import write_text
from inspector.sweep.compare_runs import CHANGE_TITLES, ChangeKind, RunPair
from inspector.sweep.exports.records import finite, labels_of, plain, record_of
from inspector.sweep.run_file import RunFile

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from inspector.cli.console import Console
    from inspector.core.labels import Labels
    from inspector.sweep.compare_runs import Change, RunDifference
    from inspector.sweep.rows import SweepProgress
    from inspector.sweep.statistics import Agreement

SCHEMA = "twin-inspector/sweep-changes/1"
WORST = 10
"""Pictures that are named on a terminal."""

JSON_WORST = 50
"""Pictures that are named in JSON."""

_WORSE = (ChangeKind.NEW_ERROR, ChangeKind.BROKEN, ChangeKind.OTHER_CLASS, ChangeKind.LARGER)


def report_changes(arguments: argparse.Namespace, console: Console) -> int:
    """Write what changed between two runs, and give the exit code."""
    named = check_compare(arguments)
    with RunPair(*named) as pair:
        summary = pair.summary()
        changes = pair.changes(limit=JSON_WORST)
    with RunFile.open(named[0]) as before, RunFile.open(named[1]) as after:
        labels, progress = labels_of(before.info), after.progress()
        paths = before.path, after.path
    gaps = gaps_of(summary, progress)
    table = changes_json(paths, summary, changes, gaps, labels)
    if arguments.json == STANDARD_OUTPUT:
        console.json(table)
    else:
        if arguments.json:
            write_text(Path(arguments.json).expanduser(), json.dumps(table, indent=1) + "\n")
        console.result("\n".join(change_lines(summary, changes[:WORST], labels.names)))
    for sentence in gaps:
        console.message(sentence)
    worse = any(summary.counts[kind] for kind in _WORSE)
    return int(arguments.fail_on_difference and (worse or bool(gaps)))


def gaps_of(summary: RunDifference, after: SweepProgress) -> list[str]:
    """Say why the second run cannot stand for the first: sentences, none where it can."""
    sentences = []
    if summary.matched == 0:
        sentences.append("No picture is in both runs, so nothing was compared.")
    if after.done < after.total:
        sentences.append(
            f"The second run is not finished: {after.done} of "
            f"{counted(after.total, 'picture')} are done."
        )
    if summary.only_before:
        sentences.append(
            f"The second run lacks {counted(summary.only_before, 'picture')} of the first."
        )
    return sentences


def changes_json(
    paths: tuple[Path, Path],
    summary: RunDifference,
    changes: Sequence[Change],
    gaps: Sequence[str],
    labels: Labels,
) -> dict[str, Any]:
    """Give the difference of two runs as plain values; every number is finite or None.

    Parameters
    ----------
    paths
        The two run files.
    summary, changes
        The difference, and the worst pictures.
    gaps
        What :func:`gaps_of` says.
    labels
        Of both runs.
    """
    return {
        "schema": SCHEMA,
        "before": plain(str(paths[0])),
        "after": plain(str(paths[1])),
        "matched": summary.matched,
        "only_before": summary.only_before,
        "only_after": summary.only_after,
        "counts": {str(kind): count for kind, count in summary.counts.items()},
        "agreement_before": _agreement(summary.before),
        "agreement_after": _agreement(summary.after),
        "settings": [plain(sentence) for sentence in summary.settings],
        "versions": [plain(sentence) for sentence in summary.versions],
        "gaps": list(gaps),
        "worst": [_change(change, labels) for change in changes],
    }


def _agreement(agreement: Agreement) -> dict[str, Any]:
    table = asdict(agreement)
    for name in ("strict", "tolerant"):
        table[name]["rate"] = getattr(agreement, name).rate
    return table


def _change(change: Change, labels: Labels) -> dict[str, Any]:
    return {
        "kind": str(change.kind),
        "title": CHANGE_TITLES[change.kind],
        "growth": finite(change.growth),
        "before": record_of(change.before, labels),
        "after": record_of(change.after, labels),
    }
