"""A run from the command line: the pictures and the pair, or a run that is gone on with."""

from __future__ import annotations

import contextlib
import os
import shlex
import time
from typing import TYPE_CHECKING

from inspector.cli.console import Console
from inspector.cli.sweep_orders import Signals, take_orders
from inspector.cli.sweep_plan import TruthChoice, make_plan
from inspector.cli.sweep_progress import ConsoleSweepWatcher, JsonSweepWatcher
from inspector.cli.sweep_summary import counted
from inspector.core.errors import Cancelled
from inspector.core.numbers import rate_text
from inspector.core.pairs import Side
from inspector.core.printable import printable
from inspector.sweep.run_file import RunFile

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from inspector.cli.sweep_plan import Plan
    from inspector.cli.sweep_progress import RunWatcher
    from inspector.engine.sweep.cluster.scheduler import Cluster
    from inspector.engine.sweep.machine import Machine
    from inspector.sweep.listing import Listing
    from inspector.sweep.rows import SweepItem
    from inspector.sweep.truth import Truth

NICENESS = 10


def run_pictures(arguments: argparse.Namespace, console: Console) -> int:
    """Begin a run or go on with one, to its end or until it is stopped.

    Returns
    -------
    int
        0 where every picture has its row, else 128 and the number of the signal that stopped it.
    """
    plan = make_plan(arguments, console)
    if plan.is_done:
        return _tell_done(plan, console, how=arguments.progress != "json")
    with (
        _cluster(arguments) as cluster,
        _watcher(arguments, console) as watcher,
        Signals(watcher) as signals,
        contextlib.ExitStack() as closing,
    ):
        if arguments.progress == "json":
            _make_way_for_the_window()
            take_orders(watcher)
        try:
            machine, run = _begin(arguments, plan, watcher, console, closing)
        except Cancelled:
            watcher.settle()
            left = "the run is as it was" if plan.stored else "no run was begun"
            console.message(f"Stopped before the first picture; {left}.")
            return signals.exit_code
        begun, before = time.monotonic(), run.progress().done
        finished = _sweep(arguments, run, machine, watcher, console, cluster)
        watcher.settle()
        seconds = time.monotonic() - begun - watcher.paused_seconds
        told_to_a_program = arguments.progress == "json"
        if not told_to_a_program:
            _tell_pace(machine, run.progress().done - before, seconds, console)
        if finished:
            _tell_errors(run, console, how=not told_to_a_program)
        else:
            _tell_stopped(run, console, how=not told_to_a_program)
        return 0 if finished else signals.exit_code


def _watcher(
    arguments: argparse.Namespace, console: Console
) -> ConsoleSweepWatcher | JsonSweepWatcher:
    """Give who is told of progress; its JSON is no message, and goes to the stream as it is."""
    if arguments.progress == "json":
        return JsonSweepWatcher(Console(console.out, console.err))
    return ConsoleSweepWatcher(console)


