"""What a run from the command line is to be, and what of it can be refused without a model."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.cli.options import pair_of
from inspector.core.errors import ExportError, InputError, UsageError
from inspector.core.labels import Labels, begins_with_background, label_lines, load_labels
from inspector.core.modes import OWN
from inspector.core.pairs import Side, parse_pairs
from inspector.core.preprocessing import Orientation
from inspector.session import CUSTOM, Session
from inspector.sweep import tables
from inspector.sweep.listing import Listing
from inspector.sweep.run_file import RunFile
from inspector.sweep.run_lock import RunLock
from inspector.sweep.run_making import check_resume, refuse_existing
from inspector.sweep.truth import AUTO, NONE, WORDS, choose_truth

if TYPE_CHECKING:
    import argparse

    from inspector.cli.console import Console
    from inspector.core.pairs import PairSpec
    from inspector.sweep.rows import RunInfo
    from inspector.sweep.truth import Truth


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run.

    Attributes
    ----------
    path
        The run file.
    session
        The pair, and what both sides do.
    stored
        What the run is about that is gone on with; None for a new one.
    listing
        The pictures of a new run, else None.
    is_done
        Whether the run that is gone on with has nothing left to do.
    """

    path: Path
    session: Session
    stored: RunInfo | None = None
    listing: Listing | None = None
    is_done: bool = False

    @property
    def pair(self) -> PairSpec:
        """The pair."""
        return self.session.pair

    @property
    def batch(self) -> int | None:
        """The batch size of the run that is gone on with, None where there is none."""
        batch = self.stored.options.get("batch") if self.stored else None
        return batch if isinstance(batch, int) else None


def make_plan(arguments: argparse.Namespace, console: Console) -> Plan:
    """Find out what is to be run; refuse what cannot work.

    Raises
    ------
    UsageError
        Where arguments contradict the run that is gone on with.
    InputError
        Where the run file is there already, is none, is being written or was begun with another
        pair or other modes, or where there are no pictures.
    ExportError
        Where the run file cannot be written.
    """
    path = Path(arguments.run_file).expanduser().absolute()
    if arguments.resume:
        return _resumed(path, arguments, console)
    refuse_existing(path, arguments.force)
    listing = _listing(arguments)
    pair = pair_of(arguments.pair, console)
    _require_writer(path)
    return Plan(path, _session(arguments, pair, None), None, listing)


def _resumed(path: Path, arguments: argparse.Namespace, console: Console) -> Plan:
    """Read the run that is gone on with, and hold the arguments against it."""
    with RunFile.open(path) as run:
        stored, progress = run.info, run.progress()
    _refuse_other(arguments, stored)
    pair = _stored_pair(stored) if arguments.pair is None else pair_of(arguments.pair, console)
    session = _session(arguments, pair, stored)
    _check_settings(path, stored, session)
    retries = bool(arguments.retry_errors and progress.errors)
    is_done = progress.done >= progress.total and not retries
    if not is_done or progress.state != "finished":
        _require_writer(path)
    return Plan(path, session, stored, is_done=is_done)


def _refuse_other(arguments: argparse.Namespace, stored: RunInfo) -> None:
    """Refuse pictures, a limit or true classes that are not the run's own."""
    limit = stored.options.get("limit")
    wanted: list[tuple[str, str, str]] = []
    if arguments.pictures:
        wanted.append(("pictures", stored.listed, Listing(*arguments.pictures).described))
    if arguments.limit is not None:
        wanted.append(("--limit", str(limit or "none"), str(arguments.limit)))
    if arguments.labels != AUTO:
        wanted.append(("--labels", stored.truth or NONE, _origin(arguments.labels)))
    for name, was, now in wanted:
        if was != now:
            raise UsageError(
                f"A run that is gone on with keeps its {name}: {was} in the run, {now} now.",
                f"Leave {name} out, or begin a new run file.",
            )


def _origin(labels: str) -> str:
    """Give what a run file says of true classes that are asked for so."""
    return labels if labels in WORDS else os.path.abspath(os.path.expanduser(labels))


def _check_settings(path: Path, stored: RunInfo, session: Session) -> None:
    """Refuse another pair or other stages; the rest is compared when the models are loaded."""
    from inspector.engine.sweep.info import pair_table, settings_table

    asked = replace(
        stored,
        pair_id=session.pair.id,
        pair=pair_table(session.pair),
        left_settings=settings_table(session.settings(Side.LEFT)),
        right_settings=settings_table(session.settings(Side.RIGHT)),
        listed="",
        truth="",
    )
    check_resume(path, stored, asked)


def _require_writer(path: Path) -> None:
    """Refuse a run file that another process writes, or that cannot be written."""
    lock = RunLock(path)
    lock.acquire()
    lock.release()
    if path.exists() and not os.access(path, os.W_OK):
        raise ExportError(f"{path} may not be written to.", "Change its permissions.")


def _listing(arguments: argparse.Namespace) -> Listing:
    """List the pictures; at least one is there."""
    listing = Listing(*arguments.pictures)
    if next(listing.paths(), None) is None:
        raise InputError(
            f"{listing.described} has no pictures in it.",
            "Name a folder, list, archive or pattern with JPEG, PNG or other picture files.",
        )
    return listing


def _stored_pair(info: RunInfo) -> PairSpec:
    return parse_pairs({"pair": [dict(info.pair)]}, Path.cwd(), "the run file")[0]


def _session(arguments: argparse.Namespace, pair: PairSpec, stored: RunInfo | None) -> Session:
    """Set both sides as the arguments say, else as the run was begun."""
    session = Session(pair)
    turned = arguments.apply_exif
    for side in Side:
        mode = getattr(arguments, f"{side}_mode")
        if stored is not None:
            settings: Any = stored.left_settings if side is Side.LEFT else stored.right_settings
            mode = mode or settings["mode"]
            turned = turned or settings["preprocessing"]["orient"] == Orientation.EXIF
        if mode == CUSTOM:
            raise UsageError(
                "The run was begun with stages set by hand, which the command line cannot do.",
                "Go on with it in the window.",
            )
        session.set_mode(side, mode or OWN)
    session.set_apply_exif(turned)
    return session


class TruthChoice:
    """The true classes of a new run, found before the models are loaded where that can be.

    Parameters
    ----------
    asked
        What the user asked for.
    listing
        The pictures.
    pair
        The pair, of which only the labels count.
    """

    def __init__(self, asked: str, listing: Listing, pair: PairSpec) -> None:
        self._asked, self._listing = asked, listing
        self._labels = labels_of_pair(pair)
        self._truth: Truth | None = None
        if self._labels is not None:
            self._truth = choose_truth(asked, listing, self._labels)
        elif asked not in WORDS:
            next(tables.read_table(_origin(asked)), None)

    def of(self, labels: Labels) -> Truth | None:
        """Give the true classes for the labels that the releases share."""
        if labels == self._labels:
            return self._truth
        return choose_truth(self._asked, self._listing, labels)


def labels_of_pair(pair: PairSpec) -> Labels | None:
    """Give a pair's labels where they are known without its models, else None.

    Raises
    ------
    PairFileError
        Where they are in a file that cannot be read.
    """
    if pair.labels == "indices":
        return None
    if pair.labels == "imagenet":
        return load_labels(pair.labels, 1000)
    names = label_lines(Path(pair.labels))
    if begins_with_background(names):
        return None  # only the models know whether that is one of their classes
    return load_labels(pair.labels, len(names))
