"""Results that are hard to draw."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.findings import Finding, Level
from inspector.core.labels import Labels
from inspector.core.scores import OutputSwitches
from tests.support.results import make_result
from tests.support.side_runs import make_full_result

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.result import Result


def not_finite() -> Result:
    result = make_result()
    right = result.comparison.right.copy()
    right[[3, 574]] = (np.nan, np.inf)
    comparison = replace(
        result.comparison,
        right=right,
        difference=result.comparison.left - right,
        max_abs_difference=float("nan"),
        cosine=None,
        kl=None,
    )
    nothing = np.full((32, 32, 3), np.nan, dtype=np.float32)
    return replace(result, comparison=comparison, right=replace(result.right, model_input=nothing))


def long_names() -> Result:
    result = make_result()
    kinds = ("石川県の有名なゴルフボール🏌️ and more", "ضبع مخطط", "W" * 80, "\udcff\x1b[2J\n")
    names = tuple(f"{kinds[index % 4]} {index}" for index in range(1000))
    finding = Finding("c", "title " * 60, "evidence " * 60, "mend " * 60, Level.WARNING)
    left = replace(result.left, release=replace(result.left.release, title="release " * 60))
    return replace(
        result,
        labels=Labels(names),
        findings=(finding,) * 5,
        left=left,
        pair=replace(result.pair, title="pair " * 100),
        picture=replace(result.picture, name="ünï\udcff" * 90, exif_orientation=6),
        verdict=replace(result.verdict, why="verdict " * 200),
    )


def with_preview(height: int, width: int) -> Result:
    return replace(make_result(), preview=np.zeros((height, width, 3), dtype=np.uint8))


def identical() -> Result:
    result = make_result()
    comparison = replace(
        result.comparison,
        right=result.comparison.left,
        difference=np.zeros(1000),
        max_abs_difference=0.0,
    )
    return replace(result, comparison=comparison)


def few_classes() -> Result:
    result = make_result()
    whole = result.comparison
    part = slice(0, 2)
    comparison = replace(
        whole,
        left=whole.left[part],
        right=whole.right[part],
        left_logits=whole.left_logits[part],
        right_logits=whole.right_logits[part],
        difference=whole.difference[part],
        logit_difference=whole.logit_difference[part],
        left_ranks=np.array([1, 2]),
        right_ranks=np.array([2, 1]),
        near_ties=whole.near_ties[part],
    )
    return replace(result, comparison=comparison)


def odd_inputs() -> Result:
    result = make_result()
    random = np.random.default_rng(1)
    wide = random.uniform(-400, 400, (8, 300, 3)).astype(np.float32)
    dot = random.uniform(-1, 1, (1, 1, 3)).astype(np.float32)
    return replace(
        result,
        left=replace(result.left, model_input=wide),
        right=replace(result.right, model_input=dot),
    )


ODD: dict[str, Callable[[], Result]] = {
    "not finite": not_finite,
    "long names": long_names,
    "very wide picture": lambda: with_preview(1, 1600),
    "very tall picture": lambda: with_preview(1600, 1),
    "identical": identical,
    "float noise": lambda: make_result(noise=0.0),
    "far apart": lambda: make_result(noise=6.0),
    "logits taken for probabilities": lambda: make_result(
        right_output=OutputSwitches(softmax=False)
    ),
    "background kept": lambda: make_result(right_output=OutputSwitches(drop_background=False)),
    "softmax twice": lambda: make_result(left_output=OutputSwitches(softmax=True)),
    "two classes": few_classes,
    "odd model inputs": odd_inputs,
    "every further run": make_full_result,
}
