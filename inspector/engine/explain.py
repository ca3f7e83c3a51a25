"""Why the two differ: the runs behind an explanation, and the explanation itself."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.causes.attribution import attribute, largest_difference
from inspector.core.causes.canonical import (
    INPUT_STAGES,
    OUTPUT,
    PIXEL_STAGES,
    WEIGHTS,
    Canonical,
    canonical_side,
    differing,
)
from inspector.core.causes.closing import Situation, declared_form, search
from inspector.core.causes.conclusions import explain_findings, explain_verdict
from inspector.core.causes.crossfeed import cross_feed
from inspector.core.causes.explanation import Explanation, Trial
from inspector.core.causes.reasons import Reasons
from inspector.core.causes.rules.conventions import better_range, is_documented
from inspector.core.causes.tolerance import required_atol, required_rtol
from inspector.core.facts import InputGap
from inspector.core.input_range import KNOWN_RANGES
from inspector.core.modes import OWN_MODE_IDS, find_mode, resolve_mode
from inspector.core.pairs import Side
from inspector.core.preprocessing import ChannelOrder, ScaleRule
from inspector.core.scores import OutputSwitches, interpret
from inspector.engine.hybrids import Hybrids

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.causes.attribution import Attribution, Distance
    from inspector.core.causes.crossfeed import CrossFeed
    from inspector.core.facts import Facts
    from inspector.core.input_range import InputRange
    from inspector.core.result import Result, SideResult
    from inspector.core.scores import Scores
    from inspector.engine.engine import LoadedPair, Opened
    from inspector.engine.study import PairStudy
    from inspector.engine.watcher import Watcher

TRIED_MODES = tuple(mode for mode in OWN_MODE_IDS if not find_mode(mode).seeded)
"""Modes that the search tries on both sides."""


@dataclass(frozen=True, eq=False, slots=True)
class Case:
    """A comparison that is to be explained, with what was loaded for it."""

    facts: Facts
    result: Result
    pair: LoadedPair
    opened: Opened
    study: PairStudy


def explain(case: Case, watcher: Watcher) -> Explanation:
    """Run the picture under every mix of both sides' stages, and draw the conclusions."""
    started = time.perf_counter()
    reasons = find_reasons(case, watcher)
    findings = explain_findings(reasons)
    comparison = case.result.comparison
    return Explanation(
        result=case.result,
        verdict=explain_verdict(reasons, findings),
        findings=findings,
        attribution=reasons.attribution,
        cross_feed=reasons.cross_feed,
        proposals=reasons.proposals,
        noise=reasons.noise,
        required_rtol=required_rtol(comparison.left, comparison.right),
        required_atol=required_atol(comparison.left, comparison.right),
        trials=reasons.trials,
        labels=reasons.labels,
        audit=reasons.audit,
        milliseconds=(time.perf_counter() - started) * 1e3,
    )


def find_reasons(case: Case, watcher: Watcher, distance: Distance = largest_difference) -> Reasons:
    """Run the picture under every mix of both sides' stages.

    Parameters
    ----------
    case
        The comparison.
    watcher
        Is told how far it is.
    distance
        How far two rows are apart: what is divided, fed across, closed and tried.
    """
    result = case.result
    left, right = canonical_side(result.left), canonical_side(result.right)
    runs = Hybrids(case.opened, case.pair)
    runs.put(Side.LEFT, left, declared_scores(result.left))
    runs.put(Side.RIGHT, right, declared_scores(result.right))
    players = differing(left, right)
    modes = _mode_forms(result)
    trials = _trial_forms(result, left, right)
    watcher.stage("Running every mix of both preprocessings", 0.3)
    runs.run(_wanted(left, right, players, modes, trials))
    watcher.stage("Dividing the difference among its causes", 0.7)
    attribution = _attribution(result, left, right, players, runs, distance)
    table = _cross_feed(left, right, runs, distance)
    watcher.stage("Searching what would close the gap", 0.8)
    stages = tuple(name for name in players if name != OUTPUT)
    tolerance = case.pair.check.tolerance
    tried = tuple(_trial(trial, runs, distance) for trial in trials)
    situation = Situation(
        left,
        right,
        stages,
        attribution.total,
        tolerance,
        _fitting(tried, trials, tolerance),
    )
    return Reasons(
        facts=case.facts,
        attribution=attribution,
        cross_feed=table,
        proposals=search(situation, runs.row, modes, distance),
        trials=tried,
        stage_gaps=_stage_gaps(left, right, players, runs),
        labels=case.study.labels,
        noise=case.study.noise,
        audit=case.study.audit,
        quantised=case.study.quantised,
    )


def declared_scores(side: SideResult) -> Scores:
    """Read a side's row as its release declares it, whatever the user's switches say."""
    if side.scores.as_declared:
        return side.scores
    spec = side.release
    whole = side.scores.logits.size == side.raw.size
    logits = side.scores.logits.astype("float32") if whole else None
    return interpret(side.raw, spec.output, spec.background, OutputSwitches(), logits)


