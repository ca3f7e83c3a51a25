"""Rows of a weight audit: two variables and how they differ."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.weights.affine import TOLERANCE
from inspector.core.weights.grid import SYMMETRIC, quantised_side, rounded_sides
from inspector.core.weights.layout import largest_difference, largest_value, same_size_layouts
from inspector.core.weights.match import NOISE
from inspector.core.weights.tensors import Role, is_constant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from inspector.core.pairs import Side
    from inspector.core.weights.affine import Agreement, Fold, Part
    from inspector.core.weights.classes import ClassOrder
    from inspector.core.weights.layout import Layout
    from inspector.core.weights.match import Match
    from inspector.core.weights.tensors import Item, NamedWeight

    Array = NDArray[np.floating]


class Status(StrEnum):
    """What became of a variable."""

    MATCHED = "matched"
    TRANSPOSED = "transposed"
    SLICED = "sliced"
    PERMUTED = "permuted"
    FOLDED = "folded"
    QUANTISED = "quantised"
    UNEQUAL = "unequal"
    MISSING_LEFT = "missing_left"
    MISSING_RIGHT = "missing_right"

    @property
    def proven(self) -> bool:
        """Whether the variable was found on the other side."""
        return self not in {Status.UNEQUAL, Status.MISSING_LEFT, Status.MISSING_RIGHT}


@dataclass(frozen=True, slots=True)
class WeightRow:
    """One variable of each side, or of one side alone.

    Attributes
    ----------
    left, right
        Names; None where a side has no such variable of its own.
    left_shape, right_shape
        Shapes; None where there is no name.
    status
        What became of it. A folded row with one name is a variable that the other side folded
        into its neighbours.
    note
        What differs in the layout or the division among variables; may be empty.
    max_abs_difference
        max |Δ|, for folded rows of what they compute together; None where nothing is compared.
    relative_difference
        The same, as a share of the largest absolute value of both sides.
    elements
        Number of elements, of the larger side.
    constant
        Whether every element is the same, so that equality proves nothing.
    """

    left: str | None
    left_shape: tuple[int, ...] | None
    right: str | None
    right_shape: tuple[int, ...] | None
    status: Status
    note: str = ""
    max_abs_difference: float | None = None
    relative_difference: float | None = None
    elements: int = 0
    constant: bool = False

    @property
    def name(self) -> str:
        """The left name, else the right one."""
        return self.left or self.right or ""

    @property
    def sides(self) -> int:
        """Number of variables that the row speaks of."""
        return (self.left is not None) + (self.right is not None)


def make_row(
    left: NamedWeight | None,
    right: NamedWeight | None,
    status: Status,
    note: str = "",
    difference: float | None = None,
    reach: float | None = None,
) -> WeightRow:
    """Make a row; the relative difference is taken from the absolute one and `reach`."""
    given = [weight.values for weight in (left, right) if weight is not None]
    relative = None
    if difference is not None:
        relative = difference / reach if reach else float(difference > 0)
    return WeightRow(
        left=None if left is None else left.name,
        left_shape=None if left is None else left.values.shape,
        right=None if right is None else right.name,
        right_shape=None if right is None else right.values.shape,
        status=status,
        note=note,
        max_abs_difference=difference,
        relative_difference=relative,
        elements=max(values.size for values in given),
        constant=all(is_constant(values) for values in given),
    )


def rows_of_match(match: Match) -> Iterator[WeightRow]:
    """Give the rows of a match: one, or one for each variable of a batch norm."""
    if not match.left.is_norm:
        assert match.layout is not None
        yield compared(match.left.weight, match.right.weight, match.layout)
        return
    for role in Role:
        left, right = match.left.members.get(role), match.right.members.get(role)
        if left is not None and right is not None:
            layout = next(same_size_layouts(left.values.shape, right.values.shape))
            row = compared(left, right, layout)
            if role is Role.VARIANCE and other_epsilon(match):
                row = replace(row, note=f"epsilon {left.epsilon:g} left, {right.epsilon:g} right")
            yield row
        elif left is not None or right is not None:
            yield missing_row(left, right)


def other_epsilon(match: Match) -> bool:
    """Tell whether both batch norms declare their epsilons, and not the same."""
    left, right = match.left.epsilon, match.right.epsilon
    return left is not None and right is not None and not np.isclose(left, right, rtol=1e-6)


def missing_row(left: NamedWeight | None, right: NamedWeight | None) -> WeightRow:
    """Give the row of a variable that one side lacks."""
    return make_row(left, right, Status.MISSING_LEFT if left is None else Status.MISSING_RIGHT)


def compared(left: NamedWeight, right: NamedWeight, layout: Layout) -> WeightRow:
    """Compare two variables in a layout."""
    a, b = layout.align(left.values, right.values)
    difference, reach = largest_difference(a, b), largest_value(a, b)
    note = layout.describe(left.values.shape, right.values.shape)
    if difference > NOISE * reach:
        sides = _rounded_sides(left, right, layout)
        if sides:
            note = _joined(note, quantised_note(sides))
            return make_row(left, right, Status.QUANTISED, note, difference, reach)
        note = _joined(note, _relation(a, b))
        return make_row(left, right, Status.UNEQUAL, note, difference, reach)
    if layout.cut is not None:
        status = Status.SLICED
    else:
        status = Status.TRANSPOSED if note else Status.MATCHED
    return make_row(left, right, status, note, difference, reach)


def _rounded_sides(left: NamedWeight, right: NamedWeight, layout: Layout) -> tuple[Side, ...]:
    """Tell which sides were rounded, where that is all by which two variables differ."""
    a, b = layout.align(left.values, right.values)
    if _same_grid(left, right, layout):
        return ()
    if left.is_coarse or right.is_coarse:
        gap = np.abs(np.asarray(a, np.float64) - b)
        steps = layout.align(left.known_steps, right.known_steps)
        sides = rounded_sides(gap, steps, np.float64(NOISE * largest_value(a, b)))
        if sides:
            return sides
    side = quantised_side(a, b)
    return () if side is None else (side,)


def _same_grid(left: NamedWeight, right: NamedWeight, layout: Layout) -> bool:
    """Tell whether both sides can hold just the same numbers: rounding then gives one of them."""
    if left.steps is not None and right.steps is not None:
        return np.array_equal(*layout.align(left.known_steps, right.known_steps))
    return left.values.dtype == right.values.dtype == np.float16


def quantised_note(sides: Sequence[Side]) -> str:
    """Say which side is the quantised one."""
    who = f"the {sides[0]} side" if len(sides) == 1 else "both sides"
    return f"{who} quantised, within half a step"


def beside_quantised(rows: list[WeightRow], told: AbstractSet[str | None]) -> list[WeightRow]:
    """Let vectors be a little off where kernels of the same release are quantised.

    A quantised layer's bias is rounded too, more finely than its kernel, but one value for each
    channel shows no grid: it counts where it is within half a step of 8 bits.

    Parameters
    ----------
    rows
        All of them.
    told
        Names of vectors whose own steps are known: those were judged by them.
    """
    if not any(row.status is Status.QUANTISED for row in rows):
        return rows
    return [
        replace(row, status=Status.QUANTISED, note="beside quantised kernels")
        if row.status is Status.UNEQUAL
        and not {row.left, row.right} & told
        and _rounded_vector(row)
        else row
        for row in rows
    ]


def _rounded_vector(row: WeightRow) -> bool:
    share = row.relative_difference
    is_vector = max(row.left_shape or (0,), default=0) == row.elements
    return is_vector and share is not None and share <= 0.5 / SYMMETRIC


def _relation(a: Array, b: Array) -> str:
    """Say how unequal tensors follow from each other, where that is simple; else nothing."""
    x, y = (np.asarray(array, np.float32) for array in (a, b))
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return "not all numbers are finite"
    for name, exact, other in (("left", x, y), ("right", y, x)):
        for kind, rounded in (("float16", _as_float16), ("bfloat16", _as_bfloat16)):
            if not is_constant(other) and np.array_equal(rounded(exact), other):
                return f"the {name} side rounded to {kind}"
    square = float(np.vdot(x, x))
    factor = float(np.vdot(x, y)) / square if square > 0 else 0.0
    if factor and largest_difference(x * np.float32(factor), y) <= TOLERANCE * largest_value(y):
        return f"right is {factor:.6g} times left throughout"
    return ""


def _as_float16(values: NDArray[np.float32]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        return values.astype(np.float16).astype(np.float32)


def _as_bfloat16(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Round to the upper 16 bits, halves to even."""
    bits = np.ascontiguousarray(values).view(np.uint32)
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & np.uint32(0xFFFF0000)
    return rounded.view(np.float32)


