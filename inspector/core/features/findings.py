"""Findings about features: one cause each, with evidence and the mend.

What features and classes share (input range, channel order, EXIF, …) comes from
:mod:`inspector.core.findings`. To add a rule, write a function that takes
:class:`inspector.core.features.facts.FeatureFacts`, and name it in `RULES`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.core import findings as shared
from inspector.core.features.verdict import reordered_text
from inspector.core.features.wording import count_text
from inspector.core.findings import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from inspector.core.features.facts import FeatureFacts

DEAD_SHARE = 0.95
"""A side is worth a warning where at least this part of its dimensions never changes.

A ReLU leaves half of them at 0 for pictures that are none, such as the probes.
"""

OF_CLASSES = frozenset(
    {
        shared.constant_output,
        shared.logits_as_probabilities,
        shared.softmax_twice,
        shared.background_class,
    }
)
"""Shared rules that only class scores can break, or that name classes."""


def same_number(facts: FeatureFacts) -> Iterator[Finding]:
    """Find features that are all the same number."""
    for name, side in facts.sides:
        if np.isfinite(side.raw).all() and np.ptp(side.raw) == 0:
            yield Finding(
                "constant_output",
                f"The {name} side gives the same number for every feature",
                f"All {side.raw.size} features are {side.raw[0]:.6g}.",
                "Check that the weights were loaded, and that the input is in the declared range.",
                Level.ERROR,
                side=name,
            )


def scaled(facts: FeatureFacts) -> Iterator[Finding]:
    """Find rows that are multiples of each other."""
    check, comparison = facts.check, facts.features
    if check.scaled and check.factors is not None and check.factor_gap is not None:
        fixed = check.one_factor
        factors = f"{check.factors[1]:.6g}"
        if not fixed:
            factors = f"{check.factors[0]:.4g} to {check.factors[1]:.4g}, one for each picture"
        yield Finding(
            "scaled_features",
            "The two sides differ by a factor only",
            f"On the same pixels the best factor is {factors}, and what it leaves is "
            f"{check.factor_gap:.1g} (relative L2); here the lengths are "
            f"{comparison.left_norm:.4g} and {comparison.right_norm:.4g}.",
            "Multiply one side by the factor."
            if fixed
            else "Divide both rows by their lengths before comparing, or compare by cosine.",
            Level.WARNING,
        )


def reordered(facts: FeatureFacts) -> Iterator[Finding]:
    """Find the same features in another order."""
    match = facts.check.match
    if match is not None and match.reordered:
        yield Finding(
            "reordered_features",
            "The two sides order their features differently",
            reordered_text(match),
            "Bring the right row into the left one's order; the report lists it as 'order'.",
            Level.ERROR,
        )


def dead_dimensions(facts: FeatureFacts) -> Iterator[Finding]:
    """Find sides nearly all of whose dimensions are the same for every probe picture."""
    match = facts.check.match
    if match is None:
        return
    for name, dead in (("left", match.left_dead), ("right", match.right_dead)):
        if dead >= DEAD_SHARE * match.order.size:
            yield Finding(
                "dead_features",
                f"Nearly all features of the {name} side never change",
                f"{count_text(dead)} of {match.order.size} have one value for all "
                f"{match.pictures} probe pictures.",
                "Check its weights and its input range: a network that is fed out of range dies "
                "like this.",
                Level.WARNING,
                side=name,
            )


RULES: tuple[Callable[[FeatureFacts], Iterable[Finding]], ...] = (
    same_number,
    reordered,
    scaled,
    dead_dimensions,
)
"""The rules about features, asked in this order after the shared ones."""


def find_feature_causes(facts: FeatureFacts) -> tuple[Finding, ...]:
    """Ask every rule; the gravest findings come first, equals in the order they were asked."""
    found = [finding for rule in shared.RULES if rule not in OF_CLASSES for finding in rule(facts)]
    for rule in RULES:
        found += rule(facts)
    return tuple(sorted(found, key=lambda finding: -finding.level))
