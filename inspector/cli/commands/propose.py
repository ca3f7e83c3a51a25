"""``propose``: find out the conventions of one or two models by experiment."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.cli.progress import ConsoleWatcher
from inspector.core.errors import PairFileError, PictureError, UsageError
from inspector.core.pair_writer import comments_of, require_free, save_pair, side_text
from inspector.core.proposing import ProposeTask
from inspector.core.proposing_words import (
    certainty_text,
    labels_of,
    others_text,
    plain_value,
    source_of,
    value_text,
)
from inspector.core.sources import absolute_path

if TYPE_CHECKING:
    import argparse

    from inspector.cli.console import Console
    from inspector.core.proposing import ConventionProposal, PairProposal, SideProposal

NAME = "propose"
HELP = "find out the conventions of one or two models by experiment, and write a pair file"
SCHEMA = "twin-inspector/proposal/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="a model file or folder, a handle https://…, or a source line such as "
        "keras-application:MobileNetV2",
    )
    parser.add_argument("other", metavar="OTHER", nargs="?", help="the other model of the pair")
    parser.add_argument("-o", "--output", metavar="FILE.toml", help="write the pair file here")
    parser.add_argument(
        "--labels", metavar="FILE|imagenet|indices", default="", help="labels of the classes"
    )
    parser.add_argument("--id", default="", help="id of the pair (default: of the models' names)")
    parser.add_argument(
        "--picture",
        metavar="P",
        action="append",
        default=[],
        help="a picture that the models should know, to try besides the samples; may be repeated",
    )
    parser.add_argument("--force", action="store_true", help="replace the file that is there")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_trust(parser)


def add_trust(parser: argparse.ArgumentParser) -> None:
    """Add ``--trust``."""
    parser.add_argument(
        "--trust",
        metavar="SHA256",
        action="append",
        default=[],
        help="open a model of this content although it may run code or touch files",
    )


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Propose, print it, and write it where that is asked for."""
    task = _task(arguments)
    target = _target(arguments)
    from inspector.engine.proposing import propose

    with ConsoleWatcher(console) as watcher:
        found = propose(task, watcher)
    if target is not None:
        pair = found.to_pair()
        save_pair(target, pair, comments_of(found), force=arguments.force)
    if arguments.json:
        console.json(proposal_json(found, target))
        return 0
    console.result("\n".join(_text(found)))
    for line in _after(found, target):
        console.message(line)
    return 0


def _task(arguments: argparse.Namespace) -> ProposeTask:
    pictures = tuple(absolute_path(each, Path.cwd()) for each in arguments.picture)
    for each in pictures:
        if not Path(each).is_file():
            raise PictureError(f"There is no picture {each}.", "Check its path.")
    return ProposeTask(
        left=source_of(arguments.model),
        right=None if arguments.other is None else source_of(arguments.other),
        pictures=pictures,
        labels=labels_of(arguments.labels),
        id=arguments.id,
    )


def _target(arguments: argparse.Namespace) -> Path | None:
    """Give where to write, seen to before anything is tried."""
    if arguments.output is None:
        return None
    if arguments.other is None:
        raise UsageError(
            "A pair file needs two models, and only one was named.",
            "Name the other one too; 'releases publish' makes a twin of a Keras model.",
        )
    target = Path(os.path.expanduser(arguments.output))
    if target.suffix != ".toml":
        raise PairFileError(f"{target} is no name of a pair file.", "Let it end in .toml.")
    if not arguments.force:
        require_free(target)
    return target


def proposal_json(found: PairProposal, target: Path | None) -> dict[str, Any]:
    """Give a proposal as JSON."""
    return {
        "schema": SCHEMA,
        "id": found.id,
        "title": found.title,
        "file": None if target is None else str(target.resolve()),
        "labels": _proposal_json(found.labels),
        "notes": list(found.notes),
        **{str(side): _side_json(proposal) for side, proposal in found.sides()},
    }


def _side_json(side: SideProposal) -> dict[str, Any]:
    return {
        "source": str(side.source),
        "title": side.title,
        "outputs": side.outputs,
        "notes": list(side.notes),
        **{name: _proposal_json(proposal) for name, proposal in side.rows()},
    }


def _proposal_json(proposal: ConventionProposal[Any]) -> dict[str, Any]:
    return {
        "value": plain_value(proposal.value),
        "confidence": round(proposal.confidence, 4),
        "certainty": proposal.certainty,
        "evidence": list(proposal.evidence),
        "alternatives": {name: round(belief, 4) for name, belief in proposal.alternatives},
    }


def _text(found: PairProposal) -> list[str]:
    lines = []
    for side, proposal in found.sides():
        lines += [f"{side}  {proposal.title}  ({proposal.outputs} outputs)"]
        lines += [f"       {proposal.source}"]
        for name, each in proposal.rows():
            lines += _proposal_lines(name, each)
        lines += [f"  note: {note}" for note in proposal.notes]
        lines.append("")
    lines += [f"note: {note}" for note in found.notes]
    if found.right is None:
        lines += [side_text(found.left.to_spec(), side, Path.cwd()) for side, _ in found.sides()]
    return lines


def _proposal_lines(name: str, proposal: ConventionProposal[Any]) -> list[str]:
    others = others_text(proposal)
    more = f"; else {others}" if others else ""
    head = f"  {name:10} {value_text(proposal.value)}  ({certainty_text(proposal)}{more})"
    return [head, *(f"      {sentence}" for sentence in proposal.evidence)]


def _after(found: PairProposal, target: Path | None) -> list[str]:
    if target is not None:
        return [
            f"Written: {target}",
            f"Compare with: twin-inspector compare IMAGE --pair {shlex.quote(str(target))}",
        ]
    if found.right is None:
        return ["A pair needs another model: name it too, or make a twin with 'releases publish'."]
    return ["Nothing was written; add -o FILE.toml to write the pair file."]
