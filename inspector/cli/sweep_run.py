"""A run from the command line: the pictures and the pair, or a run that is gone on with."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.cli.options import pair_of
from inspector.cli.sweep_orders import Signals, take_orders
from inspector.cli.sweep_progress import ConsoleSweepWatcher, JsonSweepWatcher
from inspector.core.errors import InputError, UsageError
from inspector.core.modes import OWN
from inspector.core.pairs import Side, parse_pairs
from inspector.core.preprocessing import Orientation
from inspector.session import CUSTOM, Session
from inspector.sweep.listing import Listing
from inspector.sweep.run_file import RunFile
from inspector.sweep.run_making import refuse_existing
from inspector.sweep.truth import choose_truth

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from inspector.cli.console import Console
    from inspector.core.pairs import PairSpec
    from inspector.engine.sweep.cluster.scheduler import Cluster
    from inspector.engine.sweep.machine import Machine
    from inspector.sweep.rows import RunInfo

    RunWatcher = ConsoleSweepWatcher | JsonSweepWatcher

NICENESS = 10


def run_pictures(arguments: argparse.Namespace, console: Console) -> int:
    """Begin a run or go on with one, to its end or until it is stopped.

    Returns
    -------
    int
        0 where every picture has its row, else 128 and the number of the signal that stopped it.
    """
    stored = _stored(arguments)
    listing = None if stored else _listing(arguments)
    pair = _stored_pair(stored) if stored else pair_of(arguments.pair, console)
    json = arguments.progress == "json"
    with (
        _cluster(arguments) as cluster,
        JsonSweepWatcher(console) if json else ConsoleSweepWatcher(console) as watcher,
    ):
        if json:
            _make_way_for_the_window()
            take_orders(watcher)
        machine = _load(arguments, pair, stored, watcher, console)
        with _open(arguments, machine, listing, console) as run, Signals(watcher) as signals:
            begun, before = time.monotonic(), run.progress().done
            finished = _sweep(arguments, run, machine, watcher, console, cluster)
            watcher.settle()
            _tell_pace(machine, run.progress().done - before, time.monotonic() - begun, console)
            if not finished:
                _tell_how_to_go_on(run, console)
        return 0 if finished else signals.exit_code


def _make_way_for_the_window() -> None:
    """Lower the priority where another program follows the run: it has a user who waits for it."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def _stored(arguments: argparse.Namespace) -> RunInfo | None:
    """Read what the run that shall be gone on with is about; refuse a new one over an old one."""
    if not arguments.resume:
        refuse_existing(Path(arguments.run_file).expanduser().absolute(), arguments.force)
        return None
    with RunFile.open(arguments.run_file) as run:
        return run.info


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


def _load(
    arguments: argparse.Namespace,
    pair: PairSpec,
    stored: RunInfo | None,
    watcher: RunWatcher,
    console: Console,
) -> Machine:
    from inspector.engine.engine import Engine
    from inspector.engine.sweep.machine import make_machine, require_classes
    from inspector.engine.sweep.threads import available_cores, set_for_throughput

    if arguments.resume and arguments.pair is not None:
        pair = pair_of(arguments.pair, console)
    require_classes(pair)
    session = _session(arguments, pair, stored)
    with watcher.loading() as stages:
        stages.stage("Starting TensorFlow")
        set_for_throughput(available_cores())
        loaded = Engine().load(pair, stages)
        return make_machine(
            loaded,
            session.settings(Side.LEFT),
            session.settings(Side.RIGHT),
            stages,
            arguments.batch or (_stored_batch(stored) if stored else None),
            arguments.workers,
        )


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


def _stored_batch(stored: RunInfo) -> int | None:
    batch = stored.options.get("batch")
    return batch if isinstance(batch, int) else None


def _open(
    arguments: argparse.Namespace, machine: Machine, listing: Listing | None, console: Console
) -> RunFile:
    from inspector.engine.sweep.info import make_info

    if listing is None:
        named = Listing(*arguments.pictures).described if arguments.pictures else ""
        info = make_info(machine.pair, machine.left, machine.right, named, "", machine.options())
        run = RunFile.resume(arguments.run_file, info)
        for sentence in run.warnings:
            console.message(sentence)
        return run
    truth = choose_truth(arguments.labels, listing, machine.pair.labels)
    origin = truth.origin if truth else ""
    options = {**machine.options(), "limit": arguments.limit}
    info = make_info(machine.pair, machine.left, machine.right, listing.described, origin, options)
    items = listing.items(truth, arguments.limit)
    run = RunFile.create(arguments.run_file, info, items, arguments.force)
    for sentence in listing.notes:
        console.message(sentence)
    return run


@contextlib.contextmanager
def _cluster(arguments: argparse.Namespace) -> Iterator[Cluster | None]:
    """Connect to the cluster that is asked for, before models are loaded and a run is begun."""
    if arguments.scheduler is None:
        yield None
        return
    from inspector.engine.sweep.cluster.scheduler import open_cluster

    with open_cluster(arguments.scheduler) as cluster:
        yield cluster


def _sweep(
    arguments: argparse.Namespace,
    run: RunFile,
    machine: Machine,
    watcher: RunWatcher,
    console: Console,
    cluster: Cluster | None,
) -> bool:
    from inspector.engine.sweep.cluster.run import sweep_on_cluster
    from inspector.engine.sweep.run import Ending, sweep

    patience = arguments.wait_for_disk
    if patience is None:
        attended = arguments.progress == "json" or console.err.isatty()
        patience = None if attended else 0.0
    if cluster is not None:
        sends = arguments.send_pictures
        ending = sweep_on_cluster(run, machine, watcher, cluster, patience, sends)
        return ending is Ending.FINISHED
    return sweep(run, machine, watcher, patience) is Ending.FINISHED


def _tell_pace(machine: Machine, pictures: int, seconds: float, console: Console) -> None:
    """Say how fast it was, and where the time went."""
    spent = machine.shares.seconds()
    total = sum(spent.values())
    if pictures == 0 or total == 0:
        return
    shares = ", ".join(f"{stage} {100 * part / total:.0f} %" for stage, part in spent.items())
    console.message(
        f"{pictures} pictures in {seconds:.1f} s, {pictures / seconds:.3g} a second; "
        f"time of the threads: {shares}."
    )


def _tell_how_to_go_on(run: RunFile, console: Console) -> None:
    progress = run.progress()
    console.message(
        f"Stopped after {progress.done} of {progress.total} pictures; nothing is lost. "
        f"Go on with: twin-inspector sweep --run {run.path} --resume"
    )
