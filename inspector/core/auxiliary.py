"""The auxiliary classifier of InceptionV3, which no release carries.

Its architecture is that of Szegedy et al. 2015 ("Rethinking the Inception Architecture for Computer
Vision") as slim writes it down in ``inception_v3.py``, attached to the endpoint ``Mixed_6e``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

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

    @property
    def words(self) -> str:
        """Say where its weights come from, such as ``random weights, seed 0``."""
        if not self.checkpoint:
            return f"random weights, seed {self.seed}"
        return f"weights of {Path(self.checkpoint).name or self.checkpoint}"


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
        Sentences that the user should know; may be empty.
    """

    settings: AuxiliaryHead
    scores: Scores
    trained: bool
    endpoint: str
    note: str = ""


def plain_auxiliary(settings: AuxiliaryHead | None) -> dict[str, Any] | None:
    """Give what was asked for as plain JSON objects; None for no head."""
    if settings is None:
        return None
    return {"checkpoint": settings.checkpoint or None, "seed": settings.seed}


def restored_auxiliary(plain: Any) -> AuxiliaryHead | None:
    """Read what :func:`plain_auxiliary` gave; None for whatever else it is."""
    if not isinstance(plain, dict):
        return None
    checkpoint, seed = plain.get("checkpoint") or "", plain.get("seed")
    if not isinstance(checkpoint, str) or type(seed) is not int or seed < 0:
        return None
    return AuxiliaryHead(checkpoint, seed)
