"""What would close the gap: changes of the preprocessing, tried and ranked.

To rank, changes that mend a broken convention come first (a wrong range is a bug, a resize method
is a choice); among the rest those that reach the tolerance, then the fewer changes, then the
smaller gap that remains.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

from inspector.core.causes.attribution import largest_difference
from inspector.core.causes.canonical import OUTPUT, OutputReading, differing
from inspector.core.input_range import UNIT
from inspector.core.modes import OWN_MODE_IDS, own_stages, resolve_mode, scale_for_range
from inspector.core.pairs import Side
from inspector.core.preprocessing import OUTPUT_RANGE, ChannelOrder, ScaleRule
from inspector.core.result import SideSettings
from inspector.core.scores import OutputSwitches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from inspector.core.causes.attribution import Distance
    from inspector.core.causes.canonical import Canonical
    from inspector.core.input_range import InputRange
    from inspector.core.pairs import ReleaseSpec
    from inspector.core.preprocessing import Preprocessing

    RowOf = Callable[[Side, Canonical], NDArray[np.float64]]

DECLARED_SCALE = UNIT
"""The scaling that a release's declared range asks for."""

LEAST_SHARE = 0.1
"""Part of the gap that a change has to close to be worth showing, unless it mends a convention."""

MAX_PROPOSALS = 8
"""Longest list that is shown."""


@dataclass(frozen=True, slots=True)
class Change:
    """One stage of one side, to be set as stated.

    Attributes
    ----------
    side
        Whose stage.
    stage
        Its name, or ``output``.
    reason
        ``declared`` where the release's own convention is restored, ``tried`` where the range that
        was found to fit is used instead, ``other`` where the stage is set as on the other side,
        ``mode`` where a whole named mode is used.
    """

    side: Side
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A set of changes that was tried.

    Attributes
    ----------
    changes
        What to change.
    mode
        The named mode that both sides would use, or empty.
    remaining
        Largest |Δp| that was measured with the changes.
    total
        Largest |Δp| without them.
    mends_convention
        Whether it restores every broken convention.
    closes
        Whether what remains is within the tolerance.
    left, right
        The settings to apply.
    """

    changes: tuple[Change, ...]
    mode: str
    remaining: float
    total: float
    mends_convention: bool
    closes: bool
    left: Canonical
    right: Canonical

    @property
    def closed_share(self) -> float:
        """Part of the gap that the changes close, at most 1; negative where they widen it."""
        return 1.0 - self.remaining / self.total if self.total > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Situation:
    """What is to be brought together.

    Attributes
    ----------
    left, right
        What both sides do now.
    differing
        Input stages in which they differ.
    total
        Largest |Δp| now.
    tolerance
        What counts as closed.
    fitting
        The scaling that a side's model was found to want, where that is not the declared one.
    """

    left: Canonical
    right: Canonical
    differing: tuple[str, ...]
    total: float
    tolerance: float
    fitting: Mapping[Side, InputRange] = field(default_factory=dict)

    def fitting_scale(self, side: Side) -> InputRange:
        """Give the scaling that is right for one side's model."""
        return self.fitting.get(side, DECLARED_SCALE)


def broken_conventions(form: Canonical, fitting: InputRange = DECLARED_SCALE) -> tuple[str, ...]:
    """Name the stages in which a side breaks what is right for its release.

    Parameters
    ----------
    form
        What the side does.
    fitting
        The scaling that is right: the declared one, but where another was found to be.
    """
    broken = []
    if form.scale != fitting:
        broken.append("scale")
    if form.channel_order is not ChannelOrder.RGB:
        broken.append("channel_order")
    if form.reading is not OutputReading.DECLARED or form.keeps_background:
        broken.append(OUTPUT)
    return tuple(broken)


def search(
    situation: Situation,
    row_of: RowOf,
    modes: dict[str, tuple[Canonical, Canonical]],
    distance: Distance = largest_difference,
) -> tuple[Proposal, ...]:
    """Try changes and rank them.

    Parameters
    ----------
    situation
        What is to be brought together.
    row_of
        Gives the probabilities of one side's model for a form; may keep what it ran.
    modes
        Named modes to try on both sides: left and right form by name.
    distance
        What is to be closed; the largest |Δp| by default.

    Returns
    -------
    tuple[Proposal, ...]
        The best `MAX_PROPOSALS`, the best first; none where nothing is to be closed, or where both
        sides do the same already: then the models differ, and other pixels for both would only
        show them at another place.
    """
    mended, mend_changes = _mend(situation)
    nothing_to_change = not situation.differing or situation.total <= situation.tolerance
    if nothing_to_change and not mend_changes:
        return ()
    tried = []
    seen: set[tuple[Canonical, Canonical]] = set()
    for changes, left, right, mode in _candidates(situation, mended, mend_changes, modes):
        if (left, right) in seen:
            continue
        seen.add((left, right))
        remaining = distance(row_of(Side.LEFT, left), row_of(Side.RIGHT, right))
        whole = not (
            broken_conventions(left, situation.fitting_scale(Side.LEFT))
            or broken_conventions(right, situation.fitting_scale(Side.RIGHT))
        )
        tried.append(
            Proposal(
                changes=changes,
                mode=mode,
                remaining=remaining,
                total=situation.total,
                mends_convention=whole,
                closes=remaining <= situation.tolerance,
                left=left,
                right=right,
            )
        )
    useful = [p for p in tried if p.changes == mend_changes or _is_useful(p, bool(mend_changes))]
    useful.sort(key=lambda p: _rank(p, mend_changes))
    return tuple(useful[:MAX_PROPOSALS])


