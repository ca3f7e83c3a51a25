"""``export``: the comparison as a figure, or its numbers, in a file."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.cli.commands.compare import run_comparison
from inspector.cli.options import add_comparison
from inspector.core.errors import ExportError, UsageError
from inspector.core.reports.numbers_export import NUMBER_SUFFIXES, export_numbers

if TYPE_CHECKING:
    from inspector.cli.console import Console

NAME = "export"
HELP = "write the comparison as PNG, SVG or PDF, or its numbers as JSON or CSV"
FIGURE_SUFFIXES = (".png", ".svg", ".pdf")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    add_comparison(parser, runs=True)
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        type=Path,
        metavar="FILE",
        help="ends in .png, .svg, .pdf, .json or .csv",
    )
    parser.add_argument(
        "--scale", type=scale, default=1.0, metavar="N", help="size of a PNG, 1 to 4 (default 1)"
    )
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help="colours")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Compare, write the file, and print its path."""
    path: Path = arguments.output
    check_target(path)
    result = run_comparison(arguments, console)
    if path.suffix.lower() in NUMBER_SUFFIXES:
        export_numbers(result, path, top=arguments.top)
    else:
        from inspector.figure.application import ensure_gui_application
        from inspector.figure.export import export_figure

        ensure_gui_application()
        export_figure(result, path, scale=arguments.scale, theme=arguments.theme, top=arguments.top)
    console.message(result.verdict.text)
    console.result(str(path))
    return 0


def scale(text: str) -> float:
    """Check a scale."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 1.0 <= number <= 4.0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 4")
    return number


def check_target(path: Path) -> None:
    """Refuse a target that cannot work before any model is loaded."""
    known = (*FIGURE_SUFFIXES, *NUMBER_SUFFIXES)
    if path.suffix.lower() not in known:
        raise UsageError(
            f"{path} has no ending that says what to write.", f"Use one of {', '.join(known)}."
        )
    folder = path.absolute().parent
    if not folder.is_dir():
        raise ExportError(f"The folder {folder} is not there.", "Create it, or choose another.")
    if not os.access(folder, os.W_OK):
        raise ExportError(f"The folder {folder} may not be written to.", "Choose another.")
    if path.is_dir():
        raise ExportError(f"{path} is a folder.", "Name a file.")
