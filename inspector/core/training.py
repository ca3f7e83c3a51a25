"""Running a model as it is trained: batch norm on the batch's statistics, dropout on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.core.comparison import compare

if TYPE_CHECKING:
    from inspector.core.scores import Scores

LEAST_COUNT = 2
"""A batch of one has no statistics to speak of."""

MOST_COUNT = 64
"""InceptionV3 in training mode takes about 20 MB a picture."""

MOST_SEED = 2**31 - 1


class BatchFrom(StrEnum):
    """Where the other pictures of a training batch come from."""

    CROPS = "crops"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Training:
    """What a side does besides its inference run.

    Attributes
    ----------
    seed
        Seeds the crops, and the random numbers of dropout; 0 to `MOST_SEED`.
    count
        Pictures in the batch, `LEAST_COUNT` to `MOST_COUNT`; the picture itself is the first.
    batch
        Random crops of the picture, or other pictures of a folder.
    folder
        Absolute path, where `batch` is a folder; else empty.
    """

    seed: int = 0
    count: int = 16
    batch: BatchFrom = BatchFrom.CROPS
    folder: str = ""

    @property
    def words(self) -> str:
        """Say what the batch is, such as ``16 pictures, random crops, seed 0``."""
        origin = "random crops" if self.batch is BatchFrom.CROPS else f"of {_last(self.folder)}"
        return f"{self.count} pictures, {origin}, seed {self.seed}"


@dataclass(frozen=True, eq=False, slots=True)
class TrainingEffect:
    """The picture's answer in training mode beside its answer in inference mode.

    Attributes
    ----------
    settings
        What was asked for.
    scores
        The picture's row (the first of the batch) in training mode, read as in inference mode.
    top1_same
        Whether the most probable class stays.
    max_abs_difference, js
        Largest |Δp| over the shared classes, and the Jensen-Shannon divergence in nats, between
        training mode and inference mode; the divergence is None where a row is no distribution.
    random
        Whether a second run with another seed for the layers gives another answer: there is
        dropout or the like.
    note
        Sentences that the user should know; may be empty.
    pictures
        File names of the folder's pictures in the batch, in their order; empty for crops.
    """

    settings: Training
    scores: Scores
    top1_same: bool
    max_abs_difference: float
    js: float | None
    random: bool
    note: str = ""
    pictures: tuple[str, ...] = ()


def training_effect(
    settings: Training,
    inference: Scores,
    training: Scores,
    *,
    random: bool,
    note: str = "",
    pictures: tuple[str, ...] = (),
) -> TrainingEffect:
    """Measure how far the answer moves from inference mode to training mode."""
    moved = compare(inference, training)
    return TrainingEffect(
        settings=settings,
        scores=training,
        top1_same=moved.top1_same,
        max_abs_difference=moved.max_abs_difference,
        js=moved.js,
        random=random,
        note=note,
        pictures=pictures,
    )


def plain_training(settings: Training | None) -> dict[str, Any] | None:
    """Give what was asked for as plain JSON objects; None for inference only."""
    if settings is None:
        return None
    return {
        "seed": settings.seed,
        "count": settings.count,
        "batch": str(settings.batch),
        "folder": settings.folder or None,
    }


def restored_training(plain: Any) -> Training | None:
    """Read what :func:`plain_training` gave; None for whatever else it is."""
    if not isinstance(plain, dict):
        return None
    seed: Any = plain.get("seed")
    count: Any = plain.get("count")
    batch, folder = plain.get("batch"), plain.get("folder") or ""
    if not _is_whole(seed, 0, MOST_SEED) or not _is_whole(count, LEAST_COUNT, MOST_COUNT):
        return None
    if batch not in set(BatchFrom) or not isinstance(folder, str):
        return None
    if (batch == BatchFrom.FOLDER) != bool(folder):
        return None
    return Training(int(seed), int(count), BatchFrom(batch), folder)


def _is_whole(number: Any, least: int, most: int) -> bool:
    return type(number) is int and least <= number <= most


def _last(path: str) -> str:
    return Path(path).name or path
