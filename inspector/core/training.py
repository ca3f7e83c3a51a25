"""Running a model as it is trained: batch norm on the batch's statistics, dropout on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.core.scores import Scores


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
        Seeds the crops, and TensorFlow's random numbers for dropout.
    count
        Pictures in the batch, at least 2; the picture itself is the first.
    batch
        Random crops of the picture, or other pictures of a folder.
    folder
        Absolute path, where `batch` is a folder; else empty.
    """

    seed: int = 0
    count: int = 16
    batch: BatchFrom = BatchFrom.CROPS
    folder: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class TrainingEffect:
    """The picture's answer in training mode beside its answer in inference mode.

    Attributes
    ----------
    settings
        What was asked for.
    scores
        The picture's row (the first of the batch) in training mode.
    top1_same
        Whether the most probable class stays.
    max_abs_difference, js
        Largest |Δp| over the shared classes, and the Jensen-Shannon divergence in nats, between
        training mode and inference mode.
    random
        Whether a second run with another seed for the layers gives another answer: there is
        dropout or the like.
    note
        A sentence that the user should know; may be empty.
    """

    settings: Training
    scores: Scores
    top1_same: bool
    max_abs_difference: float
    js: float
    random: bool
    note: str = ""
