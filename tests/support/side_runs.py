"""Made-up further runs of a side, for tests of views and reports: no TensorFlow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.auxiliary import AuxiliaryHead, AuxiliaryScores
from inspector.core.pairs import OutputKind, Side
from inspector.core.scores import OutputSwitches, Scores, interpret
from inspector.core.training import Training, training_effect
from tests.support.results import make_result

if TYPE_CHECKING:
    from inspector.core.result import Result

CHECKPOINT = "/checkpoints/inception_v3.ckpt"


def moved_scores(result: Result, side: Side, first: int, seed: int = 1) -> Scores:
    """Give a side's scores with some noise, and another class first."""
    logits = result.side(side).scores.logits[-1000:]
    logits = logits + np.random.default_rng(seed).normal(0, 0.5, 1000)
    logits[first] = logits.max() + 1.5
    return interpret(logits.astype(np.float32), OutputKind.LOGITS, False, OutputSwitches())


def with_training(
    result: Result, side: Side, *, first: int = 722, random: bool = True, note: str = ""
) -> Result:
    """Give a result whose side was also run in training mode, with class `first` on top."""
    wanted, made = Training(seed=3, count=16), result.side(side)
    scores = moved_scores(result, side, first)
    effect = training_effect(wanted, made.scores, scores, random=random, note=note)
    settings = replace(made.settings, training=wanted)
    changed = replace(made, settings=settings, training=effect)
    return replace(result, left=changed) if side is Side.LEFT else replace(result, right=changed)


def with_auxiliary(result: Result, side: Side, *, trained: bool, first: int = 574) -> Result:
    """Give a result with an auxiliary head on one side."""
    wanted, made = AuxiliaryHead(CHECKPOINT if trained else ""), result.side(side)
    head = AuxiliaryScores(
        wanted, moved_scores(result, side, first), trained, "InceptionV3/Mixed_6e"
    )
    changed = replace(made, settings=replace(made.settings, auxiliary=wanted), auxiliary=head)
    return replace(result, left=changed) if side is Side.LEFT else replace(result, right=changed)


def make_full_result() -> Result:
    """Give a result with every further run there is."""
    result = with_training(make_result(), Side.LEFT, note="A note.")
    result = with_auxiliary(result, Side.LEFT, trained=False)
    result = with_training(result, Side.RIGHT, first=574, random=False)
    return with_auxiliary(result, Side.RIGHT, trained=True)
