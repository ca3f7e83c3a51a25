"""The arguments of ``sweep``, and what can be refused of them before anything is loaded."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from inspector.cli.options import add_pair, mode_id, whole_number
from inspector.cli.sweep_targets import check_targets, named_files, run_files
from inspector.core.errors import UsageError
from inspector.core.pairs import Side
from inspector.sweep.gate import GateRules
from inspector.sweep.truth import AUTO, WORDS

COMPARE = "compare"
"""First word that asks for two runs to be compared."""

STANDARD_OUTPUT = "-"
EXPORTS = ("csv", "parquet", "json", "html", "junit")
"""Options that name a file to be written from the run."""

_TAKEN_BY_COMPARE = ("json", "fail_on_difference")
_REFUSED_BY_REPORT = (
    *("pair", "left_mode", "right_mode", "apply_exif", "limit", "labels", "trust"),
    *("batch", "workers", "wait_for_disk", "scheduler", "send_pictures"),
    *("resume", "retry_errors", "force"),
)
_FAIL_HELP = (
    "exit with 1 where a rule of the gate is broken. Without --min-agreement both "
    "sides must name the same class first for every picture, near-ties aside; and no picture may "
    "have an error, unless --max-error-share allows it. With 'compare': exit with 1 where a "
    "picture became worse, or where the second run does not have every picture of the first"
)

_RULES = {
    "min-agreement": "least share of pictures with the same class, 0 to 1",
    "max-abs-difference": "largest difference of probability that any picture may have",
    "max-error-share": "largest share of pictures with an error, 0 to 1",
    "min-left-accuracy": "least share of true classes that the left side names first, 0 to 1",
    "min-right-accuracy": "least share of true classes that the right side names first, 0 to 1",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add everything that ``sweep`` takes."""
    parser.add_argument(
        "pictures",
        nargs="*",
        metavar="FOLDER|LIST|ZIP|GLOB",
        help="the pictures; or the word 'compare' and two run files (a folder of that name is "
        "./compare)",
    )
    parser.add_argument("--run", dest="run_file", type=Path, metavar="FILE.sqlite", help="run file")
    _add_run(parser)
    _add_machine(parser)
    _add_cluster(parser)
    _add_reports(parser)
    _add_gate(parser)


def _add_run(parser: argparse.ArgumentParser) -> None:
    add_pair(parser)
    for side in Side:
        parser.add_argument(
            f"--{side}-mode",
            metavar="M",
            type=mode_id,
            help=f"preprocessing mode of the {side} side (default: the release's own)",
        )
    parser.add_argument(
        "--apply-exif", action="store_true", help="turn pictures as their EXIF orientation says"
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on with the run, by its own settings"
    )
    parser.add_argument(
        "--retry-errors",
        action="store_true",
        help="with --resume: try the pictures with an error again",
    )
    parser.add_argument("--force", action="store_true", help="replace a run that is there already")
    parser.add_argument("--limit", type=_count, metavar="N", help="take the first N pictures only")
    parser.add_argument(
        "--labels",
        default=AUTO,
        metavar="folders|names|FILE.csv|none",
        help="where the true classes are: in the names of the folders or of the files, or in a "
        "table (default: a column of the list, else folders named so, else WordNet ids in every "
        "file's name)",
    )
    parser.add_argument(
        "--report-only",
        action="store_true",
        help="work on the run as it is, without pictures and models",
    )


def _add_machine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--batch", type=_batch, metavar="N", help="pictures run as one, 1 to 256")
    parser.add_argument(
        "--workers", type=_workers, metavar="N", help="threads that decode, 1 to 64"
    )
    parser.add_argument(
        "--wait-for-disk",
        type=_seconds,
        metavar="SECONDS",
        help="how long to wait for room on a full disk (default: on a terminal as long as it "
        "takes, else not at all)",
    )
    parser.add_argument(
        "--progress",
        choices=("auto", "json"),
        default="auto",
        help="json: one line of JSON a second, and the orders pause, resume and cancel, one a "
        "line, on standard input",
    )


def _add_cluster(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS|local[:N]",
        help="run on the workers of a Dask cluster, or on N workers of this machine",
    )
    parser.add_argument(
        "--send-pictures",
        action="store_true",
        help="send the pictures along, to workers that don't see the same files",
    )


def _add_reports(parser: argparse.ArgumentParser) -> None:
    for name in EXPORTS:
        if name != "json":
            parser.add_argument(f"--{name}", type=Path, metavar="FILE", help=f"write {_WHAT[name]}")
    parser.add_argument(
        "--json",
        nargs="?",
        const=STANDARD_OUTPUT,
        metavar="FILE",
        help=f"write {_WHAT['json']}, to standard output where no file is named",
    )


_WHAT = {
    "csv": "every row as CSV",
    "parquet": "every row as Parquet",
    "json": "the summary as JSON",
    "html": "a report for a browser",
    "junit": "the gate's result as JUnit XML",
}