def rows_of_classes(found: ClassOrder) -> Iterator[WeightRow]:
    """Give the rows of classes in another order."""
    for match in found.matches:
        assert match.layout is not None
        left, right = match.left.weight, match.right.weight
        a, b = match.layout.align(left.values, right.values)
        b = b[..., found.order]
        layout = match.layout.describe(left.values.shape, right.values.shape)
        note = _joined("classes in another order", layout)
        difference = largest_difference(a, b)
        yield make_row(left, right, Status.PERMUTED, note, difference, largest_value(a, b))


def rows_of_fold(fold: Fold) -> Iterator[WeightRow]:
    """Give the rows of a fold: kernels, what makes the scale, what makes the shift.

    Where what both compute does not agree, the kernel (or the gamma, where kernels take no part)
    or the beta (or bias) stands for it.
    """
    left, right = fold.left, fold.right
    if left.kernel is not None and right.kernel is not None:
        assert fold.kernel_layout is not None
        a, b = left.kernel.weight, right.kernel.weight
        layout = fold.kernel_layout.describe(a.values.shape, b.values.shape)
        yield _folded(a, b, "kernel · scale", fold.kernel, layout)
    scale = fold.scale if fold.kernel is None else None
    remark = _epsilon_remark(left, right)
    for role in (Role.GAMMA, Role.MEAN, Role.VARIANCE):
        a_part, b_part = _member(left.norm, role), _member(right.norm, role)
        if a_part is not None or b_part is not None:
            measured = scale if role is Role.GAMMA else None
            extra = remark if role is Role.VARIANCE else ""
            yield _folded(a_part, b_part, "scale", measured, extra)
    shift: Agreement | None = fold.shift
    for a_part, b_part in itertools.zip_longest(_shift_weights(left), _shift_weights(right)):
        yield _folded(a_part, b_part, "shift", shift)
        shift = None


