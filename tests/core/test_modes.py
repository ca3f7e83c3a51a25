from __future__ import annotations

from dataclasses import replace

import pytest

from inspector.core.errors import UsageError
from inspector.core.input_range import CAFFE, KNOWN_RANGES, LEVELS, TORCH, UNIT, InputRange
from inspector.core.modes import (
    MODE_IDS,
    MODES,
    OWN_MODE_IDS,
    PAIR_MODES,
    find_mode,
    pair_mode_ids,
    pair_mode_of,
    resolve_mode,
    scale_for_range,
)
from inspector.core.preprocessing import OUTPUT_RANGE, ChannelOrder, Preprocessing, ScaleRule
from tests.support.results import LEFT, PAIR, RIGHT


def test_the_modes_of_the_contract_are_there() -> None:
    assert set(MODE_IDS) == {
        *("keras", "keras_dataset", "hub", "slim_eval", "slim_train", "retrain"),
        *("resize_with_pad", "identical", "other_range", "other_own", "raw_0_255", "half_range"),
        *("scaled_twice", "bgr"),
    }
    assert [mode.id for mode in MODES if mode.seeded] == ["slim_train", "retrain"]


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
def test_every_mode_makes_stages_for_every_release(mode: object) -> None:
    for own in OWN_MODE_IDS:
        for declared in KNOWN_RANGES:
            for other in (LEFT, RIGHT):
                release = replace(LEFT, mode=own, range=declared)
                stages = resolve_mode(mode.id, release, other)  # type: ignore[attr-defined]
                assert isinstance(stages, Preprocessing)
                hash(stages)


def test_own_is_the_declared_mode() -> None:
    assert resolve_mode("own", RIGHT, LEFT) == resolve_mode("hub", LEFT, RIGHT)
    assert resolve_mode("own", LEFT, RIGHT) == resolve_mode("keras", RIGHT, LEFT)


@pytest.mark.parametrize("declared", KNOWN_RANGES)
def test_identical_makes_each_sides_own_range(declared: InputRange) -> None:
    release = replace(LEFT, range=declared)
    stages = resolve_mode("identical", release, RIGHT)
    assert stages.output_range == declared
    assert scale_for_range(declared) is stages.scale


def test_other_range_is_never_ones_own() -> None:
    for declared in KNOWN_RANGES:
        for other in KNOWN_RANGES:
            release, opposite = replace(LEFT, range=declared), replace(RIGHT, range=other)
            made = resolve_mode("other_range", release, opposite).output_range
            assert made != declared
            assert other in (declared, made)


def test_wrong_modes_change_one_stage_of_the_own_ones() -> None:
    own = resolve_mode("own", RIGHT, LEFT)
    assert resolve_mode("bgr", RIGHT, LEFT) == replace(own, channel_order=ChannelOrder.BGR)
    assert resolve_mode("raw_0_255", RIGHT, LEFT) == replace(own, scale=ScaleRule.RAW)
    assert resolve_mode("half_range", RIGHT, LEFT) == replace(own, scale=ScaleRule.HALF)
    assert resolve_mode("scaled_twice", RIGHT, LEFT) == replace(own, scale=ScaleRule.UNIT_TWICE)


def test_pair_modes() -> None:
    assert {name: pair_mode_ids(name, PAIR) for name in PAIR_MODES} == {
        "own": ("keras", "hub"),
        "identical": ("identical", "identical"),
        "swapped": ("hub", "keras"),
        "both_left": ("keras", "keras"),
        "both_right": ("hub", "hub"),
    }


@pytest.mark.parametrize("name", PAIR_MODES)
def test_a_mode_of_the_pair_is_known_by_its_two_modes(name: str) -> None:
    assert pair_mode_of(*pair_mode_ids(name, PAIR), PAIR) == name


def test_the_plainest_mode_of_the_pair_is_named() -> None:
    alike = replace(PAIR, right=LEFT)
    assert pair_mode_of("own", "own", PAIR) == "own"
    assert pair_mode_of("keras", "keras", alike) == "own"
    assert pair_mode_of("own", "bgr", PAIR) is None
    assert pair_mode_of("custom", "own", PAIR) is None


@pytest.mark.parametrize("mode", ["keras", "keras_dataset"])
@pytest.mark.parametrize("declared", KNOWN_RANGES, ids=lambda known: known.text)
def test_keras_modes_scale_as_the_release_itself_does(mode: str, declared: InputRange) -> None:
    release = replace(LEFT, mode=mode, range=declared)
    for made in (resolve_mode("own", release, RIGHT), resolve_mode("keras", release, RIGHT)):
        assert made.output_range == declared
    wrong = resolve_mode("scaled_twice", release, RIGHT)
    assert wrong.output_range == declared.applied_twice() or declared == LEVELS
    assert resolve_mode("bgr", release, RIGHT).output_range == declared


def test_a_release_that_is_none_of_keras_is_given_the_others_preprocess_input() -> None:
    caffe = replace(LEFT, range=CAFFE)
    assert resolve_mode("keras", RIGHT, caffe).scale is ScaleRule.CAFFE
    assert resolve_mode("keras", RIGHT, LEFT).scale is ScaleRule.KERAS
    assert resolve_mode("keras", RIGHT, RIGHT).scale is ScaleRule.KERAS
    assert resolve_mode("other_range", caffe, RIGHT).scale is ScaleRule.UNIT
    assert resolve_mode("other_range", RIGHT, caffe).scale is ScaleRule.CAFFE


def test_swapped_keras_releases_of_different_ranges_are_really_swapped() -> None:
    caffe, torch = replace(LEFT, range=CAFFE), replace(LEFT, range=TORCH)
    pair = replace(PAIR, left=caffe, right=torch)
    assert pair_mode_ids("swapped", pair) == ("other_own", "other_own")
    assert pair_mode_ids("both_left", pair) == ("keras", "other_own")
    assert pair_mode_ids("both_right", pair) == ("other_own", "keras")
    assert resolve_mode("other_own", caffe, torch) == resolve_mode("own", torch, caffe)
    mixed = replace(PAIR, left=caffe)
    assert pair_mode_ids("swapped", mixed) == ("hub", "keras")
    assert resolve_mode("keras", RIGHT, caffe).output_range == CAFFE
    assert resolve_mode("hub", caffe, RIGHT).output_range == UNIT


@pytest.mark.parametrize(("wrong", "near"), [("kers", "'keras'"), ("BGR", "bgr"), ("", "keras")])
def test_unknown_mode_names_the_nearest(wrong: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_mode(wrong)
    assert near in caught.value.mend


def test_unknown_pair_mode_names_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        pair_mode_ids("swaped", PAIR)
    assert "'swapped'" in caught.value.mend


def test_titles_and_summaries_are_there_and_wrong_modes_say_so() -> None:
    assert len({mode.title for mode in MODES}) == len(MODES)
    for mode in MODES:
        assert mode.summary
        assert mode.title.startswith("Wrong") == mode.wrong == ("mistake" in mode.summary)
        assert (mode.id in OWN_MODE_IDS) == (not mode.wrong)


def test_every_scale_rule_has_its_range() -> None:
    assert set(OUTPUT_RANGE) == set(ScaleRule)
