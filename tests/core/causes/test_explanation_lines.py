from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inspector.core.causes.attribution import within_noise_text
from inspector.core.causes.crossfeed import CrossFeed, cross_feed
from inspector.core.causes.explanation_lines import (
    explanation_lines,
    feed_sentence,
    from_left,
    share_sentences,
)
from inspector.core.pairs import Side
from inspector.core.reports.explain_report import (
    explanation_text,
    proposal_json,
    proposal_lines,
    proposal_text,
    remaining_text,
)
from tests.support.explanations import make_explanation
from tests.support.results import make_result

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


def test_what_agrees_has_no_causes() -> None:
    explanation = make_explanation(make_result(noise=0))
    assert explanation.verdict.agrees
    for text in ("\n".join(explanation_lines(explanation)), explanation_text(explanation)):
        assert "is within the noise" in text
        assert "weights or graph" not in text
    assert "within the noise" not in explanation_text(make_explanation())


def test_nothing_at_all_differs() -> None:
    assert within_noise_text(0.0).startswith("Nothing differs")


def test_a_mode_is_named_with_its_id_where_the_command_line_reads() -> None:
    proposal = replace(make_explanation().proposals[0], mode="resize_with_pad")
    long = "both sides in mode Resize with pad (resize_with_pad), each in its own range"
    assert proposal_text(proposal) == long
    assert proposal_text(proposal, ids=False) == long.replace(" (resize_with_pad)", "")
    assert proposal_json(proposal)["mode"] == "resize_with_pad"


@pytest.mark.parametrize(
    ("remaining", "text"),
    [
        (0.0, "Nothing remains"),
        (0.0012, "0.0012 of 0.12 remains"),
        (0.3, "It grows from 0.12 to 0.3"),
    ],
)
def test_what_remains_is_no_more_than_all_of_it(remaining: float, text: str) -> None:
    proposal = replace(make_explanation().proposals[0], remaining=remaining, total=0.12)
    assert remaining_text(proposal) == text
    (head, line, *_) = proposal_lines([proposal])
    assert head == "What would close the gap"
    assert line.endswith(text[:1].lower() + text[1:])
