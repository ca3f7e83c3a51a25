"""Conventions that were found wrong by trying the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.findings import Finding, Level
from inspector.core.preprocessing import ScaleRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.causes.explanation import Trial
    from inspector.core.causes.reasons import Reasons

TOGETHER = 0.1
"""A convention counts as right where it leaves at most this part of the declared one's gap."""

_TWICE = frozenset({ScaleRule.KERAS_TWICE, ScaleRule.UNIT_TWICE, ScaleRule.SYMMETRIC_TWICE})


def wrong_range_declared(reasons: Reasons) -> Iterator[Finding]:
    """Find a declared input range that another known range beats by far."""
    best = _better_than_declared(reasons, "range")
    if best is not None:
        trial, declared = best
        yield Finding(
            "input_range",
            f"The {trial.side} model seems to want another input range than declared",
            f"On the same pixels the two are {declared:.3g} apart with its declared range, and "
            f"{trial.gap:.3g} apart when it is given {trial.choice}.",
            f"Write range = {trial.choice} in the pair's entry, and scale the pixels to it.",
            Level.ERROR,
        )


def wrong_channels_declared(reasons: Reasons) -> Iterator[Finding]:
    """Find a model that comes together with the other one when it is given BGR."""
    best = _better_than_declared(reasons, "channel_order")
    if best is not None:
        trial, declared = best
        yield Finding(
            "channel_order",
            f"The {trial.side} model seems to want BGR",
            f"On the same pixels the two are {declared:.3g} apart with RGB, and {trial.gap:.3g} "
            "apart when red and blue are exchanged.",
            "Exchange red and blue before this model: image[..., ::-1].",
            Level.ERROR,
        )


def labels_shifted(reasons: Reasons) -> Iterator[Finding]:
    """Find classes that fit best one index further, whatever the entry declares."""
    match = reasons.labels
    if match is not None and match.shift and match.agreement > 0.9 > match.agreement_unshifted:
        yield Finding(
            "label_shift",
            "The two sides number their classes one apart",
            f"Over several pictures the logits correlate by {match.agreement:.3f} when right is "
            f"shifted by {match.shift:+d}, and by {match.agreement_unshifted:.3f} as they stand.",
            "Check 'background' in the pair's entry: one side has a background class at index 0.",
            Level.ERROR,
        )


def labels_permuted(reasons: Reasons) -> Iterator[Finding]:
    """Find classes that another class fits exactly while their own does not."""
    match = reasons.labels
    if match is not None and not match.shift and match.permuted:
        yield Finding(
            "label_permutation",
            "The two sides order their classes differently",
            f"{match.permuted} classes do not fit their counterpart, but fit another class "
            "exactly on every probe picture.",
            "Bring both outputs into one order, for example by WordNet id.",
            Level.ERROR,
        )


def shared_array_overwritten(reasons: Reasons) -> Iterator[Finding]:
    """Find a scaling that was applied twice, as an overwritten shared array makes it."""
    for name, side in reasons.facts.sides:
        if side.settings.preprocessing.scale in _TWICE:
            yield Finding(
                "shared_array_overwritten",
                f"The {name} side's pixels were scaled twice",
                f"Its input spans only {side.model_input.min():.5g} to "
                f"{side.model_input.max():.5g}, which is what scaled pixels become when they are "
                "scaled again.",
                "preprocess_input overwrites a float array in place: give each model a copy.",
                Level.WARNING,
            )


def _better_than_declared(reasons: Reasons, what: str) -> tuple[Trial, float] | None:
    """Give the trial that brings the sides together while the declared convention does not."""
    found: list[tuple[Trial, float]] = []
    for trial in reasons.trials:
        if trial.what != what or trial.as_declared:
            continue
        declared = next(
            other.gap
            for other in reasons.trials
            if other.side is trial.side and other.what == "range" and other.as_declared
        )
        if declared > 10 * reasons.tolerance and trial.gap <= TOGETHER * declared:
            found.append((trial, declared))
    return min(found, key=lambda pair: pair[0].gap, default=None)
