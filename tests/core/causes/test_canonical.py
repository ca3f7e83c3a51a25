from __future__ import annotations

import numpy as np
import pytest

from inspector.core.causes.canonical import (
    OUTPUT,
    OutputReading,
    canonical_side,
    differing,
    hand_over,
    read_output,
)
from inspector.core.causes.closing import applied
from inspector.core.input_range import KNOWN_RANGES, UNIT, InputRange
from inspector.core.modes import resolve_mode
from inspector.core.preprocessing import ChannelOrder
from inspector.core.result import SideSettings
from inspector.core.scores import OutputSwitches, interpret
from inspector.engine.explain import declared_scores
from tests.support.results import LEFT, PAIR, RIGHT, make_result


def forms(left_mode: str, right_mode: str) -> tuple[str, ...]:
    from dataclasses import replace

    result = make_result()
    sides = []
    for side, other, mode in ((LEFT, RIGHT, left_mode), (RIGHT, LEFT, right_mode)):
        settings = SideSettings(mode, resolve_mode(mode, side, other), OutputSwitches())
        sides.append(
            canonical_side(
                replace(result.left if side is LEFT else result.right, settings=settings)
            )
        )
    return differing(sides[0], sides[1])


def test_each_sides_own_range_is_no_difference() -> None:
    assert forms("keras", "hub") == ("decode", "resize")
    assert forms("identical", "identical") == ()
    assert forms("slim_eval", "hub") == ("crop", "resize")


@pytest.mark.parametrize("mode", ["other_range", "raw_0_255", "half_range", "scaled_twice"])
def test_a_wrong_range_is_a_difference(mode: str) -> None:
    assert forms(mode, "hub") == ("decode", "resize", "scale")
    assert forms("keras", mode) == ("decode", "resize", "scale")


def test_exchanged_channels_are_a_difference() -> None:
    assert forms("bgr", "hub") == ("decode", "resize", "channel_order")
    assert forms("bgr", "bgr") == ("decode", "resize")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("keras", (-1.0, 1.0)),
        ("other_range", (0.0, 1.0)),
        ("raw_0_255", (0.0, 255.0)),
        ("half_range", (0.0, 255 / 128)),
        ("scaled_twice", (-1 / 127.5 - 1, 1 / 127.5 - 1)),
    ],
)
def test_pixels_are_handed_over_as_the_mode_scales_them(
    mode: str, expected: tuple[float, float]
) -> None:
    from dataclasses import replace

    settings = SideSettings(mode, resolve_mode(mode, LEFT, RIGHT), OutputSwitches())
    form = canonical_side(replace(make_result().left, settings=settings))
    pixels = np.zeros((2, 1, 3), np.float32)
    pixels[1] = 1.0
    given = hand_over(pixels, form, LEFT)
    assert given.dtype == np.float32
    assert given[0] == pytest.approx(expected[0], abs=1e-5)
    assert given[1] == pytest.approx(expected[1], rel=1e-6)


CONVENTIONS = [
    pytest.param(known, mode, id=f"{known.text}-{mode}")
    for known in KNOWN_RANGES
    for mode in ("own", "other_range", "raw_0_255", "half_range", "scaled_twice", "bgr")
]


@pytest.mark.parametrize(("declared", "mode"), CONVENTIONS)
def test_a_form_hands_over_what_its_scaling_really_makes(declared: InputRange, mode: str) -> None:
    """Whatever a side does with levels, its form does to the same pixels."""
    from dataclasses import replace

    release = replace(LEFT, range=declared)
    stages = resolve_mode(mode, release, RIGHT)
    side = replace(
        make_result().left, release=release, settings=SideSettings(mode, stages, OutputSwitches())
    )
    form = canonical_side(side)
    pixels = np.random.default_rng(1).random((5, 4, 3)).astype(np.float32)
    numbers = stages.output_range.from_unit(pixels)
    expected = numbers[..., ::-1] if mode == "bgr" else numbers
    made = hand_over(pixels, form, release)
    reach = max(declared.high - declared.low, float(np.abs(expected).max()))
    np.testing.assert_allclose(made, expected, rtol=0, atol=2e-6 * reach)
    assert (form.scale == UNIT) == (mode in {"own", "bgr"} or stages.output_range == declared)
    assert applied(form, side.settings, release).preprocessing == stages


def test_bgr_is_handed_over_reversed() -> None:
    from dataclasses import replace

    form = replace(canonical_side(make_result().right), channel_order=ChannelOrder.BGR)
    pixels = np.array([[[0.1, 0.2, 0.3]]], np.float32)
    assert hand_over(pixels, form, RIGHT).ravel() == pytest.approx([0.3, 0.2, 0.1])


@pytest.mark.parametrize(
    "switches",
    [
        {"right_output": OutputSwitches(softmax=False)},
        {"right_output": OutputSwitches(drop_background=False)},
        {"left_output": OutputSwitches(softmax=True)},
        {},
    ],
)
def test_a_declared_row_is_read_as_the_switches_read_it(
    switches: dict[str, OutputSwitches],
) -> None:
    result = make_result(**switches)
    for side, shown in (
        (result.left, result.comparison.left),
        (result.right, result.comparison.right),
    ):
        form = canonical_side(side)
        assert read_output(declared_scores(side), form) == pytest.approx(shown, rel=1e-6, abs=1e-12)


def test_readings_are_named() -> None:
    logits = make_result(right_output=OutputSwitches(softmax=False))
    assert canonical_side(logits.right).reading is OutputReading.LOGITS_AS_PROBABILITIES
    twice = make_result(left_output=OutputSwitches(softmax=True))
    assert canonical_side(twice.left).reading is OutputReading.SOFTMAX_TWICE
    left, right = canonical_side(logits.left), canonical_side(logits.right)
    assert OUTPUT in differing(left, right)
    assert left.adopt(right, frozenset({OUTPUT})).reading is right.reading
    assert PAIR.left.background is False


def test_declared_scores_forget_the_switches() -> None:
    plain, switched = make_result(), make_result(right_output=OutputSwitches(softmax=False))
    assert declared_scores(switched.right).probabilities == pytest.approx(
        interpret(plain.right.raw, RIGHT.output, True, OutputSwitches()).probabilities
    )
