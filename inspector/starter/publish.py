"""Publishing one checkpoint twice: as Keras weights and as a Hub-style SavedModel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.starter.keras_twin import SUFFIX, publish_keras_twin
from inspector.starter.staging import copy_file, staged

if TYPE_CHECKING:
    from os import PathLike

    from inspector.starter.checkpoint import Checkpoint

HUB_FOLDER = "hub"
MODEL_CARD = "MODEL_CARD.md"


@dataclass(frozen=True, slots=True)
class TwinReleases:
    """Where the two releases of one checkpoint are."""

    keras_weights: Path
    hub: Path


def publish(
    checkpoint: Checkpoint,
    directory: str | PathLike[str],
    *,
    size: int,
    model_card: str | PathLike[str] | None = None,
) -> TwinReleases:
    """Write both releases of `checkpoint` into `directory`, all or nothing.

    Parameters
    ----------
    checkpoint
        The weights.
    directory
        Where ``mobilenet_v2_<alpha>_<size>.weights.h5`` and ``hub/`` go; made if need be.
    size
        Height and width of the input in pixels.
    model_card
        Text about the checkpoint, copied to ``MODEL_CARD.md``.

    Raises
    ------
    ReleaseError
        Where no MobileNetV2 can be made of the checkpoint at this size.
    ExportError
        Where something can't be read or written.
    """
    from inspector.starter.hub_twin import publish_hub_twin

    target = Path(directory)
    weights = f"mobilenet_v2_{checkpoint.alpha}_{size}{SUFFIX}"
    with staged(target) as folder:
        publish_keras_twin(checkpoint, folder / weights, size=size)
        publish_hub_twin(checkpoint, folder / HUB_FOLDER, size=size)
        if model_card is not None:
            copy_file(model_card, folder / MODEL_CARD)
    return TwinReleases(target / weights, target / HUB_FOLDER)
