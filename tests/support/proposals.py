"""Made-up proposals: no TensorFlow, no files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.input_range import KNOWN_RANGES, SYMMETRIC, UNIT
from inspector.core.pairs import OutputKind
from inspector.core.proposing import ConventionProposal, PairProposal, SideProposal, known
from inspector.core.proposing_observation import SideObservation, Trial
from inspector.core.sources import Source, SourceKind

if TYPE_CHECKING:
    from pathlib import Path


def make_side(path: Path | str = "/models/keras.keras", **changes: Any) -> SideProposal:
    """Make one side: a Keras model whose size is fixed."""
    values: dict[str, Any] = {
        "source": Source(SourceKind.KERAS_FILE, str(path)),
        "title": "Keras model",
        "outputs": 1000,
        "size": known((96, 96), "The model fixes it."),
        "range": ConventionProposal(SYMMETRIC, 0.97, ("It fits.",), (("[0, 1]", 0.03),)),
        "channels": ConventionProposal("rgb", 0.96, ("Usual.",)),
        "output": ConventionProposal(OutputKind.PROBABILITIES, 0.99, ("Sums to 1.",)),
        "background": ConventionProposal(False, 0.97, ("1000 outputs.",)),
        "labels": ConventionProposal("imagenet", 0.99, ("A golf ball.",)),
        "mode": ConventionProposal("keras", 0.6, ("Documented.",)),
        "fixes_size": True,
        "notes": (),
    }
    return SideProposal(**(values | changes))


def make_proposal(folder: str = "/models", **changes: Any) -> PairProposal:
    """Make a pair: Keras on the left, and a module of any size on the right."""
    right = make_side(
        source=Source(SourceKind.HUB, f"{folder}/hub"),
        title="Hub module",
        outputs=1001,
        size=ConventionProposal((224, 224), 0.5, ("Any size.",)),
        range=ConventionProposal(UNIT, 0.4, ("Unclear.",), (("[-1, 1]", 0.35),)),
        output=ConventionProposal(OutputKind.LOGITS, 0.95, ("Class scores.",)),
        background=ConventionProposal(True, 0.97, ("1001 outputs.",)),
        mode=ConventionProposal("hub", 0.8, ("Hub's snippet.",)),
        fixes_size=False,
        notes=("The range is not settled.",),
    )
    values: dict[str, Any] = {
        "id": "keras-hub",
        "title": "Keras and Hub",
        "left": make_side(f"{folder}/keras.keras"),
        "right": right,
    }
    return PairProposal(**(values | changes))


def make_observation(**changes: Any) -> SideObservation:
    """Make what was found out about a Keras model whose layers tell nothing."""
    rows = np.random.default_rng(0).normal(0, 2, (3, 6, 12))
    values: dict[str, Any] = {
        "source": Source(SourceKind.KERAS_FILE, "/models/keras.keras"),
        "own_size": (96, 96),
        "size": (96, 96),
        "trials": {each: Trial(rows) for each in KNOWN_RANGES},
        "front": None,
        "family": "",
        "inside": True,
        "sizes": {},
        "golf_ball": 0,
    }
    return SideObservation(**(values | changes))
