"""The command line: parsing, and the outer edge where errors become exit codes."""

from __future__ import annotations

import argparse
import sys
import traceback
from typing import TYPE_CHECKING, NoReturn, Protocol

import inspector
from inspector.cli.commands import compare, doctor, experiment, export, releases
from inspector.cli.console import Console, quiet_console
from inspector.core.errors import InspectorError, UsageError, first_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Command(Protocol):
    """What a module of inspector.cli.commands offers."""

    NAME: str
    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments."""

    def run(self, arguments: argparse.Namespace, console: Console) -> int:
        """Do it; give the exit code."""


COMMANDS: tuple[Command, ...] = (compare, export, experiment, releases, doctor)
"""Every command, in the order of the help."""

INTERRUPTED = 130
"""Exit code after Ctrl+C, as shells count it (128 + SIGINT)."""


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
        usage="twin-inspector [IMAGE …] | COMMAND …",
        description=_DESCRIPTION,
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=inspector.__version__)
    add_debug(parser)
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", parser_class=_Parser, prog="twin-inspector"
    )
    for command in COMMANDS:
        sub = commands.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        add_debug(sub)
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    return parser


def add_debug(parser: argparse.ArgumentParser) -> None:
    """Add ``--debug``."""
    parser.add_argument("--debug", action="store_true", help="show tracebacks of errors")


def main(argv: Sequence[str]) -> int:
    """Run one command.

    Parameters
    ----------
    argv
        Arguments without the program's name; the first is a command, ``--help`` or ``--version``.

    Returns
    -------
    int
        The exit code, see DESIGN: 0 done, 1 they differ, 2 usage, 3 input, 4 not here, 5 engine.
    """
    try:
        arguments = make_parser().parse_args(argv)
    except UsageError as error:
        return report_error(error, Console(sys.stdout, sys.stderr), debug="--debug" in argv)
    except SystemExit as leaving:  # --help and --version
        return int(leaving.code or 0)
    return run_quietly(lambda console: int(arguments.run(arguments, console)), arguments.debug)


def run_quietly(work: Callable[[Console], int], debug: bool) -> int:
    """Do `work` with a console of its own; turn every error into a message and an exit code."""
    with quiet_console() as console:
        try:
            return work(console)
        except InspectorError as error:
            return report_error(error, console, debug)
        except KeyboardInterrupt:
            console.message("Interrupted.")
            return INTERRUPTED
        except BrokenPipeError:
            return 0
        except Exception as error:  # noqa: BLE001 - the command line's outer edge
            wrapped = InspectorError(
                f"Unexpected {type(error).__name__}: {first_line(error)}",
                "Run it again with --debug and report what it shows.",
            )
            return report_error(wrapped, console, debug)


def report_error(error: InspectorError, console: Console, debug: bool) -> int:
    """Write an error as its fact and its mend; give its exit code."""
    if debug:
        console.message(traceback.format_exc())
    console.message(f"Error: {error.message}")
    if error.mend:
        console.message(f"       {error.mend}")
    return error.exit_code