def _add_gate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fail-on-difference", action="store_true", help=_FAIL_HELP)
    for name, text in _RULES.items():
        parser.add_argument(f"--{name}", type=_number, metavar="X", help=text)
    parser.add_argument("--strict", action="store_true", help="near-ties count as differences")


def rules_of(arguments: argparse.Namespace) -> GateRules:
    """Give what is demanded of the run; raises UsageError where it makes no sense."""
    values = {name.replace("-", "_"): None for name in _RULES}
    values = {name: getattr(arguments, name) for name in values}
    return GateRules(**values, strict=arguments.strict).checked()


def has_gate(arguments: argparse.Namespace) -> bool:
    """Tell whether rules are to be held against the run."""
    rules = rules_of(arguments)
    return bool(arguments.fail_on_difference or arguments.junit or rules != GateRules())


def check_arguments(arguments: argparse.Namespace) -> None:
    """Refuse what cannot work, before any model is loaded.

    Raises
    ------
    UsageError
        Where options contradict each other or one is missing.
    ExportError
        Where a file could not be written.
    """
    rules_of(arguments)
    if arguments.run_file is None:
        raise UsageError("No run file is named.", "Add --run FILE.sqlite.")
    if arguments.resume and arguments.force:
        raise UsageError(
            "--resume goes on with a run, and --force replaces it.", "Give one of the two."
        )
    if arguments.report_only:
        _check_report(arguments)
    else:
        _check_run(arguments)
    taken = run_files(arguments.run_file)
    taken.update(named_files(arguments.pictures, "what was named to be read"))
    if arguments.labels not in WORDS:
        taken.update(named_files([arguments.labels], "the table of true classes"))
    check_targets(_targets(arguments), taken)


def _check_report(arguments: argparse.Namespace) -> None:
    if arguments.pictures:
        raise UsageError("--report-only reads a run that is there.", "Leave pictures out.")
    idle = [option for name, option in _given(arguments).items() if name in _REFUSED_BY_REPORT]
    if idle:
        raise UsageError(
            f"--report-only reads the run as it is, so {_and(idle)} would do nothing.",
            f"Leave {_and(idle)} out.",
        )


def _check_run(arguments: argparse.Namespace) -> None:
    if arguments.send_pictures and arguments.scheduler is None:
        raise UsageError("--send-pictures is for workers elsewhere.", "Add --scheduler ADDRESS.")
    if arguments.workers is not None and arguments.scheduler is not None:
        raise UsageError(
            "--workers sets the threads of a run on this machine.",
            "Leave it out, or write --scheduler local:N for N workers.",
        )
    if arguments.retry_errors and not arguments.resume:
        raise UsageError("--retry-errors is about a run that is there.", "Add --resume.")
    if not arguments.pictures and not arguments.resume:
        raise UsageError("No pictures were named.", "Name a folder, list, archive or pattern.")


def check_compare(arguments: argparse.Namespace) -> tuple[str, str]:
    """Give the two run files of ``sweep compare``, after refusing what it would pass over.

    Raises
    ------
    UsageError
        Where there are not two of them, or an option is given that means nothing here.
    ExportError
        Where a file could not be written.
    """
    named = arguments.pictures[1:]
    if len(named) != 2:
        raise UsageError(
            f"'sweep compare' takes two run files, and {len(named)} were named.",
            "Write: sweep compare BEFORE.sqlite AFTER.sqlite; a folder of that name is ./compare.",
        )
    idle = [option for name, option in _given(arguments).items() if name not in _TAKEN_BY_COMPARE]
    if idle:
        raise UsageError(
            f"'sweep compare' takes --json and --fail-on-difference only, not {_and(idle)}.",
            f"Leave {_and(idle)} out.",
        )
    taken = run_files(Path(named[1]), "the second run") | run_files(Path(named[0]), "the first run")
    check_targets(_targets(arguments), taken)
    return named[0], named[1]


def _given(arguments: argparse.Namespace) -> dict[str, str]:
    """Give the options that are not as they are by default: how they are stored and written."""
    parser = argparse.ArgumentParser(add_help=False)
    add_arguments(parser)
    names = {"run_file": "--run"}
    return {
        name: names.get(name, f"--{name.replace('_', '-')}")
        for name, default in vars(parser.parse_args([])).items()
        if name != "pictures" and getattr(arguments, name) != default
    }


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _targets(arguments: argparse.Namespace) -> dict[str, Path]:
    named = {f"--{name}": getattr(arguments, name) for name in EXPORTS}
    return {
        option: Path(target)
        for option, target in named.items()
        if target is not None and target != STANDARD_OUTPUT
    }


def _count(text: str) -> int:
    return whole_number(text, 1, 2**31 - 1)


def _batch(text: str) -> int:
    return whole_number(text, 1, 256)


def _workers(text: str) -> int:
    return whole_number(text, 1, 64)


def _seconds(text: str) -> float:
    number = _number(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is less than 0")
    return number


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return number
