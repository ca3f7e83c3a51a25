"""Options that several commands share, and what follows from them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.auxiliary import AuxiliaryHead
from inspector.core.catalogue import PUBLISHED, STARTER, choose_pair
from inspector.core.errors import UsageError
from inspector.core.modes import OWN, find_mode
from inspector.core.pairs import OutputKind, Side
from inspector.core.picture import PictureSource
from inspector.core.top import DEFAULT_TOP, MAX_TOP
from inspector.core.training import LEAST_COUNT, MOST_COUNT, MOST_SEED, BatchFrom, Training
from inspector.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inspector.cli.console import Console
    from inspector.core.pairs import PairSpec
    from inspector.engine.messages import CompareRequest


def add_pair(parser: argparse.ArgumentParser) -> None:
    """Add ``--pair``."""
    parser.add_argument(
        "--pair",
        metavar="ID|FILE.toml",
        help="pair of releases: an id of 'releases list', a pair file, or FILE.toml#ID; by default "
        "the published MobileNetV2 pair where it is on this machine, else the starter pair",
    )
    parser.add_argument(
        "--trust",
        metavar="SHA256",
        action="append",
        default=[],
        help="open a model of this content although it may run code or touch files",
    )


def add_comparison(parser: argparse.ArgumentParser, *, runs: bool = False) -> None:
    """Add the picture and everything that decides how it is compared.

    Parameters
    ----------
    parser
        Of the command.
    runs
        Whether the command shows what a side does besides: training mode, auxiliary heads.
    """
    parser.add_argument("image", metavar="IMAGE", help="the picture")
    add_pair(parser)
    for side in Side:
        parser.add_argument(
            f"--{side}-mode",
            metavar="M",
            type=mode_id,
            default=OWN,
            help=f"preprocessing mode of the {side} side (default: the release's own)",
        )
    parser.add_argument(
        "--apply-exif", action="store_true", help="turn the picture as its EXIF orientation says"
    )
    parser.add_argument(
        "--top",
        metavar="K",
        type=top_count,
        default=DEFAULT_TOP,
        help=f"how many classes to show, 1 to {MAX_TOP} (default {DEFAULT_TOP})",
    )
    if runs:
        _add_runs(parser)


def add_fail_on_difference(parser: argparse.ArgumentParser) -> None:
    """Add ``--fail-on-difference``."""
    parser.add_argument(
        "--fail-on-difference",
        action="store_true",
        help="exit with 1 where the two differ by more than float noise",
    )


def _add_runs(parser: argparse.ArgumentParser) -> None:
    """Add what a side does besides its inference run."""
    group = parser.add_argument_group(
        "further runs of a side",
        "shown beside its inference run; they change nothing of the comparison",
    )
    for side in Side:
        group.add_argument(
            f"--{side}-training",
            action="store_true",
            help=f"run the {side} side in training mode too: batch norm on the batch's own "
            "statistics, dropout on",
        )
    group.add_argument(
        "--training-seed",
        metavar="N",
        type=seed,
        help="seed of the training batch and of dropout (default 0)",
    )
    group.add_argument(
        "--training-count",
        metavar="N",
        type=training_count,
        help=f"pictures in the training batch, {LEAST_COUNT} to {MOST_COUNT} (default 16)",
    )
    group.add_argument(
        "--training-batch",
        metavar="crops|FOLDER",
        help="what the batch holds besides the picture: random crops of it (default), or other "
        "pictures of a folder",
    )
    for side in Side:
        group.add_argument(
            f"--{side}-aux",
            metavar="CHECKPOINT",
            nargs="?",
            const="",
            help=f"attach InceptionV3's auxiliary head to the {side} side, with the weights of a "
            "slim checkpoint; without one they are random, and say nothing of the picture",
        )
    group.add_argument(
        "--aux-seed", metavar="N", type=seed, help="seed of a head's random weights (default 0)"
    )


def _set_runs(session: Session, arguments: argparse.Namespace) -> None:
    """Switch on the further runs that were asked for.

    Raises
    ------
    UsageError
        Where an option is given that no run of either side takes, or the pair has no classes.
    """
    training, auxiliary = _training_of(arguments), _auxiliary_of(arguments)
    _refuse_idle(arguments, training, auxiliary)
    asked = [*training.values(), *auxiliary.values()]
    if any(asked) and any(session.pair.release(s).output is OutputKind.FEATURES for s in Side):
        raise UsageError(
            f"The pair {session.pair.id} gives features, but training mode and auxiliary heads "
            "are compared by classes.",
            "Leave --…-training and --…-aux out, or choose a pair that gives classes.",
        )
    for side in Side:
        session.set_training(side, training[side])
        session.set_auxiliary(side, auxiliary[side])


def _training_of(arguments: argparse.Namespace) -> dict[Side, Training | None]:
    default = Training()
    count = default.count if arguments.training_count is None else arguments.training_count
    batch = arguments.training_batch or BatchFrom.CROPS
    folder = "" if batch == BatchFrom.CROPS else _absolute(batch)
    origin = BatchFrom.FOLDER if folder else BatchFrom.CROPS
    wanted = Training(arguments.training_seed or 0, count, origin, folder)
    return {side: wanted if getattr(arguments, f"{side}_training") else None for side in Side}


def _auxiliary_of(arguments: argparse.Namespace) -> dict[Side, AuxiliaryHead | None]:
    heads: dict[Side, AuxiliaryHead | None] = {}
    for side in Side:
        given: str | None = getattr(arguments, f"{side}_aux")
        checkpoint = _absolute(given) if given else ""
        head = AuxiliaryHead(checkpoint, arguments.aux_seed or 0)
        heads[side] = None if given is None else head
    return heads


def _refuse_idle(
    arguments: argparse.Namespace,
    training: dict[Side, Training | None],
    auxiliary: dict[Side, AuxiliaryHead | None],
) -> None:
    wanted: dict[str, tuple[Mapping[Side, object], str]] = {
        "training_seed": (training, "--left-training or --right-training"),
        "training_count": (training, "--left-training or --right-training"),
        "training_batch": (training, "--left-training or --right-training"),
        "aux_seed": (auxiliary, "--left-aux or --right-aux"),
    }
    for name, (runs, needed) in wanted.items():
        if getattr(arguments, name) is not None and not any(runs.values()):
            raise UsageError(
                f"--{name.replace('_', '-')} means nothing without {needed}.", f"Add {needed}."
            )


def _absolute(path: str) -> str:
    return str(Path(path).expanduser().absolute())


def seed(text: str) -> int:
    """Check a seed."""
    return whole_number(text, 0, MOST_SEED)


def training_count(text: str) -> int:
    """Check a number of pictures in a training batch."""
    return whole_number(text, LEAST_COUNT, MOST_COUNT)


def mode_id(text: str) -> str:
    """Check a mode's name; raises UsageError naming the nearest."""
    return text if text == OWN else find_mode(text).id


def top_count(text: str) -> int:
    """Check a number of classes."""
    return whole_number(text, 1, MAX_TOP)


def whole_number(text: str, least: int, most: int) -> int:
    """Check a whole number in a range."""
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
    return number


def make_request(arguments: argparse.Namespace, console: Console) -> CompareRequest:
    """Freeze the arguments of :func:`add_comparison` into a request."""
    session = Session(pair_of(arguments.pair, console))
    session.set_picture(PictureSource.from_path(arguments.image))
    session.set_mode(Side.LEFT, arguments.left_mode)
    session.set_mode(Side.RIGHT, arguments.right_mode)
    session.set_apply_exif(arguments.apply_exif)
    if hasattr(arguments, "left_training"):
        _set_runs(session, arguments)
    request = session.request()
    assert request is not None
    return request


def pair_of(wanted: str | None, console: Console) -> PairSpec:
    """Give the pair that is asked for; say so where the starter stands in for the published one."""
    pair = choose_pair(wanted)
    if wanted is None and pair.id == STARTER:
        console.message(
            "The published MobileNetV2 pair is not on this machine, so the small starter pair is "
            f"used; --pair {PUBLISHED} fetches and uses the published one."
        )
    return pair
