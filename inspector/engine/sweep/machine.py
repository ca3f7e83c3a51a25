"""A loaded pair made ready for sweeps: fast models, batch size, threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from inspector.core.errors import UsageError
from inspector.core.pairs import OutputKind
from inspector.engine.memory import give_memory_back
from inspector.engine.sweep.batching import batch_size
from inspector.engine.sweep.pipeline import Pipeline
from inspector.engine.sweep.prepare import Preparer
from inspector.engine.sweep.runners import make_runner
from inspector.engine.sweep.scoring import Scorer
from inspector.engine.sweep.shares import Shares
from inspector.engine.sweep.threads import available_cores

if TYPE_CHECKING:
    from inspector.core.pairs import PairSpec
    from inspector.core.result import SideSettings
    from inspector.engine.engine import LoadedPair
    from inspector.engine.sweep.runners import Runner
    from inspector.engine.watcher import Watcher
    from inspector.sweep.item_bytes import ItemReader


@dataclass(frozen=True, eq=False, slots=True)
class Machine:
    """Both models in their fastest proven form, and what each side does.

    Attributes
    ----------
    pair
        The loaded pair.
    left, right
        What each side does.
    left_runner, right_runner
        The models.
    batch
        How many pictures are run as one.
    workers, lanes
        Threads that prepare pictures, and threads that run batches through the models.
    shares
        Where the time goes.
    """

    pair: LoadedPair
    left: SideSettings
    right: SideSettings
    left_runner: Runner
    right_runner: Runner
    batch: int
    workers: int
    lanes: int
    shares: Shares = field(default_factory=Shares)

    def pipeline(self, reader: ItemReader) -> Pipeline:
        """Start the threads."""
        return Pipeline(
            Preparer(self.pair, self.left, self.right, reader, self.shares),
            Scorer(self.pair, self.left, self.right),
            self.left_runner,
            self.right_runner,
            self.shares,
            self.workers,
            self.lanes,
        )

    def options(self) -> dict[str, Any]:
        """Give what decides the last digits, as plain values for the run file."""
        return {
            "batch": self.batch,
            "left_form": str(self.left_runner.form),
            "left_form_gap": self.left_runner.gap,
            "right_form": str(self.right_runner.form),
            "right_form_gap": self.right_runner.gap,
            "workers": self.workers,
            "lanes": self.lanes,
        }


def require_classes(pair: PairSpec) -> None:
    """Refuse a pair that has nothing to count.

    Raises
    ------
    UsageError
        Where it gives features instead of class scores.
    """
    if OutputKind.FEATURES in {pair.left.output, pair.right.output}:
        raise UsageError(
            f"{pair.title} gives features, and a sweep compares class scores.",
            "Choose a pair of classifiers, or compare single pictures.",
        )


def make_machine(
    pair: LoadedPair,
    left: SideSettings,
    right: SideSettings,
    watcher: Watcher,
    batch: int | None = None,
    workers: int | None = None,
) -> Machine:
    """Make the fast forms of both models and hold them against the published ones.

    Parameters
    ----------
    pair
        The loaded pair.
    left, right
        What each side does.
    watcher
        Is told what is being done.
    batch, workers
        Batch size and threads that prepare pictures; chosen where they are None.
    """
    cores = available_cores()
    watcher.stage(f"Freezing {pair.spec.left.name}")
    left_runner = make_runner(pair.left, pair.check.noise_floor)
    watcher.stage(f"Freezing {pair.spec.right.name}")
    right_runner = make_runner(pair.right, pair.check.noise_floor)
    give_memory_back()
    return Machine(
        pair,
        left,
        right,
        left_runner,
        right_runner,
        batch=batch or batch_size(pair),
        workers=workers or cores,
        lanes=cores,
    )
