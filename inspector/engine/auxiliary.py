"""The auxiliary head of InceptionV3, attached to a loaded release."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inspector.core.auxiliary import AuxiliaryScores
    from inspector.core.result import SideSettings
    from inspector.engine.classifier import Classifier


def run_auxiliary(
    settings: SideSettings, model: Classifier, model_input: NDArray[np.float32]
) -> AuxiliaryScores | None:
    """Run the auxiliary head where the settings ask for it, else give None."""
    if settings.auxiliary is None:
        return None
    raise NotImplementedError
