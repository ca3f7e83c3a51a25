"""What travels between the machine that keeps the run file and the workers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from inspector.core.catalogue import shipped_pairs
from inspector.core.trust import TrustStore
from inspector.core.versions import library_versions
from inspector.engine.sweep.info import pair_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inspector.core.errors import PictureError
    from inspector.core.pairs import PairSpec
    from inspector.core.result import SideSettings
    from inspector.engine.sweep.machine import Machine
    from inspector.sweep.rows import RunInfo, SweepItem, SweepRow

DECIDING = ("twin-inspector", "tensorflow", "keras", "tensorflow-hub", "numpy", "pillow")
"""What has to have the same version everywhere: it decides the numbers, or what travels."""

Batch = tuple["SweepItem", ...]
"""Pictures that are run through the models as one."""


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker of a run shall do.

    Attributes
    ----------
    pair
        The pair; its labels are left out, which no row holds.
    shipped
        Whether it is one of the program's own pairs: a worker takes its own copy of that.
    left, right
        What each side does.
    batch
        How many pictures are run as one.
    noise_floor
        Largest |Δp| of the same release against itself, as the run file says it: what counts as
        float noise is the same on every worker.
    hashes
        SHA-256 of the left and of the right release's content; empty where there is no file.
    trusted
        Those of them that the user trusts although they may run code.
    versions
        Of the libraries in `DECIDING`.
    """

    pair: PairSpec
    shipped: bool
    left: SideSettings
    right: SideSettings
    batch: int
    noise_floor: float
    hashes: tuple[str, str]
    trusted: tuple[str, ...]
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of the list, done by one worker in one go.

    Attributes
    ----------
    batches
        Its pictures; none at all to find out whether a worker can open the models.
    sent
        The pictures' bytes by path, or why they could not be read; None where the worker shall
        read them itself.
    """

    batches: tuple[Batch, ...]
    sent: Mapping[str, bytes | PictureError] | None = None

    @property
    def items(self) -> tuple[SweepItem, ...]:
        """All its pictures."""
        return tuple(item for batch in self.batches for item in batch)


@dataclass(frozen=True, slots=True)
class ShardDone:
    """What a worker gives back.

    Attributes
    ----------
    rows
        One for each picture, by number.
    seconds
        How long it took, without loading the models.
    shares
        Seconds spent in each stage of :data:`inspector.engine.sweep.shares.STAGES`.
    worker
        Who did it, for messages.
    """

    rows: tuple[SweepRow, ...]
    seconds: float
    shares: Mapping[str, float] = field(default_factory=dict)
    worker: str = ""


def make_job(machine: Machine, info: RunInfo) -> Job:
    """Say what the workers shall do so that their rows are those of this machine."""
    pair = machine.pair.spec
    hashes = info.release_hashes["left"], info.release_hashes["right"]
    store = TrustStore()
    versions = library_versions()
    return Job(
        pair=replace(pair, labels="indices"),
        shipped=any(pair_table(pair) == pair_table(known) for known in shipped_pairs()),
        left=machine.left,
        right=machine.right,
        batch=machine.batch,
        noise_floor=info.noise_floor,
        hashes=hashes,
        trusted=tuple(sha256 for sha256 in hashes if sha256 and store.trusts(sha256)),
        versions={name: versions[name] for name in DECIDING},
    )
