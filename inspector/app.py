"""Start: arguments → window, or a headless command. Imports only the side it needs."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from inspector.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.core.pairs import PairSpec
    from inspector.core.picture import PictureSource

_OPTIONS_OF_COMMANDS = frozenset({"-h", "--help", "--version"})


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program.

    Parameters
    ----------
    argv
        Arguments without the program's name; those of the process where None.

    Returns
    -------
    int
        The exit code.
    """
    started = time.perf_counter()
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if _is_command(arguments):
            from inspector.cli.main import main as run_command

            _keep_models_off_the_network(argv is None)
            return run_command(arguments)
        return _show(arguments, started, is_program=argv is None)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the program's outer edge
        from inspector.cli.edge import settle

        return settle(error, debug="--debug" in arguments)


def _is_command(arguments: list[str]) -> bool:
    first = next((word for word in arguments if word != "--debug"), "")
    if first in _OPTIONS_OF_COMMANDS:
        return True
    from inspector.core.command_names import COMMAND_NAMES, refuse_unknown_command

    if first in COMMAND_NAMES:
        return True
    refuse_unknown_command(first)
    return False


def _keep_models_off_the_network(is_program: bool) -> None:
    """Let this process give up its network before a model is opened, unless it is somebody else's.

    The window's process opens no model.
    """
    from inspector.engine.isolation import deny_network_to_models

    deny_network_to_models(is_program)


def _show(arguments: list[str], started: float, is_program: bool) -> int:
    options = _window_options(arguments)
    from inspector.core.display import has_display

    if not has_display():
        from inspector.cli.edge import run_quietly
        from inspector.cli.headless import draw_without_display

        _keep_models_off_the_network(is_program)
        return run_quietly(
            lambda console: draw_without_display(options.pictures, options.pair, console),
            options.debug,
        )
    return _open_window(options, started)


def _open_window(options: argparse.Namespace, started: float) -> int:
    from inspector.core.display import check_display_libraries
    from inspector.gui.start import run_window

    check_display_libraries()
    return run_window(_pictures(options.pictures), _pair(options.pair), started)


def _window_options(arguments: list[str]) -> argparse.Namespace:
    parser = _Parser(prog="twin-inspector", add_help=False)
    parser.add_argument("pictures", nargs="*")
    parser.add_argument("--pair")
    parser.add_argument("--debug", action="store_true")
    return parser.parse_args(arguments)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(
            f"{message[:1].upper()}{message[1:].rstrip('.')}.", "See 'twin-inspector --help'."
        )


def _pictures(names: list[str]) -> list[PictureSource]:
    from inspector.core.picture import PictureSource

    return [PictureSource.from_path(Path(name)) for name in names]


def _pair(wanted: str | None) -> PairSpec | None:
    from inspector.core.catalogue import choose_pair

    return None if wanted is None else choose_pair(wanted)
