"""The auxiliary classifier of InceptionV3, which no release carries.

Its architecture is that of Szegedy et al. 2015 ("Rethinking the Inception Architecture for Computer
Vision") as slim writes it down in ``inception_v3.py``, attached to the endpoint ``Mixed_6e``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.core.scores import Scores


@dataclass(frozen=True, slots=True)
class AuxiliaryHead:
    """What to attach.

    Attributes
    ----------
    checkpoint
        Absolute path of a slim checkpoint with ``InceptionV3/AuxLogits``; empty for random weights.
    seed
        Seeds the random weights.
    """

    checkpoint: str = ""
    seed: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class AuxiliaryScores:
    """What the auxiliary head says of the picture.

    Attributes
    ----------
    settings
        What was attached.
    scores
        Its row in the common form, over the shared classes.
    trained
        Whether its weights came from a checkpoint; random ones say nothing of the picture.
    endpoint
        Name of the activation that it was attached to, as the release names it.
    note
        A sentence that the user should know; may be empty.
    """

    settings: AuxiliaryHead
    scores: Scores
    trained: bool
    endpoint: str
    note: str = ""
