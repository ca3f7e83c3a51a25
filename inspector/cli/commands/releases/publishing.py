"""Making a Hub-style twin of a Keras model."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.cli.progress import ConsoleWatcher
from inspector.core.errors import UsageError
from inspector.core.input_range import KNOWN_RANGES, InputRange
from inspector.core.proposing_words import certainty_text, labels_of, plain_value, source_of
from inspector.core.twin import Published, PublishTask

if TYPE_CHECKING:
    import argparse

    from inspector.cli.console import Console

SCHEMA = "twin-inspector/published/1"
_RANGES: dict[str, InputRange] = {
    (each.name or f"{each.low:g},{each.high:g}"): each for each in KNOWN_RANGES
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what only ``releases publish`` takes."""
    group = parser.add_argument_group("publish")
    group.add_argument("-o", "--output", metavar="FOLDER", help="folder of the twin's SavedModel")
    group.add_argument(
        "--range",
        metavar="R",
        help=f"range that the model takes, one of {', '.join(_RANGES)} (default: by experiment)",
    )
    group.add_argument(
        "--background", action="store_true", help="put a background class before the others"
    )
    group.add_argument(
        "--labels", metavar="FILE|imagenet|indices", default="", help="labels of the classes"
    )
    group.add_argument("--force", action="store_true", help="replace a twin that is there")
    group.add_argument(
        "--trust",
        metavar="SHA256",
        action="append",
        default=[],
        help="open a model of this content although it may run code or touch files",
    )


def refuse_options(arguments: argparse.Namespace) -> None:
    """Refuse options of ``publish`` with another action.

    Raises
    ------
    UsageError
        Where one was given.
    """
    given = {
        "--output": arguments.output is not None,
        "--range": arguments.range is not None,
        "--background": arguments.background,
        "--labels": bool(arguments.labels),
        "--force": arguments.force,
    }
    for name, is_given in given.items():
        if is_given:
            raise UsageError(
                f"'releases {arguments.action}' takes no {name}.", "It belongs to 'publish'."
            )


def publish(arguments: argparse.Namespace, console: Console) -> int:
    """Make the twin and its pair file, and say what was proven."""
    task = _task(arguments)
    from inspector.engine.twin import publish_twin

    with ConsoleWatcher(console) as watcher:
        made = publish_twin(task, watcher)
    if arguments.json:
        console.json(_json(made))
        return 0
    console.result("\n".join(_text(made)))
    console.message(
        "Compare with: twin-inspector compare IMAGE --pair "
        f"{shlex.quote(str(_shown(made.pair_file)))}"
    )
    return 0


def _task(arguments: argparse.Namespace) -> PublishTask:
    if not arguments.id:
        raise UsageError(
            "'releases publish' needs a model.", "Write releases publish MODEL -o FOLDER."
        )
    if arguments.output is None:
        raise UsageError(
            "'releases publish' needs a folder for the twin.", "Add -o FOLDER to the command."
        )
    return PublishTask(
        source=source_of(arguments.id),
        folder=Path(os.path.expanduser(arguments.output)).absolute(),
        range=_range(arguments.range),
        background=arguments.background,
        labels=labels_of(arguments.labels),
        force=arguments.force,
    )


def _range(text: str | None) -> InputRange | None:
    if text is None:
        return None
    bare = text.replace(" ", "").strip("[]\"'")
    if bare not in _RANGES:
        raise UsageError(
            f"The input range {text!r} is not known.",
            f"Write one of {', '.join(_RANGES)}.",
        )
    return _RANGES[bare]


def _shown(path: Path) -> Path:
    """Give a path relative to the current folder where it lies under it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _text(made: Published) -> list[str]:
    lines = [
        f"Twin: {made.folder}",
        f"Pair file: {made.pair_file}",
        f"The model takes {made.range.value.text} ({certainty_text(made.range)}), the twin [0, 1].",
        *(f"    {sentence}" for sentence in made.range.evidence),
        made.parity.text,
    ]
    return lines + [f"note: {note}" for note in made.notes]


def _json(made: Published) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "folder": str(made.folder),
        "pair_file": str(made.pair_file),
        "pair": made.pair.id,
        "range": {
            "value": plain_value(made.range.value),
            "confidence": round(made.range.confidence, 4),
            "certainty": made.range.certainty,
            "evidence": list(made.range.evidence),
        },
        "background": made.pair.right.background,
        "parity": {
            "max_logit_difference": made.parity.max_logit_gap,
            "tolerance": made.parity.tolerance,
            "pictures": made.parity.pictures,
        },
        "notes": list(made.notes),
    }
