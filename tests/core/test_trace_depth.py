from __future__ import annotations

import math

import pytest

from inspector.core.endpoints import Endpoint, EndpointKind, Gap
from inspector.core.trace import Path, TraceRow
from inspector.core.trace_depth import LOWEST, depth_points, point_of


def row(name: str, relative: float | None) -> TraceRow:
    end = Endpoint(name, (4,), EndpointKind.LAYER)
    if relative is None:
        return TraceRow(end, None)
    return TraceRow(end, end, Gap(relative, 1.0, relative, 0, relative))


PATH = Path(
    (row("input", 0.0), row("alone", None), row("a", 1e-6), row("b", 0.1), row("output", 20.0)), 3
)


def test_every_aligned_endpoint_is_a_point() -> None:
    points = depth_points(PATH)
    assert points.rows.tolist() == [0, 2, 3, 4]
    assert points.decades == pytest.approx([LOWEST, -6.0, -1.0, math.log10(20.0)])
    assert points.agrees.tolist() == [True, True, False, False]
    assert points.departs == 2
    assert points.limits == (-9.0, 2.0)


def test_rows_and_points_belong_together() -> None:
    points = depth_points(PATH)
    assert [point_of(points, place) for place in range(5)] == [0, None, 1, 2, 3]


def test_networks_that_agree_part_nowhere() -> None:
    points = depth_points(Path((row("input", 1e-7), row("output", 1e-6)), None))
    assert points.departs is None
    assert points.limits == (-8.0, 0.0)


def test_numbers_that_are_not_finite_stand_at_the_upper_limit() -> None:
    points = depth_points(Path((row("input", 1e-7), row("output", math.inf)), 1))
    assert points.decades.tolist() == [pytest.approx(-7.0), 0.0]
    assert points.agrees.tolist() == [True, False]