def _make_way_for_the_window() -> None:
    """Lower the priority where another program follows the run: it has a user who waits for it."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def _tell_done(plan: Plan, console: Console, how: bool) -> int:
    """Say that there is nothing to do, and that the run is finished where it was cut off then."""
    assert plan.stored is not None
    with RunFile.open(plan.path) as run:
        unsaid = run.progress().state != "finished"
    if unsaid:
        with RunFile.resume(plan.path, plan.stored) as run:
            run.set_state("finished")
    console.message("Every picture of the run is done; there is nothing left to do.")
    with RunFile.open(plan.path) as run:
        _tell_errors(run, console, how)
    return 0


def _begin(
    arguments: argparse.Namespace,
    plan: Plan,
    watcher: ConsoleSweepWatcher | JsonSweepWatcher,
    console: Console,
    closing: contextlib.ExitStack,
) -> tuple[Machine, RunFile]:
    """Load the models and open the run file; raises Cancelled where that is no longer wanted."""
    from inspector.engine.sweep.machine import require_classes

    require_classes(plan.pair)
    truth = None
    if plan.listing is not None:
        truth = TruthChoice(arguments.labels, plan.listing, plan.pair)
    watcher.go_on()
    machine = _load(arguments, plan, watcher)
    watcher.go_on()
    if plan.listing is None or truth is None:
        run = closing.enter_context(_resume(plan, machine))
        _tell_each(run.warnings, console)
        if arguments.retry_errors:
            console.message(f"{counted(run.forget_errors(), 'picture')} to be tried again.")
        return machine, run
    classes = truth.of(machine.pair.labels)
    created = _create(arguments, plan.listing, classes, machine, watcher)
    run = closing.enter_context(created)
    notes = [*plan.listing.notes, *([classes.note] if classes and classes.note else [])]
    run.add_notes(notes)
    _tell_each(notes, console)
    return machine, run


def _load(
    arguments: argparse.Namespace,
    plan: Plan,
    watcher: ConsoleSweepWatcher | JsonSweepWatcher,
) -> Machine:
    from inspector.engine.engine import Engine
    from inspector.engine.sweep.machine import make_machine
    from inspector.engine.sweep.threads import available_cores, set_for_throughput

    session = plan.session
    with watcher.loading() as stages:
        stages.stage("Starting TensorFlow")
        set_for_throughput(available_cores())
        loaded = Engine().load(plan.pair, stages)
        return make_machine(
            loaded,
            session.settings(Side.LEFT),
            session.settings(Side.RIGHT),
            stages,
            arguments.batch or plan.batch,
            arguments.workers,
        )


def _resume(plan: Plan, machine: Machine) -> RunFile:
    from inspector.engine.sweep.info import make_info

    info = make_info(machine.pair, machine.left, machine.right, "", "", machine.options())
    return RunFile.resume(plan.path, info)


def _create(
    arguments: argparse.Namespace,
    listing: Listing,
    truth: Truth | None,
    machine: Machine,
    watcher: RunWatcher,
) -> RunFile:
    from inspector.engine.sweep.info import make_info

    origin = truth.origin if truth else ""
    options = {**machine.options(), "limit": arguments.limit}
    info = make_info(machine.pair, machine.left, machine.right, listing.described, origin, options)
    items = _while_wanted(listing.items(truth, arguments.limit), watcher)
    return RunFile.create(arguments.run_file, info, items, arguments.force)


def _while_wanted(items: Iterable[SweepItem], watcher: RunWatcher) -> Iterator[SweepItem]:
    """Yield the pictures; raises Cancelled where the run is no longer wanted."""
    for item in items:
        watcher.go_on()
        yield item


def _tell_each(sentences: Iterable[str], console: Console) -> None:
    for sentence in sentences:
        console.message(printable(sentence))


@contextlib.contextmanager
def _cluster(arguments: argparse.Namespace) -> Iterator[Cluster | None]:
    """Connect to the cluster that is asked for, before models are loaded and a run is begun."""
    if arguments.scheduler is None:
        yield None
        return
    from inspector.engine.isolation import deny_network_to_models
    from inspector.engine.sweep.cluster.scheduler import open_cluster

    deny_network_to_models(False)  # it talks to the scheduler while its own models are open
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
        f"{counted(pictures, 'picture')} in {seconds:.1f} s, "
        f"{rate_text(pictures / seconds)} a second; time of the threads: {shares}."
    )


def _tell_stopped(run: RunFile, console: Console, how: bool) -> None:
    """Say how far the run came; `how` adds the command that goes on with it."""
    progress = run.progress()
    text = (
        f"Stopped after {progress.done} of {counted(progress.total, 'picture')}; nothing is lost."
    )
    if how:
        command = f"twin-inspector sweep --run {_quoted(run.path)} --resume"
        text += f" Go on with: {command}"
    console.message(text)


def _quoted(path: Path) -> str:
    """Write a path so that a shell takes it back."""
    return printable(shlex.quote(str(path)))


def _tell_errors(run: RunFile, console: Console, how: bool = True) -> None:
    """Say how many errors there are; `how` adds the command that tries them again."""
    errors = run.progress().errors
    if not errors:
        return
    text = f"{counted(errors, 'picture')} could not be compared."
    if how:
        command = f"twin-inspector sweep --run {_quoted(run.path)} --resume --retry-errors"
        text += f" Try again with: {command}"
    console.message(text)
