"""Do two releases hold the same checkpoint? Proved variable by variable, across names and layouts.

What is proved: each variable of either side is, within :data:`NOISE` of its largest value, a
variable of the other side, in whatever layout, with or without a background class; or it belongs
to a layer whose batch norm the other side folds differently, and both compute the same within
:data:`TOLERANCE` for each channel; or it lies on the grid of a quantisation whose half step is all
by which it differs, as a bias in whole numbers does on a grid of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from inspector.core.weights.affine import TOLERANCE
from inspector.core.weights.classes import match_classes
from inspector.core.weights.fold import match_folds
from inspector.core.weights.match import NOISE, Board, dissolve, match_alike, match_cut, match_equal
from inspector.core.weights.rows import (
    Status,
    WeightRow,
    beside_quantised,
    missing_row,
    other_epsilon,
    rows_of_classes,
    rows_of_fold,
    rows_of_match,
)
from inspector.core.weights.tensors import find_items, members_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.core.weights.affine import Fold
    from inspector.core.weights.match import Match
    from inspector.core.weights.tensors import NamedWeight

_DIFFERENT_MODELS = 0.5
"""Share of variables without a counterpart from which two releases are other models."""

_MANY = 0.1
"""Share of rows without proof from which another way of matching is tried."""


class AuditCode(StrEnum):
    """The answer."""

    SAME = "same_checkpoint"
    OTHER_EPSILON = "other_epsilon"
    CLASSES_REORDERED = "classes_reordered"
    QUANTISED = "same_checkpoint_quantised"
    PARTLY_SAME = "partly_same"
    DIFFERENT_WEIGHTS = "different_weights"
    DIFFERENT_MODELS = "different_models"
    NO_WEIGHTS = "no_weights"


@dataclass(frozen=True, slots=True)
class WeightAudit:
    """Both releases' variables, matched.

    Attributes
    ----------
    rows
        In the left release's order, those that only the right one has at the end.
    code
        The answer.
    same_checkpoint
        Whether every variable of both sides was found on the other. With `OTHER_EPSILON`,
        `CLASSES_REORDERED` and `QUANTISED` that is so, and yet the releases do not compute the
        same.
    left_count, right_count
        Number of variables of each side.
    epsilons
        Of the left and the right batch norms, where they differ.
    class_order
        Where the classes come in another order: for each left class the right one's index, a
        surplus class not counted.
    noise, tolerance
        Largest |Δ| that counts as equal: of plain variables in units of their largest value, of
        folded ones in units of their channel's.
    """

    rows: tuple[WeightRow, ...]
    code: AuditCode
    left_count: int
    right_count: int
    epsilons: tuple[float, float] | None = None
    class_order: tuple[int, ...] | None = None
    noise: float = NOISE
    tolerance: float = TOLERANCE

    @property
    def same_checkpoint(self) -> bool:
        """Whether every variable of both sides was found on the other."""
        return self.code in {
            AuditCode.SAME,
            AuditCode.OTHER_EPSILON,
            AuditCode.CLASSES_REORDERED,
            AuditCode.QUANTISED,
        }

    @property
    def text(self) -> str:
        """The answer in plain words."""
        from inspector.core.weights.wording import audit_text

        return audit_text(self)

    def with_status(self, *statuses: Status) -> tuple[WeightRow, ...]:
        """Give the rows of some statuses."""
        return tuple(row for row in self.rows if row.status in statuses)


def audit_weights(left: Sequence[NamedWeight], right: Sequence[NamedWeight]) -> WeightAudit:
    """Match the variables of two releases.

    Parameters
    ----------
    left, right
        Variables in the network's order as far as it is known. Names are used to recognise batch
        norms (``…/gamma``, ``…/beta``, ``…/moving_mean``, ``…/moving_variance`` and PyTorch's
        names) and where equal values leave a choice; everything else goes by values.
    """
    lefts, rights = find_items(left), find_items(right)
    audit = _audit(Board(lefts, rights), left, right)
    named = [any(item.is_norm for item in items) for items in (lefts, rights)]
    if named[0] == named[1] or _unproven(audit) < _MANY * len(audit.rows):
        return audit
    # One side's names may not tell its batch norms: see whether more is found without them.
    plain = _audit(Board(dissolve(lefts), dissolve(rights)), left, right)
    return min(audit, plain, key=_unproven)


def _unproven(audit: WeightAudit) -> int:
    return sum(not row.status.proven for row in audit.rows)


def _audit(board: Board, left: Sequence[NamedWeight], right: Sequence[NamedWeight]) -> WeightAudit:
    matches = match_equal(board) + match_cut(board)
    classes = match_classes(board)
    folds = match_folds(board)
    matches += match_alike(board)
    rows = [row for match in matches for row in rows_of_match(match)]
    rows += [row for fold in folds for row in rows_of_fold(fold)]
    if classes is not None:
        rows += rows_of_classes(classes)
    rows += [missing_row(weight, None) for weight in members_of(board.left)]
    rows += [missing_row(None, weight) for weight in members_of(board.right)]
    told = {weight.name for weight in (*left, *right) if weight.is_coarse}
    rows = beside_quantised(rows, told)
    places = {weight.name: index for index, weight in enumerate(left)}
    after = {weight.name: len(left) + index for index, weight in enumerate(right)}
    rows.sort(key=lambda row: places[row.left] if row.left is not None else after[row.right or ""])
    epsilons = _epsilons(matches, folds)
    return WeightAudit(
        rows=tuple(rows),
        code=_code(rows, epsilons is not None, classes is not None),
        left_count=len(left),
        right_count=len(right),
        epsilons=epsilons,
        class_order=None if classes is None else tuple(int(place) for place in classes.order),
    )


def _epsilons(matches: list[Match], folds: list[Fold]) -> tuple[float, float] | None:
    for match in matches:
        if match.left.is_norm and other_epsilon(match):
            assert match.left.epsilon is not None
            assert match.right.epsilon is not None
            return match.left.epsilon, match.right.epsilon
    for fold in folds:
        for part, swapped in ((fold.left, False), (fold.right, True)):
            if part.other_epsilon and part.norm is not None and part.norm.epsilon is not None:
                pair = (part.norm.epsilon, part.epsilon)
                return pair[::-1] if swapped else pair
    return None


def _code(rows: list[WeightRow], other_epsilon: bool, reordered: bool) -> AuditCode:
    left_any = any(row.left is not None for row in rows)
    right_any = any(row.right is not None for row in rows)
    if not (left_any and right_any):
        return AuditCode.NO_WEIGHTS
    if all(row.status.proven for row in rows):
        if reordered:
            return AuditCode.CLASSES_REORDERED
        if any(row.status is Status.QUANTISED for row in rows):
            return AuditCode.QUANTISED
        return AuditCode.OTHER_EPSILON if other_epsilon else AuditCode.SAME
    missing = [row for row in rows if row.status in {Status.MISSING_LEFT, Status.MISSING_RIGHT}]
    both = {row.status for row in missing} == {Status.MISSING_LEFT, Status.MISSING_RIGHT}
    if both and len(missing) > _DIFFERENT_MODELS * sum(row.sides for row in rows):
        return AuditCode.DIFFERENT_MODELS
    telling = [row for row in rows if not row.constant and row not in missing]
    found = sum(row.status.proven for row in telling)
    if missing and found == len(telling) > 0:
        return AuditCode.PARTLY_SAME
    return AuditCode.DIFFERENT_WEIGHTS
