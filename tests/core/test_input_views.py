from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inspector.core.input_views import amplification, orient, view_difference, view_input
from inspector.core.preprocessing import OUTPUT_RANGE, ScaleRule
from tests.support.results import make_result


def test_input_is_shown_by_the_declared_range() -> None:
    left = make_result(noise=0).left
    view = view_input(left)
    assert view.image.dtype == np.uint8
    assert view.image.shape == left.model_input.shape
    assert view.image[0, 0].tolist() == [0, 0, 255]
    assert (view.low, view.high) == (-1.0, 1.0)
    assert view.clipped == 0.0


def test_input_in_a_wrong_range_is_clipped_and_said_so() -> None:
    left = make_result(noise=0).left
    wrong = replace(left, model_input=(left.model_input + 1) * np.float32(127.5))
    view = view_input(wrong)
    assert view.clipped > 0.9
    assert view.high == pytest.approx(255.0)
    assert view.image.max() == 255


def test_input_with_nan_has_no_figures() -> None:
    left = make_result().left
    broken = left.model_input.copy()
    broken[0, 0, 0] = np.nan
    view = view_input(replace(left, model_input=broken))
    assert view.low is view.high is view.mean is None


def test_difference_is_amplified_to_a_stated_factor() -> None:
    result = make_result(noise=0.3)
    difference = view_difference(result.left, result.right)
    assert difference is not None
    assert difference.largest == pytest.approx(0.02 * 255, abs=0.01)
    assert difference.factor == 20
    assert difference.image.max() == round(difference.largest * 20)


@pytest.mark.parametrize("rule", [ScaleRule.RAW, ScaleRule.HALF, ScaleRule.UNIT_TWICE])
def test_difference_is_of_pixels_whatever_range_the_scaling_makes(rule: ScaleRule) -> None:
    result = make_result(noise=0.3)
    right = view_difference(result.left, result.right)
    low, high = OUTPUT_RANGE[rule]
    stages = replace(result.right.settings.preprocessing, scale=rule)
    wrong = replace(
        result.right,
        settings=replace(result.right.settings, preprocessing=stages),
        model_input=result.right.model_input * np.float32(high - low) + np.float32(low),
    )
    difference = view_difference(result.left, wrong)
    assert right is not None
    assert difference is not None
    assert difference.largest == pytest.approx(right.largest, abs=0.02)
    assert difference.factor == right.factor
    assert difference.scaling_differs
    assert not right.scaling_differs


def test_same_inputs_are_not_amplified() -> None:
    result = make_result(noise=0)
    difference = view_difference(result.left, result.right)
    assert difference is not None
    assert difference.factor == 1
    assert difference.image.max() == 0


def test_inputs_of_different_sizes_have_no_difference() -> None:
    result = make_result()
    smaller = replace(result.right, model_input=result.right.model_input[:16])
    assert view_difference(result.left, smaller) is None


@pytest.mark.parametrize(("largest", "factor"), [(0.0, 1), (0.1, 1000), (3.0, 50), (200.0, 1)])
def test_amplification(largest: float, factor: int) -> None:
    assert amplification(largest) == factor


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orient_matches_pillow(orientation: int) -> None:
    from PIL import Image, ImageOps

    stored = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    image = Image.fromarray(stored)
    image.getexif()[0x0112] = orientation
    assert np.array_equal(orient(stored, orientation), np.asarray(ImageOps.exif_transpose(image)))
