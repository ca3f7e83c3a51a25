"""A trace as JSON for scripts and as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inspector.core.reports.feature_aware import any_json
from inspector.core.reports.terminal import finite, fit, plain, wrap
from inspector.core.trace import NOISE
from inspector.core.wording import mode_with_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.endpoints import Endpoint, Gap
    from inspector.core.trace import Trace, TraceRow

SCHEMA = "twin-inspector/trace/1"
"""Name and version of the JSON form."""

_LEFT, _RIGHT, _SHAPE, _NUMBER = 28, 36, 13, 8


def trace_json(trace: Trace, top: int = 5) -> dict[str, Any]:
    """Give a trace in the form ``twin-inspector/trace/1``; numbers are finite or None.

    It nests the comparison, as ``compare --json`` gives it.
    """
    path, result = trace.path, trace.result
    return {
        "schema": SCHEMA,
        "comparison": any_json(result, top),
        "left": result.left.release.name,
        "right": result.right.release.name,
        "noise": NOISE,
        "endpoints": [_row_json(row) for row in path.rows],
        "aligned": len(path.aligned),
        "departs": path.departs,
        "verdict": {"code": str(path.code), "text": trace.text},
        "timings_ms": {name: finite(value) for name, value in trace.milliseconds.items()},
    }


def _row_json(row: TraceRow) -> dict[str, Any]:
    return {
        "left": None if row.left is None else _endpoint_json(row.left),
        "right": None if row.right is None else _endpoint_json(row.right),
        "agrees": None if row.gap is None else row.agrees,
        "difference": None if row.gap is None else _gap_json(row.gap),
    }


def _endpoint_json(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "name": endpoint.name,
        "kind": str(endpoint.kind),
        "made_by": endpoint.made_by or None,
        "shape": list(endpoint.shape),
    }


def _gap_json(gap: Gap) -> dict[str, Any]:
    return {
        "relative_l2": finite(gap.relative_l2),
        "cosine": finite(gap.cosine),
        "max_abs": finite(gap.max_abs),
        "worst_channel": gap.worst_channel,
        "worst_channel_difference": finite(gap.worst_channel_gap),
    }


def trace_text(trace: Trace, everything: bool = False) -> str:
    """Give a trace as plain text of at most 100 columns.

    Parameters
    ----------
    everything
        List the endpoints without a counterpart too; else they are only counted.
    """
    sides = (trace.result.left, trace.result.right)
    names = [
        f"{plain(side.release.name)}, mode {mode_with_id(side.settings.mode)}" for side in sides
    ]
    lines = [
        *wrap(trace.text),
        "",
        f"left   {names[0]}",
        f"right  {names[1]}",
        "",
        *_table(trace, everything),
    ]
    return "\n".join(line.rstrip() for line in lines)


def _table(trace: Trace, everything: bool) -> Iterator[str]:
    yield _cells("  left", "right", "shape", "relative", "largest")
    for place, row in enumerate(trace.path.rows):
        if row.gap is not None:
            mark = "→" if place == trace.path.departs else " " if row.agrees else "≠"
            yield _line(mark, row)
        elif everything:
            yield _line("·", row)
    unpaired = [row for row in trace.path.rows if row.gap is None]
    if unpaired and not everything:
        lefts = sum(row.left is not None for row in unpaired)
        yield (
            f"  {lefts} endpoints on the left and {len(unpaired) - lefts} on the right have no "
            "counterpart (--all lists them)"
        )
    yield ""
    yield from wrap(
        f"relative is ‖left-right‖ over the larger norm; up to {NOISE:g} is float noise. largest "
        "is the largest absolute difference. → marks where they part, ≠ what differs."
    )


def _line(mark: str, row: TraceRow) -> str:
    left, right, gap = row.left, row.right, row.gap
    shape = (left or right).shape if left or right else ()  # type: ignore[union-attr]
    return _cells(
        f"{mark} {_end_of(left.name, _LEFT - 2) if left else '-'}",
        _end_of(right.name, _RIGHT) if right else "-",
        "×".join("?" if length is None else str(length) for length in shape),
        "" if gap is None else f"{gap.relative_l2:.1e}",
        "" if gap is None else f"{gap.max_abs:.1e}",
    )


def _cells(left: str, right: str, shape: str, relative: str, largest: str) -> str:
    return " ".join(
        (
            fit(left, _LEFT),
            fit(right, _RIGHT),
            fit(shape, _SHAPE),
            fit(relative, _NUMBER, right=True),
            fit(largest, _NUMBER, right=True),
        )
    )


def _end_of(name: str, width: int) -> str:
    """Shorten a name at its beginning: its end tells most."""
    name = plain(name)
    return name if len(name) <= width else f"…{name[len(name) - width + 1 :]}"
