"""Evidence for one of several alternatives, added up as odds.

Each piece of evidence gives points to each alternative: natural logarithms of how many times more
likely it makes it. Points of independent experiments add; the softmax of the sums is the belief.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from inspector.core.proposing import ConventionProposal

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

T = TypeVar("T", bound="Hashable")

HIGHEST = 0.99
"""No experiment makes surer than this; what a file says itself is known."""

WORTH_SAYING = 0.2
"""Points apart from which evidence counts as such in words."""


@dataclass(frozen=True, slots=True)
class Evidence(Generic[T]):
    """What one experiment says.

    Attributes
    ----------
    points
        Of each alternative; one that is not there has none.
    sentence
        The same in words.
    """

    points: Mapping[T, float]
    sentence: str


def beliefs(alternatives: Iterable[T], evidence: Iterable[Evidence[T]]) -> dict[T, float]:
    """Give how likely each alternative is after all evidence; they sum to 1."""
    found = list(evidence)
    sums = {each: math.fsum(e.points.get(each, 0.0) for e in found) for each in alternatives}
    return softmax_of(sums)


def softmax_of(sums: Mapping[T, float]) -> dict[T, float]:
    """Turn points into beliefs that sum to 1."""
    highest = max(sums.values())
    weights = {each: math.exp(points - highest) for each, points in sums.items()}
    whole = math.fsum(weights.values())
    return {each: weight / whole for each, weight in weights.items()}


def proposal_of(
    believed: Mapping[T, float], sentences: Sequence[str], name: Callable[[T], str] = str
) -> ConventionProposal[T]:
    """Propose the likeliest alternative."""
    ranked = sorted(believed.items(), key=lambda pair: -pair[1])
    (best, belief), *others = ranked
    return ConventionProposal(
        value=best,
        confidence=min(belief, HIGHEST),
        evidence=tuple(sentences),
        alternatives=tuple((name(each), belief) for each, belief in others),
    )
