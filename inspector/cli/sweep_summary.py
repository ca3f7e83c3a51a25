"""A run, and the difference of two, as lines for a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from inspector.core.labels import Labels
from inspector.core.numbers import share_percent
from inspector.core.printable import printable
from inspector.sweep.compare_runs import CHANGE_TITLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from inspector.sweep.compare_runs import Change, RunDifference
    from inspector.sweep.gate import GateResult
    from inspector.sweep.intervals import Share
    from inspector.sweep.rows import SideRow, SweepRow
    from inspector.sweep.run_file import RunFile
    from inspector.sweep.statistics import Agreement, RunStatistics, SideQuality


def counted(number: int, word: str) -> str:
    """Write a number with its word."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def run_lines(run: RunFile, statistics: RunStatistics, worst: Sequence[SweepRow]) -> list[str]:
    """Say what a run comes to."""
    progress = run.progress()
    lines = [
        f"{run.info.pair_title}, {progress.done} of {counted(progress.total, 'picture')} of "
        f"{run.info.listed}",
        f"Run file: {run.path} ({progress.state})",
        "",
        *_agreement_lines(statistics.agreement),
        f"Errors                {statistics.errors}",
    ]
    for name, quality in (("Left", statistics.left), ("Right", statistics.right)):
        if quality is not None:
            lines.append(_quality_line(name, quality))
    if worst:
        labels = Labels(run.info.labels)
        lines += ["", "Largest differences of probability:"]
        lines += [_row_line(row, labels) for row in worst]
    return [printable(line) for line in lines]


def gate_lines(gate: GateResult) -> list[str]:
    """Say which rules a run keeps, and which pictures break them."""
    lines = []
    for rule in gate.rules:
        lines.append(f"{'kept  ' if rule.passed else 'BROKEN'}  {rule.text}")
        lines += [f"          {picture}" for picture in rule.pictures]
    return [printable(line) for line in lines]


def change_lines(
    summary: RunDifference, changes: Iterable[Change], labels: Sequence[str]
) -> list[str]:
    """Say what changed between two runs, the worst first."""
    lines = [
        f"{counted(summary.matched, 'picture')} in both runs, "
        f"{summary.only_before} only in the first, {summary.only_after} only in the second",
        f"Same class before: {share_text(summary.before.tolerant)}",
        f"Same class after:  {share_text(summary.after.tolerant)}",
        "",
    ]
    lines += [
        f"{count:8d}  {CHANGE_TITLES[kind]}" for kind, count in summary.counts.items() if count
    ]
    lines += [*summary.settings, *summary.versions]
    names = Labels(tuple(labels))
    for change in changes:
        lines += ["", f"{change.after.item.path}: {CHANGE_TITLES[change.kind]}"]
        lines += [f"  before {_answer(change.before, names)}"]
        lines += [f"  after  {_answer(change.after, names)}"]
    return [printable(line) for line in lines]


def share_text(share: Share) -> str:
    """Write a share with its interval."""
    if share.rate is None:
        return "none of 0"
    return (
        f"{share_percent(share.rate)} ({share.count} of {share.total}; 95 % interval "
        f"{share_percent(share.low)} to {share_percent(share.high)})"
    )


def _agreement_lines(agreement: Agreement) -> list[str]:
    return [
        f"Same class            {share_text(agreement.strict)}",
        f"Near-ties             {agreement.near_ties}, decided by float noise alone",
        f"Real disagreements    {agreement.real}",
    ]


def _quality_line(name: str, quality: SideQuality) -> str:
    return (
        f"{name + ' is correct':<22}{share_text(quality.top1)}; "
        f"among its first five {share_text(quality.top5)}"
    )


def _row_line(row: SweepRow, labels: Labels) -> str:
    value = row.measures.max_abs_difference if row.measures else math.nan
    return f"  {value:<10.4g}{row.item.path}: {_answer(row, labels)}"


def _answer(row: SweepRow, labels: Labels) -> str:
    if row.left is None or row.right is None:
        return row.error
    return f"{_class(row.left, labels)} / {_class(row.right, labels)}"


def _class(side: SideRow, labels: Labels) -> str:
    return f"{labels.name(side.top[0])} {100 * side.probabilities[0]:.2f} %"
