"""What a run comes to: summary, exported files, and the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.cli.sweep_options import STANDARD_OUTPUT, has_gate, rules_of
from inspector.cli.sweep_summary import gate_lines, run_lines
from inspector.sweep.exports.csv_export import write_csv
from inspector.sweep.exports.html_report import write_html
from inspector.sweep.exports.json_export import summary_of, write_summary
from inspector.sweep.exports.parquet_export import write_parquet
from inspector.sweep.gate import judge_run
from inspector.sweep.junit import write_junit
from inspector.sweep.query import RunTable
from inspector.sweep.run_file import RunFile
from inspector.sweep.statistics import measure_run

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from inspector.cli.console import Console
    from inspector.sweep.gate import GateResult
    from inspector.sweep.statistics import RunStatistics

WORST = 10
"""Pictures that the summary names."""


def report_run(arguments: argparse.Namespace, console: Console) -> int:
    """Write what was asked for from a run file, print the summary, and give the exit code."""
    with RunFile.open(arguments.run_file) as run:
        statistics = measure_run(run)
        gate = judge_run(run, rules_of(arguments), statistics) if has_gate(arguments) else None
        if arguments.csv:
            write_csv(arguments.csv, run)
        if arguments.parquet:
            write_parquet(arguments.parquet, run)
        if arguments.html:
            _write_html(arguments.html, run, statistics, gate)
        if arguments.junit and gate is not None:
            write_junit(arguments.junit, gate, run.info)
        if arguments.json == STANDARD_OUTPUT:
            console.json(summary_of(run, statistics, gate))
        else:
            if arguments.json:
                write_summary(arguments.json, run, statistics, gate)
            worst = RunTable(run).worst("max_abs_difference", WORST)
            console.result("\n".join(run_lines(run, statistics, worst)))
    if gate is None:
        return 0
    console.message("\n".join(gate_lines(gate)))
    if arguments.fail_on_difference:
        return gate.exit_code
    if not gate.passed:
        console.message(
            "A rule is broken, and the exit code stays 0; add --fail-on-difference to exit with 1."
        )
    return 0


def _write_html(
    target: Path, run: RunFile, statistics: RunStatistics, gate: GateResult | None
) -> None:
    from inspector.engine.sweep.thumbnails import Thumbnails

    with Thumbnails() as thumbnails:
        write_html(target, run, statistics, thumbnails.make, gate)