def _coalitions(players: tuple[str, ...]) -> list[frozenset[str]]:
    """Give every set of players; bit i of the position says whether player i is in it."""
    return [
        frozenset(player for bit, player in enumerate(players) if mask >> bit & 1)
        for mask in range(1 << len(players))
    ]


def _wanted(
    left: Canonical,
    right: Canonical,
    players: tuple[str, ...],
    modes: dict[str, tuple[Canonical, Canonical]],
    trials: list[_TrialForm],
) -> list[tuple[Side, Canonical]]:
    stages = tuple(name for name in players if name != OUTPUT)
    mixes = [left.adopt(right, names) for names in _coalitions(stages)]
    mixes += [declared_form(mix) for mix in mixes]
    wanted = [(side, mix) for mix in mixes for side in Side]
    for left_form, right_form in modes.values():
        wanted += [(Side.LEFT, left_form), (Side.RIGHT, right_form)]
    for trial in trials:
        wanted += [(trial.side, trial.form), (trial.side.other, trial.reference)]
    return wanted


def _attribution(
    result: Result,
    left: Canonical,
    right: Canonical,
    players: tuple[str, ...],
    runs: Hybrids,
    distance: Distance,
) -> Attribution:
    everyone = (*(p for p in players if p != OUTPUT), WEIGHTS, *(p for p in players if p == OUTPUT))
    rows: list[NDArray[np.float64]] = []
    for names in _coalitions(everyone):
        model = Side.RIGHT if WEIGHTS in names else Side.LEFT
        rows.append(runs.row(model, left.adopt(right, names)))
    rows[0], rows[-1] = result.comparison.left, result.comparison.right
    return attribute(everyone, rows, distance)


def _cross_feed(left: Canonical, right: Canonical, runs: Hybrids, distance: Distance) -> CrossFeed:
    given = {Side.LEFT: left, Side.RIGHT: left.adopt(right, frozenset(INPUT_STAGES))}
    declared = {
        side: replace(
            form,
            reading=declared_form(form).reading,
            keeps_background=False,
        )
        for side, form in given.items()
    }
    return cross_feed(
        {(side, model): runs.row(model, declared[side]) for side in Side for model in Side},
        distance,
    )


def _stage_gaps(
    left: Canonical, right: Canonical, players: tuple[str, ...], runs: Hybrids
) -> dict[str, InputGap]:
    """Measure how far each pixel stage alone moves the left model's input, in levels of 255."""
    expected = runs.release(Side.LEFT).range
    now = expected.to_unit(runs.model_input(Side.LEFT, declared_form(left)))
    gaps = {}
    for stage in players:
        if stage in PIXEL_STAGES:
            then = declared_form(left.adopt(right, frozenset({stage})))
            moved = np.abs(expected.to_unit(runs.model_input(Side.LEFT, then)) - now) * 255.0
            gaps[stage] = InputGap(largest=float(moved.max()), mean=float(moved.mean()))
    return gaps


def _mode_forms(result: Result) -> dict[str, tuple[Canonical, Canonical]]:
    """Give the forms of every mode that is tried on both sides, each in its declared range."""
    pair = result.pair
    forms = {}
    for mode in TRIED_MODES:
        sides = []
        for side in Side:
            stages = resolve_mode(mode, pair.release(side), pair.release(side.other))
            pixels = replace(stages, scale=ScaleRule.UNIT, channel_order=ChannelOrder.RGB)
            sides.append(replace(declared_form(canonical_side(result.side(side))), pixels=pixels))
        forms[mode] = (sides[0], sides[1])
    return forms


@dataclass(frozen=True, slots=True)
class _TrialForm:
    side: Side
    what: str
    choice: str
    as_declared: bool
    form: Canonical
    reference: Canonical


def _trial_forms(result: Result, left: Canonical, right: Canonical) -> list[_TrialForm]:
    """Try every known range and both channel orders on each side, on the left side's pixels."""
    trials = []
    for side in Side:
        declared = result.side(side).release.range
        reference = declared_form(left)
        for other in KNOWN_RANGES:
            trials.append(
                _TrialForm(
                    side,
                    "range",
                    other.text,
                    other == declared,
                    replace(reference, scale=other.seen_by(declared)),
                    reference,
                )
            )
        trials.append(
            _TrialForm(
                side,
                "channel_order",
                "RGB" if declared.bgr else "BGR",
                False,
                replace(reference, channel_order=ChannelOrder.BGR),
                reference,
            )
        )
    return trials


def _fitting(
    tried: tuple[Trial, ...], forms: list[_TrialForm], tolerance: float
) -> dict[Side, InputRange]:
    """Give the scaling of the side whose declared range was found wrong, if any."""
    best = better_range(tried, tolerance)
    return {} if best is None else {best.side: forms[tried.index(best)].form.scale}


def _trial(trial: _TrialForm, runs: Hybrids, distance: Distance) -> Trial:
    mine = runs.row(trial.side, trial.form)
    other = runs.row(trial.side.other, trial.reference)
    return Trial(
        side=trial.side,
        what=trial.what,
        choice=trial.choice,
        as_declared=trial.as_declared,
        gap=distance(mine, other),
        documented=is_documented(runs.release(trial.side)),
    )
