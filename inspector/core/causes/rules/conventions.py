"""Conventions that were found wrong by trying the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.findings import Finding, Level
from inspector.core.preprocessing import ScaleRule
from inspector.core.weights.rows import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.causes.explanation import Trial
    from inspector.core.causes.reasons import Reasons

TOGETHER = 0.1
"""A convention counts as right where it leaves at most this part of the declared one's gap."""

_TWICE = frozenset(
    {
        *(ScaleRule.KERAS_TWICE, ScaleRule.UNIT_TWICE, ScaleRule.SYMMETRIC_TWICE),
        *(ScaleRule.CAFFE_TWICE, ScaleRule.TORCH_TWICE),
    }
)


def wrong_range_declared(reasons: Reasons) -> Iterator[Finding]:
    """Find a declared input range that another known range beats by far."""
    trial = better_range(reasons.trials, reasons.tolerance)
    if trial is not None:
        declared = _declared_gap(reasons.trials, trial)
        yield Finding(
            "input_range",
            f"The {trial.side} model wants another input range than its entry declares",
            f"On the same pixels the two are {declared:.3g} apart with its declared range, and "
            f"{trial.gap:.3g} apart when it is given {trial.choice}.",
            f"Write range = {trial.choice} in the pair's entry, and scale the pixels to it.",
            Level.ERROR,
            side=str(trial.side),
        )


def better_range(trials: tuple[Trial, ...], tolerance: float) -> Trial | None:
    """Give the range that brings the two together where the declared one does not."""
    return _better_than_declared(trials, tolerance, "range")


def wrong_channels_declared(reasons: Reasons) -> Iterator[Finding]:
    """Find a model that comes together with the other one when it is given BGR."""
    trial = _better_than_declared(reasons.trials, reasons.tolerance, "channel_order")
    if trial is not None:
        declared = _declared_gap(reasons.trials, trial)
        yield Finding(
            "channel_order",
            f"The {trial.side} model seems to want {trial.choice}",
            f"On the same pixels the two are {declared:.3g} apart as it is declared, and "
            f"{trial.gap:.3g} apart when red and blue are exchanged.",
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
    """Find classes in another order: by the outputs, or by the classifier's columns."""
    match, audit = reasons.labels, reasons.audit
    if match is not None and match.shift:
        return
    evidence = []
    if match is not None and match.permuted:
        evidence.append(
            f"{match.permuted} classes do not fit their counterpart, but fit another class exactly "
            "on every probe picture"
        )
    if audit is not None and (rows := audit.with_status(Status.PERMUTED)):
        evidence.append(f"the columns of {rows[0].name} come in another order")
    if evidence:
        text = "; ".join(evidence)
        yield Finding(
            "label_permutation",
            "The two sides order their classes differently",
            f"{text[:1].upper()}{text[1:]}.",
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


def _better_than_declared(trials: tuple[Trial, ...], tolerance: float, what: str) -> Trial | None:
    """Give the trial that brings the sides together while the declared convention does not."""
    found = []
    for trial in trials:
        if trial.what == what and not trial.as_declared:
            declared = _declared_gap(trials, trial)
            if declared > 10 * tolerance and trial.gap <= TOGETHER * declared:
                found.append(trial)
    return min(found, key=lambda trial: trial.gap, default=None)


def _declared_gap(trials: tuple[Trial, ...], trial: Trial) -> float:
    return next(
        other.gap
        for other in trials
        if other.side is trial.side and other.what == "range" and other.as_declared
    )
