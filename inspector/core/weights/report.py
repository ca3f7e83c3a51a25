"""A weight audit as a table for a terminal, and as JSON."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, Any

from inspector.core.weights.audit import AuditCode
from inspector.core.weights.rows import Status
from inspector.core.weights.wording import audit_text, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inspector.core.pairs import PairSpec
    from inspector.core.weights.audit import WeightAudit
    from inspector.core.weights.rows import WeightRow

SCHEMA = "twin-inspector/weights/1"

WIDTH = 100
"""Columns of the table."""

_MOST_ROWS = 12
"""Rows of one status that are listed without ``everything``."""

_FEW_ROWS = 4
"""The same between different models, whose rows say little."""

_ORDER = (
    Status.UNEQUAL,
    Status.MISSING_LEFT,
    Status.MISSING_RIGHT,
    Status.PERMUTED,
    Status.QUANTISED,
    Status.SLICED,
    Status.FOLDED,
    Status.TRANSPOSED,
    Status.MATCHED,
)
_TITLES = {
    Status.UNEQUAL: "unequal",
    Status.MISSING_LEFT: "only on the right",
    Status.MISSING_RIGHT: "only on the left",
    Status.PERMUTED: "classes in another order",
    Status.QUANTISED: "within half a quantisation step",
    Status.SLICED: "equal but for a background class",
    Status.FOLDED: "equal once batch norm is worked out",
    Status.TRANSPOSED: "equal in another layout",
    Status.MATCHED: "equal",
}
_COUNTED = (Status.MATCHED, Status.TRANSPOSED)
"""What is only counted without ``everything``."""

_NAME, _SHAPE, _AMOUNT = 35, 14, 9


def audit_table(audit: WeightAudit, pair: PairSpec, everything: bool = False) -> str:
    """Give an audit for a terminal, at most :data:`WIDTH` columns wide.

    Parameters
    ----------
    everything
        List every variable; else those that are simply equal are only counted, and of the others
        the first few of each kind are listed.
    """
    lines = [
        *_wrapped(audit_text(audit), ""),
        "",
        _cut(f"left   {audit.left_count:5} variables  {pair.left.name}", WIDTH),
        _cut(f"right  {audit.right_count:5} variables  {pair.right.name}", WIDTH),
    ]
    most = _FEW_ROWS if audit.code is AuditCode.DIFFERENT_MODELS else _MOST_ROWS
    for status in _ORDER:
        rows = audit.with_status(status)
        if rows:
            lines += ["", f"{_TITLES[status]}: {len(rows)}"]
            lines += _section(rows, status, everything, most)
    lines += ["", *_wrapped(_tolerance_text(audit), "")]
    return "\n".join(line.rstrip() for line in lines)


def _section(
    rows: Sequence[WeightRow], status: Status, everything: bool, most: int
) -> Iterator[str]:
    if status in _COUNTED and not everything:
        return
    # The worst first; the others keep the network's order.
    ordered = sorted(rows, key=_badness) if status is Status.UNEQUAL else rows
    shown = ordered if everything else ordered[:most]
    for row in shown:
        yield _line(row)
        if row.note and not (status is Status.FOLDED and row.max_abs_difference is None):
            yield from _wrapped(row.note, "      ")
    if len(shown) < len(rows):
        yield f"  … and {len(rows) - len(shown)} more (--all lists them)"


def _badness(row: WeightRow) -> float:
    return -(row.relative_difference or 0.0)


def _line(row: WeightRow) -> str:
    if row.left is None or row.right is None:
        shape = row.left_shape if row.left is not None else row.right_shape
        side = "left " if row.left is not None else "right"
        return f"  {side} {_cut(row.name, 2 * _NAME):{2 * _NAME}} {_shape(shape):>{_SHAPE}}"
    differs = row.max_abs_difference or 0.0
    amount = f"Δ {differs:.2g}" if row.max_abs_difference is not None else ""
    share = percent(row.relative_difference or 0.0) if row.status is Status.UNEQUAL else ""
    names = f"{_cut(row.left, _NAME):{_NAME}} {_cut(row.right, _NAME):{_NAME}}"
    return f"  {names} {amount:{_AMOUNT}} {share or _shape(row.left_shape):>{_SHAPE}}"


def _cut(text: str, width: int) -> str:
    """Shorten in the middle of a name: its end tells most."""
    return text if len(text) <= width else f"…{text[len(text) - width + 1 :]}"


def _shape(shape: tuple[int, ...] | None) -> str:
    return "×".join(str(length) for length in shape) if shape else "scalar"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _tolerance_text(audit: WeightAudit) -> str:
    return (
        f"Equal means: within {audit.noise:g} of the variable's largest value; for folded layers, "
        f"within {audit.tolerance:g} of each channel's. Δ is the largest absolute difference."
    )


def audit_json(audit: WeightAudit, pair: PairSpec) -> dict[str, Any]:
    """Give an audit as JSON; numbers are finite or null."""
    return {
        "schema": SCHEMA,
        "pair": pair.id,
        "left": {"release": pair.left.name, "variables": audit.left_count},
        "right": {"release": pair.right.name, "variables": audit.right_count},
        "same_checkpoint": audit.same_checkpoint,
        "code": str(audit.code),
        "text": audit.text,
        "noise": audit.noise,
        "tolerance": audit.tolerance,
        "epsilons": None if audit.epsilons is None else list(audit.epsilons),
        "class_order": None if audit.class_order is None else list(audit.class_order),
        "counts": {str(status): len(audit.with_status(status)) for status in Status},
        "rows": [_row_json(row) for row in audit.rows],
    }


def _row_json(row: WeightRow) -> dict[str, Any]:
    return {
        "left": row.left,
        "left_shape": None if row.left_shape is None else list(row.left_shape),
        "right": row.right,
        "right_shape": None if row.right_shape is None else list(row.right_shape),
        "status": str(row.status),
        "note": row.note,
        "max_abs_difference": _finite(row.max_abs_difference),
        "relative_difference": _finite(row.relative_difference),
        "elements": row.elements,
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
