"""One frozen result: what the views draw and the reports write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.core.pairs import Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from inspector.core.auxiliary import AuxiliaryHead, AuxiliaryScores
    from inspector.core.comparison import Comparison
    from inspector.core.findings import Finding
    from inspector.core.labels import Labels
    from inspector.core.pairs import PairSpec, ReleaseSpec
    from inspector.core.picture import PictureInfo
    from inspector.core.preprocessing import Preprocessing
    from inspector.core.scores import OutputSwitches, Scores
    from inspector.core.training import Training, TrainingEffect
    from inspector.core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class SideSettings:
    """What one side does.

    Attributes
    ----------
    mode
        Name of the mode, or ``custom`` where stages were set by hand.
    preprocessing
        All stages.
    output
        Switches against the declared output convention.
    training
        A second run in training mode, or None for inference only.
    auxiliary
        An auxiliary head to attach, or None.
    """

    mode: str
    preprocessing: Preprocessing
    output: OutputSwitches
    training: Training | None = None
    auxiliary: AuxiliaryHead | None = None


@dataclass(frozen=True, eq=False, slots=True)
class SideResult:
    """What one release did with the picture.

    Attributes
    ----------
    release
        Its declared conventions.
    settings
        What was asked for.
    model_input
        float32 (height, width, 3), what the network received.
    raw
        float32 (n,), its output row.
    scores
        The row in the common form.
    milliseconds
        ``preprocess`` and ``run``, wall time of this side.
    notes
        Sentences that the user should know, such as that another decoder had to be used.
    training, auxiliary
        What training mode and the auxiliary head say, where they were asked for.
    """

    release: ReleaseSpec
    settings: SideSettings
    model_input: NDArray[np.float32]
    raw: NDArray[np.float32]
    scores: Scores
    milliseconds: Mapping[str, float]
    notes: tuple[str, ...] = ()
    training: TrainingEffect | None = None
    auxiliary: AuxiliaryScores | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Result:
    """One comparison with all that belongs to it.

    Attributes
    ----------
    picture, preview
        What is known of the picture; uint8 (height, width, 3) of at most 1600 pixels a side, with
        transparency on white, in the orientation that is stored.
    pair, labels
        The two releases and the names of their shared classes.
    left, right
        What each side did.
    comparison, verdict, findings
        What follows from it.
    timings_ms
        ``decode``, ``preprocess``, ``left``, ``right`` and ``total``, wall time in milliseconds;
        ``load`` is what loading the pair took before, and is no part of ``total``.
    versions
        Of Python, the libraries and the program.
    """

    picture: PictureInfo
    preview: NDArray[np.uint8]
    pair: PairSpec
    labels: Labels
    left: SideResult
    right: SideResult
    comparison: Comparison
    verdict: Verdict
    findings: tuple[Finding, ...]
    timings_ms: Mapping[str, float]
    versions: Mapping[str, str]

    def side(self, side: Side) -> SideResult:
        """Give the result of one side."""
        return self.left if side is Side.LEFT else self.right
