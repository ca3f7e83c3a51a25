from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inspector.core.class_facts import class_facts, why_not_drawn
from inspector.core.comparison import first_near_ties
from tests.support.results import make_result


def test_the_facts_are_those_of_the_comparison():
    result = make_result()
    facts = class_facts(result, 574)
    assert (facts.index, facts.label, facts.wordnet_id) == (574, "golf ball", "n03445777")
    assert facts.difference == facts.left - facts.right
    assert (facts.left_rank, facts.right_rank) == (1, 1)
    assert facts.left_logit == result.comparison.left_logits[574]
    assert facts.near_tie == bool(first_near_ties(result.comparison)[574])
    assert facts.logit_difference == facts.left_logit - facts.right_logit
    assert facts.centred_logit_difference == result.comparison.logit_difference[574]


def test_a_class_at_the_least_value_of_a_side_has_no_rank_there():
    result = make_result()
    right = np.zeros(1000)
    right[574] = 1.0
    facts = class_facts(replace(result, comparison=replace(result.comparison, right=right)), 3)
    assert facts.right_rank is None
    assert facts.left_rank == result.comparison.left_ranks[3]


@pytest.mark.parametrize(
    ("names", "start"),
    [((), ""), (("left",), "The left"), (("right",), "The right"), (("left", "right"), "Both")],
)
def test_a_result_that_cannot_be_drawn_says_why(names, start):
    result = make_result()
    rows = {}
    for name in names:
        row = getattr(result.comparison, name).copy()
        row[0] = np.inf
        rows[name] = row
    spoilt = replace(result, comparison=replace(result.comparison, **rows))
    text = why_not_drawn(spoilt)
    assert text.startswith(start)
    assert bool(text) == bool(names)
