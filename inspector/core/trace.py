"""A trace: the endpoints of both networks for one picture, aligned and compared by depth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from inspector.core.endpoints import Activation, Endpoint, EndpointKind, Gap, measure_gap
from inspector.core.trace_alignment import align

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.core.features.kinds import AnyResult
    from inspector.core.pairs import PairSpec, ReleaseSpec
    from inspector.core.picture import PictureSource
    from inspector.core.result import SideSettings

NOISE = 1e-4
"""Relative difference up to which two activations agree.

Releases of one checkpoint with other operations differ by 1e-7 to some 1e-5, growing with the
depth; weights rounded to float16 differ by some 1e-3, to 8 bits by more than 1e-2.
"""


@dataclass(frozen=True, slots=True)
class TraceTask:
    """Trace one picture through both releases of a pair; the outcome is a `Trace`."""

    picture: PictureSource
    pair: PairSpec
    left: SideSettings
    right: SideSettings

    @property
    def releases(self) -> tuple[ReleaseSpec, ReleaseSpec]:
        """The releases that have to be on this machine."""
        return self.pair.left, self.pair.right


class TraceCode(StrEnum):
    """What a trace shows."""

    AGREE = "agree"
    INPUT = "input"
    DEPART = "depart"
    NOT_ALIGNED = "not_aligned"


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One endpoint, or two that belong together.

    Attributes
    ----------
    left, right
        The endpoints; None where the other side has no counterpart.
    gap
        How far the two are apart; None where one of them is missing.
    """

    left: Endpoint | None
    right: Endpoint | None
    gap: Gap | None = None

    @property
    def agrees(self) -> bool:
        """Tell whether the two are the same but for float noise."""
        return self.gap is not None and self.gap.relative_l2 <= NOISE

    @property
    def name(self) -> str:
        """Give both names, or one where they are the same or the other is missing."""
        names = [end.name for end in (self.left, self.right) if end is not None]
        return " / ".join(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class Path:
    """What the two networks do, from the input to the output.

    Attributes
    ----------
    rows
        In the order of depth, the first the model input and the last the output. Endpoints without
        a counterpart stand where their own network has them.
    departs
        Index of the row where they first differ for good, or None where they agree.
    """

    rows: tuple[TraceRow, ...]
    departs: int | None

    @property
    def aligned(self) -> tuple[TraceRow, ...]:
        """The rows with both sides, input and output among them."""
        return tuple(row for row in self.rows if row.gap is not None)

    @property
    def code(self) -> TraceCode:
        """What it shows."""
        first = self.rows[0]
        if first.gap is None or not first.agrees:
            return TraceCode.INPUT
        if len(self.aligned) <= _OUTER and self.departs is not None:
            return TraceCode.NOT_ALIGNED
        return TraceCode.AGREE if self.departs is None else TraceCode.DEPART

    @property
    def last_agreeing(self) -> TraceRow | None:
        """The aligned row right before the one where they depart."""
        if self.departs is None:
            return self.aligned[-1] if self.aligned else None
        before = [row for row in self.rows[: self.departs] if row.agrees]
        return before[-1] if before else None


@dataclass(frozen=True, eq=False, slots=True)
class Trace:
    """The outcome of a `TraceTask`.

    Attributes
    ----------
    result
        The comparison on the same picture and inputs.
    path
        The endpoints.
    milliseconds
        ``left``, ``right`` (reading all endpoints) and ``compare``, wall time.
    """

    result: AnyResult
    path: Path
    milliseconds: dict[str, float]

    @property
    def text(self) -> str:
        """Say in one or two sentences what it shows."""
        return path_text(self.path)


_OUTER = 2
"""Rows that every trace has: the input and the output."""


def trace_path(left: Sequence[Activation], right: Sequence[Activation]) -> Path:
    """Align and compare.

    Parameters
    ----------
    left, right
        Each side's activations in the order of depth. The first is the model input as pixels from
        0 to 1, the last the output in the common form; these two belong together whatever they
        hold.
    """
    inner = [(i + 1, j + 1) for i, j in align(left[1:-1], right[1:-1])]
    pairs = [(0, 0), *inner, (len(left) - 1, len(right) - 1)]
    gaps = {pair: _gap(left[pair[0]], right[pair[1]]) for pair in pairs}
    kept = _without_chance_pairs(pairs, gaps)
    rows = tuple(_rows(left, right, kept, gaps))
    return Path(rows, _departure(rows))


def _gap(left: Activation, right: Activation) -> Gap | None:
    a, b = left.compact, right.compact
    return measure_gap(a, b) if a.shape == b.shape else None


_CHANCE = 100 * NOISE
"""From here two endpoints that are followed by an equal pair were no pair."""


def _without_chance_pairs(
    pairs: list[tuple[int, int]], gaps: dict[tuple[int, int], Gap | None]
) -> list[tuple[int, int]]:
    """Take pairs apart that only share a shape.

    Where both networks agree further down, they did not differ before; two endpoints that do were
    not the same point. Input and output are left alone: the output may agree because a softmax
    was saturated, the input always belongs together.
    """
    inner = pairs[1:-1]
    agreeing = [k for k, pair in enumerate(inner) if (g := gaps[pair]) and g.relative_l2 <= NOISE]
    last = agreeing[-1] if agreeing else -1
    kept = [
        pair
        for k, pair in enumerate(inner)
        if k > last or ((gap := gaps[pair]) is not None and gap.relative_l2 <= _CHANCE)
    ]
    return [pairs[0], *kept, pairs[-1]]


def _rows(
    left: Sequence[Activation],
    right: Sequence[Activation],
    pairs: list[tuple[int, int]],
    gaps: dict[tuple[int, int], Gap | None],
) -> list[TraceRow]:
    rows: list[TraceRow] = []
    i = j = 0
    for pair in pairs:
        rows += [TraceRow(a.endpoint, None) for a in left[i : pair[0]]]
        rows += [TraceRow(None, b.endpoint) for b in right[j : pair[1]]]
        rows.append(TraceRow(left[pair[0]].endpoint, right[pair[1]].endpoint, gaps[pair]))
        i, j = pair[0] + 1, pair[1] + 1
    return rows


def _departure(rows: Sequence[TraceRow]) -> int | None:
    """Give the first row after which no endpoint agrees any more, or None.

    A lone row a little above the noise, with agreement after it, is noise.
    """
    measured = [k for k, row in enumerate(rows) if row.gap is not None]
    if not measured:
        return None
    output = measured[-1]
    inner = [k for k in measured if k != output]
    agreeing = [k for k in inner if rows[k].agrees]
    after = [k for k in inner if k > agreeing[-1]] if agreeing else inner
    if after:
        return after[0]
    return None if rows[output].agrees else output


def path_text(path: Path) -> str:
    """Say in one or two sentences where two networks part."""
    count = len(path.aligned)
    departs = None if path.departs is None else path.rows[path.departs]
    if path.code is TraceCode.INPUT:
        return _input_text(path)
    if departs is None:
        worst = max(path.aligned, key=lambda row: row.gap.relative_l2 if row.gap else 0.0)
        return (
            f"Both networks agree at all {count} aligned endpoints, from the input to the output; "
            f"the largest relative difference is {_amount(worst)}, at {worst.name}."
        )
    if path.code is TraceCode.NOT_ALIGNED:
        return (
            "Input and output could be compared, but no endpoint between them: the networks have "
            f"no activations in common. The outputs differ by {_amount(departs)}."
        )
    last = path.last_agreeing
    up_to = f"agree up to {last.name} ({_amount(last)})" if last else "agree nowhere"
    return (
        f"Both networks {up_to}, and first differ at {departs.name}: relative difference "
        f"{_amount(departs)}{_channel_text(departs)}."
    )


def _input_text(path: Path) -> str:
    first = path.rows[0]
    if first.gap is None:
        return (
            "The two networks take inputs of different sizes, so that no endpoint of one can equal "
            "one of the other."
        )
    return (
        f"The inputs differ already, by {_amount(first)}, so later differences may come from "
        "there; set both sides to the mode 'identical' to compare the networks alone."
    )


def _amount(row: TraceRow) -> str:
    return "nothing" if row.gap is None else f"{row.gap.relative_l2:.2g}"


def _channel_text(row: TraceRow) -> str:
    """Name the worst channel where it stands out from the others."""
    gap, endpoint = row.gap, row.left
    if gap is None or endpoint is None or endpoint.kind is EndpointKind.OUTPUT:
        return ""
    return f", most in channel {gap.worst_channel}"


def input_endpoint(shape: tuple[int, ...]) -> Endpoint:
    """Make the endpoint of the model input."""
    return Endpoint("input", shape, EndpointKind.INPUT)


def output_endpoint(count: int) -> Endpoint:
    """Make the endpoint of the output in the common form."""
    return Endpoint("output", (count,), EndpointKind.OUTPUT)
