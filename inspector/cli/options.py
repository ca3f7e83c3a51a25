"""Options that several commands share, and what follows from them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from inspector.core.catalogue import PUBLISHED, STARTER, choose_pair
from inspector.core.modes import OWN, find_mode
from inspector.core.pairs import Side
from inspector.core.picture import PictureSource
from inspector.core.top import MAX_TOP
from inspector.session import Session

if TYPE_CHECKING:
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


def add_comparison(parser: argparse.ArgumentParser) -> None:
    """Add the picture and everything that decides how it is compared."""
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
        default=5,
        help=f"how many classes to show, 1 to {MAX_TOP} (default 5)",
    )


def add_fail_on_difference(parser: argparse.ArgumentParser) -> None:
    """Add ``--fail-on-difference``."""
    parser.add_argument(
        "--fail-on-difference",
        action="store_true",
        help="exit with 1 where the two differ by more than float noise",
    )


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
