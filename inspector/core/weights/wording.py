"""What a weight audit found, in plain words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from inspector.core.weights.audit import AuditCode
from inspector.core.weights.rows import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from inspector.core.weights.audit import WeightAudit
    from inspector.core.weights.rows import WeightRow

_MOST_NAMED = 3
_MISSING = (Status.MISSING_LEFT, Status.MISSING_RIGHT)


def audit_text(audit: WeightAudit) -> str:
    """Say in one or two sentences what an audit found."""
    return _TEXTS[audit.code](audit)


def _same(audit: WeightAudit) -> str:
    parts = [f"Same checkpoint: {_counted(audit)} match"]
    parts += [_sliced_words(row) for row in audit.with_status(Status.SLICED) if _is_kernel(row)]
    if audit.with_status(Status.FOLDED):
        parts.append("batch norm is folded differently, which changes nothing by itself")
    return "; ".join(parts) + "."


def _counted(audit: WeightAudit) -> str:
    left, right = audit.left_count, audit.right_count
    if left == right:
        return f"{left} of {left} variables"
    return f"all variables ({left} on the left, {right} on the right)"


def _is_kernel(row: WeightRow) -> bool:
    return sum(length > 1 for length in row.left_shape or ()) > 1


def _sliced_words(row: WeightRow) -> str:
    left, right = (math.prod(shape or ()) for shape in (row.left_shape, row.right_shape))
    inputs = abs(right - left)
    fewer, more = min(left, right) // inputs, max(left, right) // inputs
    holder, other = ("left", "right") if left < right else ("right", "left")
    which = "first" if "its first left out" in row.note else "last"
    return (
        f"the {holder} side's classifier holds {fewer} of the {other} side's {more} classes "
        f"(the {which} one, the background class, is left out)"
    )


def _other_epsilon(audit: WeightAudit) -> str:
    assert audit.epsilons is not None
    left, right = audit.epsilons
    return (
        f"{_same(audit)} But batch norm uses epsilon {left:g} on the left and "
        f"{right:g} on the right, so the outputs differ."
    )


def _reordered(audit: WeightAudit) -> str:
    order = audit.class_order or ()
    moved = sum(place != index for index, place in enumerate(order))
    return (
        f"{_same(audit)} But the classes come in another order: {moved} of {len(order)} stand at "
        "another place, so the labels of one side are wrong for the other."
    )


def _quantised(audit: WeightAudit) -> str:
    rows = audit.with_status(Status.QUANTISED)
    sides = [
        side for side in ("left", "right") if any(f"the {side} side q" in r.note for r in rows)
    ]
    both = len(sides) > 1 or any("both sides q" in row.note for row in rows)
    which = "both sides" if both else f"the {sides[0]} side" if sides else "one side"
    every = "all " if len(rows) == len(audit.rows) else ""
    rest = "" if every else f"; {_others(len(audit.rows) - len(rows))}"
    lie = "variable lies" if len(rows) == 1 else "variables lie"
    return (
        f"Same checkpoint, {which} quantised: {every}{len(rows)} {lie} within half a "
        f"quantisation step of each other{rest}. How far rounding moves the outputs depends on the "
        "picture."
    )


def _partly(audit: WeightAudit) -> str:
    found = [row for row in audit.rows if row.status.proven]
    match = "variable matches" if len(found) == 1 else "variables match"
    parts = [
        _names(audit.with_status(status), f"only on the {side}")
        for status, side in ((Status.MISSING_RIGHT, "left"), (Status.MISSING_LEFT, "right"))
        if audit.with_status(status)
    ]
    return (
        f"Not proven the same: {len(found)} {match}, and some have no counterpart: "
        f"{'; '.join(parts)}."
    )


def _different(audit: WeightAudit) -> str:
    unequal = sorted(audit.with_status(Status.UNEQUAL), key=_relative, reverse=True)
    reordered = audit.with_status(Status.PERMUTED)
    rounded = audit.with_status(Status.QUANTISED)
    others = [
        row
        for row in audit.rows
        if row.status.proven and row.left is not None and row not in (*reordered, *rounded)
    ]
    telling = sum(not row.constant for row in others)
    if not unequal:
        return _partly(audit).replace("Not proven the same", "Different weights", 1)
    if not telling:
        text = _all_unequal(unequal, len(others))
    elif len(unequal) <= _MOST_NAMED:
        named = ", ".join(f"{row.name} differs by up to {_amount(row)}" for row in unequal)
        text = f"Different weights: {named}; {_others(len(others))}."
    else:
        text = (
            f"Different weights: {len(unequal)} variables differ, most of all {unequal[0].name}, "
            f"by up to {_amount(unequal[0])}; {_others(len(others))}."
        )
    text += _also_reordered(reordered) + _also_quantised(rounded)
    return text + _rounding(unequal) + _also_missing(audit)


def _all_unequal(unequal: Sequence[WeightRow], constants: int) -> str:
    same = ""
    if constants:
        same = f" ({constants} constant {'one is' if constants == 1 else 'ones are'} the same)"
    if len(unequal) == 1:
        return (
            f"Different weights: 1 variable has the same shape on both sides, and not the same "
            f"values{same}; it differs by up to {_amount(unequal[0])}."
        )
    return (
        f"Different weights: {len(unequal)} variables have the same shapes on both sides, and "
        f"none has the same values{same}; half of them differ by more than "
        f"{percent(_relative(unequal[len(unequal) // 2]))} of their largest value."
    )


def _also_quantised(rows: Sequence[WeightRow]) -> str:
    if not rows:
        return ""
    lie = "lies" if len(rows) == 1 else "lie"
    return f" {len(rows)} more {lie} within half a quantisation step."


def _also_reordered(rows: Sequence[WeightRow]) -> str:
    if not rows:
        return ""
    return f" The classes of {rows[0].name} come in another order."


def _others(count: int) -> str:
    return f"{count} other{'s match' if count != 1 else ' matches'}"


def _amount(row: WeightRow) -> str:
    return f"{row.max_abs_difference:.3g} ({percent(_relative(row))} of its largest value)"


def percent(share: float) -> str:
    """Write a share as a percentage with two digits; ``over 1000 %`` is where digits end."""
    if not math.isfinite(share) or share > 10:
        return "over 1000 %"
    return f"{100 * share:.2g} %" if share < 0.995 else f"{100 * share:.0f} %"


def _rounding(unequal: Sequence[WeightRow]) -> str:
    for kind in ("float16", "bfloat16"):
        for side in ("left", "right"):
            words = f"the {side} side rounded to {kind}"
            if all(row.note.endswith(words) for row in unequal):
                return f" Each that differs is {words}."
    return ""


def _also_missing(audit: WeightAudit) -> str:
    missing = audit.with_status(*_MISSING)
    if not missing:
        return ""
    have = "has no counterpart of its" if len(missing) == 1 else "have no counterpart of their"
    return f" {len(missing)} more {have} shape."


def _different_models(audit: WeightAudit) -> str:
    only_left = audit.with_status(Status.MISSING_RIGHT)
    only_right = audit.with_status(Status.MISSING_LEFT)
    return (
        f"Different models: {len(only_left)} of the left side's {audit.left_count} variables and "
        f"{len(only_right)} of the right side's {audit.right_count} have no counterpart of their "
        "shape."
    )


def _no_weights(audit: WeightAudit) -> str:
    side = "left" if audit.left_count == 0 else "right"
    if audit.left_count == audit.right_count == 0:
        return "Nothing to compare: neither release gives access to its weights."
    return f"Nothing to compare: the {side} release gives no access to its weights."


def _names(rows: Sequence[WeightRow], what: str) -> str:
    named = ", ".join(row.name for row in rows[:_MOST_NAMED])
    more = f" and {len(rows) - _MOST_NAMED} more" if len(rows) > _MOST_NAMED else ""
    return f"{named}{more} {what}"


def _relative(row: WeightRow) -> float:
    return row.relative_difference or 0.0


_TEXTS: dict[AuditCode, Callable[[WeightAudit], str]] = {
    AuditCode.SAME: _same,
    AuditCode.OTHER_EPSILON: _other_epsilon,
    AuditCode.CLASSES_REORDERED: _reordered,
    AuditCode.QUANTISED: _quantised,
    AuditCode.PARTLY_SAME: _partly,
    AuditCode.DIFFERENT_WEIGHTS: _different,
    AuditCode.DIFFERENT_MODELS: _different_models,
    AuditCode.NO_WEIGHTS: _no_weights,
}