def _is_useful(proposal: Proposal, broken: bool) -> bool:
    """Tell whether a proposal closes a part of the gap worth speaking of, or mends a convention."""
    if proposal.remaining >= proposal.total:
        return False
    mends = broken and proposal.mends_convention
    return mends or proposal.closes or proposal.closed_share >= LEAST_SHARE


def _rank(proposal: Proposal, mend: tuple[Change, ...]) -> tuple[bool, bool, bool, int, float]:
    count = len({(c.side, c.stage) for c in proposal.changes})
    return (
        not proposal.mends_convention,
        bool(mend) and proposal.changes != mend,
        not proposal.closes,
        count,
        proposal.remaining,
    )


def _mend(
    situation: Situation,
) -> tuple[tuple[Canonical, Canonical], tuple[Change, ...]]:
    changes: list[Change] = []
    forms = []
    for side, form in ((Side.LEFT, situation.left), (Side.RIGHT, situation.right)):
        fitting = situation.fitting_scale(side)
        broken = broken_conventions(form, fitting)
        tried = fitting != DECLARED_SCALE
        changes += [
            Change(side, stage, "tried" if tried and stage == "scale" else "declared")
            for stage in broken
        ]
        forms.append(form.adopt(declared_form(form, fitting), frozenset(broken)))
    return (forms[0], forms[1]), tuple(changes)


def declared_form(form: Canonical, fitting: InputRange = DECLARED_SCALE) -> Canonical:
    """Give the form with every convention as the release declares it, or as was found right."""
    return replace(
        form,
        scale=fitting,
        channel_order=ChannelOrder.RGB,
        reading=OutputReading.DECLARED,
        keeps_background=False,
    )


_Candidate = tuple[tuple[Change, ...], "Canonical", "Canonical", str]


def _candidates(
    situation: Situation,
    mended: tuple[Canonical, Canonical],
    mend_changes: tuple[Change, ...],
    modes: dict[str, tuple[Canonical, Canonical]],
) -> Iterator[_Candidate]:
    left, right = mended
    if mend_changes:
        yield mend_changes, left, right, ""
    mended_stages = {change.stage for change in mend_changes}
    stages = [s for s in situation.differing if s not in mended_stages]
    for count in range(1, len(stages) + 1):
        for chosen in combinations(stages, count):
            names = frozenset(chosen)
            changes = tuple(Change(Side.RIGHT, stage, "other") for stage in chosen)
            yield (*mend_changes, *changes), left, right.adopt(left, names), ""
            changes = tuple(Change(Side.LEFT, stage, "other") for stage in chosen)
            yield (*mend_changes, *changes), left.adopt(right, names), right, ""
    for name, forms in modes.items():
        left_form = replace(forms[0], scale=situation.fitting_scale(Side.LEFT))
        right_form = replace(forms[1], scale=situation.fitting_scale(Side.RIGHT))
        changes = tuple(
            Change(side, stage, "mode")
            for side, now, then in (
                (Side.LEFT, situation.left, left_form),
                (Side.RIGHT, situation.right, right_form),
            )
            for stage in differing(now, then)
        )
        if changes:
            yield changes, left_form, right_form, name


def applied(form: Canonical, now: SideSettings, release: ReleaseSpec) -> SideSettings:
    """Give the settings of one side that a proposal's form stands for.

    Parameters
    ----------
    form
        What the side shall do.
    now
        What it does, whose scaling and output switches are kept where they fit.
    release
        Whose declared conventions the form refers to.
    """
    scale = _scale_rule(form, now, release)
    pixels = replace(form.pixels, scale=scale, channel_order=form.channel_order)
    if form.reading is OutputReading.DECLARED and not form.keeps_background:
        output = OutputSwitches()
    else:
        output = now.output
    mode = next((m for m in OWN_MODE_IDS if resolve_own(m, release) == pixels), "custom")
    return SideSettings(mode, pixels, output)


def resolve_own(mode: str, release: ReleaseSpec) -> Preprocessing:
    """Give the stages of a mode for a release, whatever is on the other side."""
    return resolve_mode(mode, release, release)


def _scale_rule(form: Canonical, now: SideSettings, release: ReleaseSpec) -> ScaleRule:
    rules: tuple[ScaleRule, ...] = (
        *(now.preprocessing.scale, own_stages(release).scale),
        *ScaleRule,
    )
    for rule in rules:
        if OUTPUT_RANGE[rule].seen_by(release.range).is_close(form.scale):
            return rule
    return scale_for_range(release.range)
