"""A Hub-style twin of a Keras model: what is asked for, and what was made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.core.proposing import bare_spec

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.input_range import InputRange
    from inspector.core.pairs import PairSpec, ReleaseSpec
    from inspector.core.proposing import ConventionProposal
    from inspector.core.sources import Source

LOGIT_NOISE = 1e-4
"""Difference of logits, as a part of their reach, that rounding alone makes."""


@dataclass(frozen=True, slots=True)
class PublishTask:
    """Publish a Keras classifier as a SavedModel by Hub's conventions; gives a Published.

    Attributes
    ----------
    source
        The Keras model.
    folder
        Absolute path of the SavedModel's folder; the pair file is made beside it.
    range
        What the model takes, or None to find it out by experiment.
    background
        Whether a background class is put before the others.
    labels
        ``imagenet``, ``indices``, the absolute path of a file, or empty to propose them.
    force
        Whether a folder and a pair file that are there already are replaced.
    """

    source: Source
    folder: Path
    range: InputRange | None = None
    background: bool = False
    labels: str = ""
    force: bool = False

    @property
    def releases(self) -> tuple[ReleaseSpec, ...]:
        """Give what has to be on this machine before the task can be done."""
        return (bare_spec(self.source),)

    @property
    def pair_file(self) -> Path:
        """Give where the pair file goes: beside the folder, named after it."""
        return self.folder.with_name(f"{self.folder.name}.toml")


@dataclass(frozen=True, slots=True)
class Parity:
    """How far a twin is from its model on the same pictures.

    Attributes
    ----------
    max_logit_gap
        Largest difference of two logits of one class.
    reach
        Largest absolute logit.
    pictures
        How many were run.
    """

    max_logit_gap: float
    reach: float
    pictures: int

    @property
    def tolerance(self) -> float:
        """Give the gap that float noise alone makes at most."""
        return LOGIT_NOISE * max(1.0, self.reach)

    @property
    def is_noise(self) -> bool:
        """Tell whether the two compute the same but for float noise."""
        return self.max_logit_gap <= self.tolerance

    @property
    def text(self) -> str:
        """Say it in one sentence."""
        if self.max_logit_gap == 0.0:
            return f"Both give the very same logits on {self.pictures} pictures."
        return (
            f"Both compute the same on {self.pictures} pictures: their logits are at most "
            f"{self.max_logit_gap:.2g} apart, where rounding makes up to {self.tolerance:.1g}."
        )


@dataclass(frozen=True, slots=True)
class Published:
    """A twin that was made.

    Attributes
    ----------
    folder, pair_file
        Where it is, and the pair of both.
    pair
        What the pair file holds.
    range
        What the model takes, with the evidence.
    parity
        How far the two are apart.
    notes
        Sentences that the user should know.
    """

    folder: Path
    pair_file: Path
    pair: PairSpec
    range: ConventionProposal[InputRange]
    parity: Parity
    notes: tuple[str, ...] = ()
