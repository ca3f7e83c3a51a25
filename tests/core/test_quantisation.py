from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.quantisation import ModelQuantisation, TensorQuantisation

PIXELS = TensorQuantisation("input", "uint8", (1, 8, 8, 3), (1 / 128,), (128,))
KERNEL = TensorQuantisation("kernel", "int8", (2, 3), (0.5, 2.0), (0, 0), axis=0)


def test_round_and_clip() -> None:
    real = np.array([-1.0, -0.999, 0.0, 0.0039, 0.0040, 0.5, 0.99, 1.0, 7.0], np.float32)
    whole = PIXELS.quantise(real)
    assert whole.dtype == np.uint8
    assert whole.tolist() == [0, 0, 128, 128, 129, 192, 255, 255, 255]
    np.testing.assert_allclose(PIXELS.dequantise(whole)[:4], [-1, -1, 0, 0])


def test_scales_of_channels() -> None:
    whole = np.array([[1, 2, -3], [1, 2, -3]], np.int8)
    real = KERNEL.dequantise(whole)
    assert real.dtype == np.float32
    assert real.tolist() == [[0.5, 1.0, -1.5], [2.0, 4.0, -6.0]]
    assert KERNEL.quantise(real).tolist() == whole.tolist()
    assert KERNEL.step == 2.0
    assert KERNEL.reach == (-256.0, 254.0)


@pytest.mark.parametrize(
    ("dtype", "limits"),
    [("uint8", (0, 255)), ("int8", (-128, 127)), ("int16", (-32768, 32767)), ("int4", (-8, 7))],
)
def test_limits(dtype: str, limits: tuple[int, int]) -> None:
    quantised = TensorQuantisation("x", dtype, (2,), (0.1,), (0,))
    assert quantised.limits == limits
    ends = np.array([-1e9, 1e9], np.float32)
    assert quantised.quantise(ends).tolist() == list(limits)


@given(
    st.floats(1e-4, 10), st.integers(0, 255), st.lists(st.floats(-50, 50), min_size=1, max_size=20)
)
def test_back_and_forth_is_at_most_half_a_step_off(
    scale: float, zero: int, numbers: list[float]
) -> None:
    quantised = TensorQuantisation("x", "uint8", (len(numbers),), (scale,), (zero,))
    real = np.array(numbers, np.float32)
    kept = np.clip(real, *quantised.reach)
    back = quantised.dequantise(quantised.quantise(real))
    assert np.abs(back - kept).max() <= scale / 2 * 1.001 + 1e-5


def test_words() -> None:
    assert PIXELS.text == "uint8, scale 0.0078125, zero point 128"
    assert KERNEL.text == "int8, 2 scales 0.5 to 2"
    assert ModelQuantisation(PIXELS, None, (KERNEL,)).text == (
        "int8 weights per channel, uint8 input"
    )
    nothing = ModelQuantisation(None, None, ())
    assert nothing.text == "not quantised"
    assert not nothing
