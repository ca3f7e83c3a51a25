"""The command line: every command, and the parser of their arguments."""

from __future__ import annotations

import argparse
import contextlib
from typing import TYPE_CHECKING, NoReturn, Protocol

import inspector
from inspector.cli.commands import (
    compare,
    describe,
    doctor,
    experiment,
    explain,
    export,
    propose,
    releases,
    sweep,
    trace,
    weights,
)
from inspector.cli.edge import run_quietly
from inspector.cli.minus import joined_numbers
from inspector.core.errors import UsageError
from inspector.core.trust import trust_for_this_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.cli.console import Console


class Command(Protocol):
    """What a module of inspector.cli.commands offers."""

    NAME: str
    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments."""

    def run(self, arguments: argparse.Namespace, console: Console) -> int:
        """Do it; give the exit code."""


COMMANDS: tuple[Command, ...] = (
    compare,
    explain,
    export,
    experiment,
    weights,
    sweep,
    trace,
    describe,
    propose,
    releases,
    doctor,
)
"""Every command, in the order of the help; their names stand in inspector.core.command_names."""

_DESCRIPTION = """Do two releases of the same image model agree on a picture, and if not, why?

Without a command, the window opens with the given pictures; without a display, its figure is
drawn into a file and the verdict is printed."""

_EXIT_CODES = """exit codes: 0 done; 1 they differ (with --fail-on-difference); 2 wrong usage;
3 bad input; 4 a release is not here and could not be fetched; 5 the engine failed"""


class _Parser(argparse.ArgumentParser):
    """Raises UsageError instead of printing and leaving."""

    def error(self, message: str) -> NoReturn:
        text = message[:1].upper() + message[1:]
        raise UsageError(f"{text.rstrip('.')}.", f"See '{self.prog} --help'.")


def make_parser() -> argparse.ArgumentParser:
    """Make the parser of all commands."""
    parser = _Parser(
        prog="twin-inspector",
        usage="twin-inspector [--pair ID|FILE.toml] [IMAGE …]\n       twin-inspector COMMAND …",
        description=_DESCRIPTION,
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=inspector.__version__)
    parser.add_argument("--debug", action="store_true", help=_DEBUG_HELP)
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", parser_class=_Parser, prog="twin-inspector"
    )
    for command in COMMANDS:
        sub = commands.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        # Without a default of its own, so that it does not overwrite a --debug before the command.
        sub.add_argument(
            "--debug", action="store_true", default=argparse.SUPPRESS, help=_DEBUG_HELP
        )
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    return parser


_DEBUG_HELP = "show tracebacks of errors"


def main(argv: Sequence[str]) -> int:
    """Run one command.

    Parameters
    ----------
    argv
        Arguments without the program's name; among them a command, ``--help`` or ``--version``.

    Returns
    -------
    int
        The exit code: 0 done, 1 they differ, 2 usage, 3 input, 4 not here, 5 the engine.
    """
    return run_quietly(lambda console: _run(argv, console), debug="--debug" in argv)


def _run(argv: Sequence[str], console: Console) -> int:
    try:
        with contextlib.redirect_stdout(console.out):
            arguments = make_parser().parse_args(joined_numbers(argv))
            console.out.flush()
    except SystemExit as leaving:  # --help and --version
        console.out.flush()
        return int(leaving.code or 0)
    for digest in getattr(arguments, "trust", ()):
        trust_for_this_run(digest)
    return int(arguments.run(arguments, console))
