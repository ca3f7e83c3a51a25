from __future__ import annotations

import numpy as np
import pytest

from inspector.core.causes.crossfeed import CrossFeed, cross_feed
from inspector.core.causes.explanation_lines import (
    explanation_lines,
    feed_sentence,
    from_left,
    share_sentences,
)
from inspector.core.pairs import Side
from tests.support.explanations import make_explanation

LEFT, RIGHT = Side.LEFT, Side.RIGHT


@pytest.mark.parametrize(
    ("by_input", "by_model", "noise", "end"),
    [
        (0.3, 1e-7, 3e-7, "the difference comes from the input."),
        (1e-7, 0.3, 3e-7, "the difference comes from the model."),
        (0.3, 0.1, 3e-7, "both matter."),
        (4e-7, 5e-6, 3e-7, "both are float noise."),
        (1e-7, 2e-7, 3e-7, "both are float noise."),
        (0.0, 0.0, None, "both are float noise."),
    ],
)
def test_says_input_or_model(
    by_input: float, by_model: float, noise: float | None, end: str
) -> None:
    assert feed_sentence(CrossFeed((), by_input, by_model), noise).endswith(end)


def test_a_cell_stands_between_both_own_results() -> None:
    rows = {
        (LEFT, LEFT): np.array([0.0, 1.0]),
        (LEFT, RIGHT): np.array([0.25, 0.75]),
        (RIGHT, LEFT): np.array([1.0, 0.0]),
        (RIGHT, RIGHT): np.array([1.0, 0.0]),
    }
    assert [from_left(cell) for cell in cross_feed(rows).cells] == [0.0, 0.25, 1.0, 1.0]
    same = dict.fromkeys(rows, np.array([0.5, 0.5]))
    assert [from_left(cell) for cell in cross_feed(same).cells] == [None] * 4


def test_every_part_of_an_explanation_is_told() -> None:
    explanation = make_explanation()
    text = "\n".join(explanation_lines(explanation))
    assert "resize" in text
    assert "Exchanging the input" in text
    assert "To close the gap" in text
    assert explanation.audit is not None
    assert explanation.audit.text in text


def test_the_largest_share_comes_first() -> None:
    (sentence,) = share_sentences(make_explanation().attribution)
    assert sentence.index("decoder") < sentence.index("weights or graph")
