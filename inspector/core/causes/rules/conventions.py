"""Conventions that were found wrong by trying the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.findings import Finding, Level
from inspector.core.input_range import UNIT
from inspector.core.pairs import Side
from inspector.core.preprocessing import ScaleRule
from inspector.core.proposing_families import documented_range
from inspector.core.sources import SourceKind
from inspector.core.weights.rows import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.causes.explanation import Trial
    from inspector.core.causes.reasons import Reasons
    from inspector.core.pairs import ReleaseSpec

TOGETHER = 0.1
"""A convention counts as right where it leaves at most this part of the declared one's gap."""

_TWICE = frozenset(
    {
        *(ScaleRule.KERAS_TWICE, ScaleRule.UNIT_TWICE, ScaleRule.SYMMETRIC_TWICE),
        *(ScaleRule.CAFFE_TWICE, ScaleRule.TORCH_TWICE),
    }
)


_DOCUMENTED = tuple(
    f"https://{host}/{owner}/"
    for host in ("tfhub.dev", "www.kaggle.com/models")
    for owner in ("google", "tensorflow")
)
"""Handles of TensorFlow Hub's own modules, which take [0, 1]
(https://www.tensorflow.org/hub/common_signatures/images)."""


def is_documented(release: ReleaseSpec) -> bool:
    """Tell whether a release declares what its publisher documents: Keras, or Google on Hub.

    Others publish on Hub, too, and by conventions of their own.
    """
    source = release.source
    if not source.is_remote:
        return False
    if source.kind is SourceKind.KERAS_APPLICATION:
        return release.range == documented_range(source.target)
    return release.range == UNIT and source.target.startswith(_DOCUMENTED)


def wrong_range_declared(reasons: Reasons) -> Iterator[Finding]:
    """Find a declared input range that another known range beats by far."""
    found = fitting_ranges(reasons.trials, reasons.tolerance)
    if not found:
        return
    declared = _declared_gap(reasons.trials, found[0])
    if len(found) > 1:
        left, right = found
        yield Finding(
            "input_range",
            "One of the two models takes another input range than its entry declares",
            f"On the same pixels the two are {declared:.3g} apart with the declared ranges, "
            f"{left.gap:.3g} when the left model is given {left.choice}, and {right.gap:.3g} when "
            f"the right one is given {right.choice} instead: that does not tell which is wrong.",
            "Weigh the ranges of each model with 'twin-inspector propose'; then write range = "
            f"{left.choice} in the left entry, or range = {right.choice} in the right one.",
            Level.ERROR,
        )
        return
    (trial,) = found
    yield Finding(
        "input_range",
        f"The {trial.side} model wants another input range than its entry declares",
        f"On the same pixels the two are {declared:.3g} apart with its declared range, and "
        f"{trial.gap:.3g} apart when it is given {trial.choice}{_because(reasons, trial)}.",
        f"Write range = {trial.choice} in the pair's entry, and scale the pixels to it.",
        Level.ERROR,
        side=str(trial.side),
    )


def fitting_ranges(trials: tuple[Trial, ...], tolerance: float) -> tuple[Trial, ...]:
    """Give the range that brings the two together where the declared ones do not.

    Two, the left side's first, where another range on either side does so, and nothing tells which
    of the two is declared wrong: two copies of one network agree in any range that both are given.
    """
    return _better_than_declared(trials, tolerance, "range")


def better_range(trials: tuple[Trial, ...], tolerance: float) -> Trial | None:
    """Give the range that fits instead of a declared one, where it is clear on which side."""
    found = fitting_ranges(trials, tolerance)
    return found[0] if len(found) == 1 else None


def wrong_channels_declared(reasons: Reasons) -> Iterator[Finding]:
    """Find a model that comes together with the other one when red and blue are exchanged.

    Two copies of one network, of which one takes BGR, come together whichever side is exchanged:
    then it is said of one of the two.
    """
    found = _better_than_declared(reasons.trials, reasons.tolerance, "channel_order")
    if not found:
        return
    declared = _declared_gap(reasons.trials, found[0])
    if len(found) > 1:
        left, right = found
        same = left.choice == right.choice
        order = left.choice if same else "another channel order than its entry declares"
        yield Finding(
            "channel_order",
            f"One of the two models takes {order}",
            f"On the same pixels the two are {declared:.3g} apart as they are declared, "
            f"{left.gap:.3g} when red and blue are exchanged for the left model alone, and "
            f"{right.gap:.3g} when they are for the right one alone: that does not tell which.",
            "Weigh it with 'twin-inspector propose' and both models, or compare pictures whose "
            "class you know in the mode 'bgr' on the left, then on the right: the model that is "
            "surer of the right class so takes image[..., ::-1].",
            Level.ERROR,
        )
        return
    (trial,) = found
    yield Finding(
        "channel_order",
        f"The {trial.side} model seems to want {trial.choice}",
        f"On the same pixels the two are {declared:.3g} apart as it is declared, and "
        f"{trial.gap:.3g} apart when red and blue are exchanged{_because(reasons, trial)}.",
        "Exchange red and blue before this model: image[..., ::-1].",
        Level.ERROR,
        side=str(trial.side),
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


def _better_than_declared(
    trials: tuple[Trial, ...], tolerance: float, what: str
) -> tuple[Trial, ...]:
    """Give the trial that brings the sides together while the declared convention does not.

    Two where one on either side does so, and neither by far: float noise does not choose. What a
    publisher documents is not doubted where a change on the other side does as well.
    """
    best: dict[Side, Trial] = {}
    for trial in _closing(trials, tolerance, what):
        if trial.side not in best or trial.gap < best[trial.side].gap:
            best[trial.side] = trial
    if len({trial.documented for trial in best.values()}) > 1:
        best = {side: trial for side, trial in best.items() if not trial.documented}
    if len(best) < len(Side):
        return tuple(best.values())
    nearer, further = sorted(best.values(), key=lambda trial: trial.gap)
    if max(nearer.gap, tolerance) < TOGETHER * further.gap:
        return (nearer,)
    return best[Side.LEFT], best[Side.RIGHT]


def _closing(trials: tuple[Trial, ...], tolerance: float, what: str) -> Iterator[Trial]:
    """Give every trial of another convention that leaves little of the declared one's gap."""
    for trial in trials:
        if trial.what == what and not trial.as_declared:
            declared = _declared_gap(trials, trial)
            if declared > 10 * tolerance and trial.gap <= TOGETHER * declared:
                yield trial


def _because(reasons: Reasons, trial: Trial) -> str:
    """Say why it is this side's model, where the other side's would do as well."""
    rivals = (
        rival
        for rival in _closing(reasons.trials, reasons.tolerance, trial.what)
        if rival.side is not trial.side
    )
    if not any(rival.documented for rival in rivals):
        return ""
    return f"; what the {trial.side.other} model takes is documented"


def _declared_gap(trials: tuple[Trial, ...], trial: Trial) -> float:
    return next(
        other.gap
        for other in trials
        if other.side is trial.side and other.what == "range" and other.as_declared
    )
