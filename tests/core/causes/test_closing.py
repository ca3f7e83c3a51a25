from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inspector.core.causes.canonical import Canonical, OutputReading, canonical_side
from inspector.core.causes.closing import (
    Change,
    Proposal,
    Situation,
    applied,
    broken_conventions,
    declared_form,
    search,
)
from inspector.core.input_range import UNIT, plain_range
from inspector.core.modes import MODES, resolve_mode
from inspector.core.pairs import Side
from inspector.core.preprocessing import ChannelOrder, Crop, CropKind, ResizeMethod
from inspector.core.result import SideSettings
from inspector.core.scores import OutputSwitches
from tests.support.results import LEFT, RIGHT, make_result


@pytest.fixture
def left() -> Canonical:
    return canonical_side(make_result().left)


@pytest.fixture
def right() -> Canonical:
    return canonical_side(make_result().right)


def row_of(_: Side, form: Canonical) -> np.ndarray:
    """Play both models: each stage moves the first class's probability by an amount of its own."""
    p = 0.5
    p += 0.1 * (form.pixels.resize.method is ResizeMethod.NEAREST)
    p += 0.02 * (str(form.pixels.decode.decoder) == "pillow")
    p -= 0.3 * (form.scale != UNIT)
    p -= 0.2 * (form.channel_order is ChannelOrder.BGR)
    return np.array([p, 1 - p])


def find(left: Canonical, right: Canonical, stages: tuple[str, ...]) -> tuple[Proposal, ...]:
    total = float(np.max(np.abs(row_of(Side.LEFT, left) - row_of(Side.RIGHT, right))))
    return search(Situation(left, right, stages, total, 1e-5), row_of, {})


def test_the_smallest_set_that_closes_the_gap_comes_first(
    left: Canonical, right: Canonical
) -> None:
    proposals = find(left, right, ("decode", "resize"))
    first = proposals[0]
    assert first.closes
    assert {change.stage for change in first.changes} == {"decode", "resize"}
    assert first.closed_share == pytest.approx(1.0)
    single = [proposal for proposal in proposals if len(proposal.changes) == 1]
    assert single[0].changes[0].stage == "resize"  # closes more than the decoder
    assert single[0].remaining == pytest.approx(0.02)


def test_what_closes_hardly_anything_is_not_proposed(left: Canonical, right: Canonical) -> None:
    def row(side: Side, form: Canonical) -> np.ndarray:
        p = 0.5 + 0.1 * (side is Side.LEFT) - 1e-3 * (form.pixels.resize == right.pixels.resize)
        return np.array([p, 1 - p])

    assert left.pixels.resize != right.pixels.resize
    situation = Situation(left, right, ("resize",), 0.101, 1e-5)
    assert search(situation, row, {"identical": (right, right)}) == ()
    broken = replace(left, channel_order=ChannelOrder.BGR)
    mends = search(replace(situation, left=broken), row, {})
    assert mends[0].changes == (Change(Side.LEFT, "channel_order", "declared"),)


def test_a_broken_convention_is_mended_first(left: Canonical, right: Canonical) -> None:
    wrong = replace(left, scale=plain_range(0.5, 1.0))
    proposals = find(wrong, right, ("decode", "resize", "scale"))
    assert proposals[0].changes == (Change(Side.LEFT, "scale", "declared"),)
    assert all(proposal.mends_convention for proposal in proposals[:2])


def test_a_mistake_on_both_sides_is_mended_although_they_agree(right: Canonical) -> None:
    wrong = replace(right, channel_order=ChannelOrder.BGR)
    proposals = find(wrong, wrong, ())
    assert proposals[0].changes == (
        Change(Side.LEFT, "channel_order", "declared"),
        Change(Side.RIGHT, "channel_order", "declared"),
    )


def test_nothing_is_proposed_where_nothing_is_wrong(left: Canonical) -> None:
    assert find(left, left, ()) == ()


def test_pixels_are_no_mend_where_both_sides_have_the_same(left: Canonical) -> None:
    """Another mode for both only shows the models at another place, nearer by chance."""

    def apart(side: Side, form: Canonical) -> np.ndarray:
        gap = 0.01 if form.pixels.crop.kind is CropKind.CENTRAL else 0.1
        return np.array([0.5 + (gap if side is Side.LEFT else 0.0), 0.5])

    other = replace(left, pixels=replace(left.pixels, crop=Crop(CropKind.CENTRAL)))
    modes = {"slim_eval": (other, other)}
    assert search(Situation(left, left, (), 0.1, 1e-5), apart, modes) == ()
    assert search(Situation(left, left, ("resize",), 0.1, 1e-5), apart, modes)


def test_broken_conventions_are_named(left: Canonical) -> None:
    assert broken_conventions(left) == ()
    broken = replace(
        left,
        scale=plain_range(0.0, 2.0),
        channel_order=ChannelOrder.BGR,
        reading=OutputReading.SOFTMAX_TWICE,
    )
    assert broken_conventions(broken) == ("scale", "channel_order", "output")
    assert broken_conventions(declared_form(broken)) == ()


@pytest.mark.parametrize("mode", [mode.id for mode in MODES])
def test_a_form_goes_back_to_the_settings_it_came_from(mode: str) -> None:
    result = make_result()
    for side, other, of_result in ((LEFT, RIGHT, result.left), (RIGHT, LEFT, result.right)):
        settings = SideSettings(mode, resolve_mode(mode, side, other), OutputSwitches())
        form = canonical_side(replace(of_result, settings=settings))
        assert applied(form, settings, side).preprocessing == settings.preprocessing


def test_applying_a_mend_gives_the_named_mode_back() -> None:
    result = make_result(right_output=OutputSwitches(softmax=False))
    settings = SideSettings("bgr", resolve_mode("bgr", RIGHT, LEFT), OutputSwitches(softmax=False))
    form = declared_form(canonical_side(replace(result.right, settings=settings)))
    mended = applied(form, settings, RIGHT)
    assert mended.mode == "hub"
    assert mended.output == OutputSwitches()


def test_a_range_that_was_found_to_fit_takes_the_place_of_the_declared_one(
    left: Canonical, right: Canonical
) -> None:
    found = plain_range(-1.0, 1.0)

    def row(_: Side, form: Canonical) -> np.ndarray:
        p = 0.5 + 0.3 * (_ is Side.LEFT and form.scale != found)
        return np.array([p, 1 - p])

    situation = Situation(left, right, (), 0.3, 1e-5, {Side.LEFT: found})
    proposals = search(situation, row, {"identical": (left, right)})
    assert proposals[0].changes == (Change(Side.LEFT, "scale", "tried"),)
    assert proposals[0].left.scale == found
    assert proposals[0].closes
    assert all(proposal.left.scale == found for proposal in proposals)
