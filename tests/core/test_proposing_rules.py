from __future__ import annotations

import pytest

from inspector.core.input_range import LEVELS, SYMMETRIC, UNIT
from inspector.core.proposing_range import Agreement
from inspector.core.proposing_rules import agreement_sentence

BEST = (SYMMETRIC, UNIT)


@pytest.mark.parametrize(
    ("best", "rival", "words"),
    [(0.98, 0.40, "with other ranges by at most 0.400"), (0.964, 0.970, "does not decide"),
     (0.97, 0.965, "does not decide"), (0.3, 0.2, "do not agree with any ranges")],
)  # fmt: skip
def test_what_an_agreement_tells(best: float, rival: float, words: str) -> None:
    given = {BEST: Agreement(best, False), (LEVELS, UNIT): Agreement(rival, False)}
    assert words in agreement_sentence(BEST, given)


def test_the_same_numbers_are_told_as_such() -> None:
    given = {BEST: Agreement(1.0, True), (LEVELS, UNIT): Agreement(0.5, False)}
    assert "both models give the same numbers" in agreement_sentence(BEST, given)