def _shift_weights(part: Part) -> Iterator[NamedWeight]:
    beta = _member(part.norm, Role.BETA)
    if beta is not None:
        yield beta
    if part.bias is not None:
        yield part.bias.weight


def _member(norm: Item | None, role: Role) -> NamedWeight | None:
    return None if norm is None else norm.members.get(role)


def _folded(
    left: NamedWeight | None,
    right: NamedWeight | None,
    what: str,
    measured: Agreement | None,
    extra: str = "",
) -> WeightRow:
    """Give one row of a fold; without a measurement it only takes part in what others show."""
    if measured is None:
        one_sided = left is None or right is None
        note = "folded into its neighbours" if one_sided else "folded together"
        return make_row(left, right, Status.FOLDED, _joined(note, extra))
    if measured.quantised:
        note = _joined(f"{what} compared", quantised_note(measured.quantised), extra)
        return make_row(left, right, Status.QUANTISED, note, measured.difference, measured.reach)
    status = Status.FOLDED if measured.agrees else Status.UNEQUAL
    note = f"{what} agrees" if measured.agrees else f"{what} compared"
    return make_row(left, right, status, _joined(note, extra), measured.difference, measured.reach)


def _joined(*notes: str) -> str:
    return ", ".join(note for note in notes if note)


def _epsilon_remark(left: Part, right: Part) -> str:
    for part in (left, right):
        if part.other_epsilon and part.norm is not None:
            return f"agrees with epsilon {part.epsilon:g}, not with {part.norm.epsilon:g}"
    return ""
