"""A second run of a side's model in training mode, beside its inference run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inspector.core.result import SideSettings
    from inspector.core.scores import Scores
    from inspector.core.training import TrainingEffect
    from inspector.engine.classifier import Classifier
    from inspector.engine.engine import Opened


def run_training(
    opened: Opened,
    settings: SideSettings,
    model: Classifier,
    model_input: NDArray[np.float32],
    inference: Scores,
) -> TrainingEffect | None:
    """Run in training mode where the settings ask for it, else give None."""
    if settings.training is None:
        return None
    raise NotImplementedError
