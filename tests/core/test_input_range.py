from __future__ import annotations

import numpy as np
import pytest

from inspector.core.input_range import (
    CAFFE,
    KNOWN_RANGES,
    LEVELS,
    SYMMETRIC,
    TORCH,
    UNIT,
    InputRange,
    find_range,
    plain_range,
)

RED = np.array([[1.0, 0.0, 0.0]], np.float32)
PIXELS = np.random.default_rng(0).random((7, 3)).astype(np.float32)

each = pytest.mark.parametrize("known", KNOWN_RANGES, ids=lambda known: known.text)


@each
def test_pixels_go_there_and_back(known: InputRange) -> None:
    numbers = known.from_unit(PIXELS)
    assert numbers.dtype == np.float32
    np.testing.assert_allclose(known.to_unit(numbers), PIXELS, rtol=0, atol=1e-6)
    low, high = known
    assert low <= numbers.min() < numbers.max() <= high


@each
def test_a_range_is_found_as_it_is_written(known: InputRange) -> None:
    declared = known.name or (known.low, known.high)
    assert find_range(declared) is known
    assert known.text.strip('"') in known.words or not known.name


@pytest.mark.parametrize("declared", ["", "Caffe", "tf", (0.0, 2.0), tuple(CAFFE)])
def test_other_ranges_are_not_known(declared: str | tuple[float, float]) -> None:
    assert find_range(declared) is None


def test_caffe_is_blue_first_and_less_the_means() -> None:
    assert CAFFE.from_unit(RED)[0] == pytest.approx([-103.939, -116.779, 255 - 123.68])
    assert tuple(CAFFE) == pytest.approx((-123.68, 255 - 103.939))


def test_torch_is_red_first_and_by_deviations() -> None:
    assert TORCH.from_unit(RED)[0] == pytest.approx([0.515 / 0.229, -0.456 / 0.224, -0.406 / 0.225])


@each
@pytest.mark.parametrize("expected", KNOWN_RANGES, ids=lambda known: known.text)
def test_what_a_network_takes_numbers_for(known: InputRange, expected: InputRange) -> None:
    seen = known.seen_by(expected)
    assert (seen == UNIT) == (known is expected)
    taken = expected.to_unit(known.from_unit(PIXELS))
    reach = max(1.0, float(np.abs(taken).max()))
    np.testing.assert_allclose(seen.from_unit(PIXELS), taken, rtol=0, atol=2e-6 * reach)


def test_a_network_that_wants_caffe_takes_symmetric_numbers_for_nearly_one_grey() -> None:
    seen = SYMMETRIC.seen_by(CAFFE)
    assert seen.bgr
    assert seen.high - seen.low < 0.1


@each
def test_scaled_twice(known: InputRange) -> None:
    twice = known.applied_twice()
    by_hand = known.from_unit(known.from_unit(PIXELS) / np.float32(255.0))
    span = known.high - known.low
    np.testing.assert_allclose(twice.from_unit(PIXELS), by_hand, rtol=0, atol=1e-5 * span)


def test_closeness_is_relative_to_the_span() -> None:
    assert LEVELS.is_close(plain_range(1e-5, 255.0))
    assert not UNIT.is_close(plain_range(1e-5, 1.0))
    assert not CAFFE.is_close(InputRange(CAFFE.black, CAFFE.white, bgr=False))


@each
def test_the_recipe_names_what_makes_it(known: InputRange) -> None:
    assert known.text in known.recipe
