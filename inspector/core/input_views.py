"""What a person sees of the two model inputs, and of the difference between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.facts import unit_input
from inspector.core.preprocessing import ChannelOrder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.input_range import InputRange
    from inspector.core.result import SideResult

AMPLIFICATIONS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Factors by which a difference may be shown enlarged; round, so that they can be said."""

BRIGHT_PERCENTILE = 99.5
"""This share of the differences fits into the amplified picture; the few larger ones are clipped.

A single edge pixel would otherwise leave everything else black.
"""

SAME_LEVELS = 1e-2
"""Differences below this many levels of 255 are float noise and are not amplified."""


@dataclass(frozen=True, eq=False, slots=True)
class InputView:
    """One model input as a picture.

    Attributes
    ----------
    image
        uint8 (height, width, 3), the input read by the declared range and clipped to it.
    low, high, mean
        Of the numbers that the network really received; None where one of them is not finite.
    clipped
        Share of the numbers outside the declared range, 0 to 1.
    """

    image: NDArray[np.uint8]
    low: float | None
    high: float | None
    mean: float | None
    clipped: float


@dataclass(frozen=True, eq=False, slots=True)
class InputDifference:
    """The difference of two model inputs as a picture.

    Attributes
    ----------
    image
        uint8 (height, width, 3), |left - right| in levels of 255, times `factor`, clipped.
    factor
        One of `AMPLIFICATIONS`.
    largest, mean
        Of |left - right|, in levels of 255.
    scaling_differs
        Whether the two networks would also take the same levels for different ones, since a side's
        scaling does not make the range that its release declares. The figures leave this out.
    """

    image: NDArray[np.uint8]
    factor: int
    largest: float
    mean: float
    scaling_differs: bool = False


def view_input(side: SideResult) -> InputView:
    """Make a picture of what one network received."""
    unit = unit_input(side)
    outside = (unit < -1e-6) | (unit > 1 + 1e-6)
    given = side.model_input
    finite = bool(np.isfinite(given).all())
    return InputView(
        image=_levels(unit * 255.0),
        low=float(given.min()) if finite else None,
        high=float(given.max()) if finite else None,
        mean=float(given.mean(dtype=np.float64)) if finite else None,
        clipped=float(outside.mean()),
    )


def view_difference(left: SideResult, right: SideResult) -> InputDifference | None:
    """Make a picture of the difference of two model inputs; None where their sizes differ.

    Each input is read by what its own scaling makes of levels 0 and 255, so that the picture shows
    pixels that differ, and not how far a wrong range is from the declared one.
    """
    a, b = _unit_levels(left), _unit_levels(right)
    if a.shape != b.shape:
        return None
    gap = np.nan_to_num(np.abs(a - b) * 255.0, nan=255.0, posinf=255.0)
    factor = amplification(float(np.percentile(gap, BRIGHT_PERCENTILE)))
    return InputDifference(
        _levels(gap * factor),
        factor,
        float(gap.max()),
        float(gap.mean(dtype=np.float64)),
        not _seen(left).is_close(_seen(right)),
    )


def amplification(largest: float) -> int:
    """Give the largest factor of `AMPLIFICATIONS` that keeps `largest` levels within 255.

    Differences of float noise are left as they are.
    """
    if largest < SAME_LEVELS:
        return 1
    fitting = [factor for factor in AMPLIFICATIONS if largest * factor <= 255.0]
    return fitting[-1] if fitting else 1


def orient(picture: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Turn a stored picture upright.

    Parameters
    ----------
    picture
        uint8 (height, width, 3), as stored.
    orientation
        EXIF orientation, 1 to 8 (Exif 2.32, tag 0x0112); any other number is taken for 1.
    """
    turned = picture.swapaxes(0, 1) if orientation in {5, 6, 7, 8} else picture
    if orientation in {2, 3, 6, 7}:
        turned = turned[:, ::-1]
    if orientation in {3, 4, 7, 8}:
        turned = turned[::-1]
    return np.ascontiguousarray(turned)


def _unit_levels(side: SideResult) -> NDArray[np.float32]:
    """Give a model input as levels over 255, whatever range its scaling made of them.

    Where red and blue were exchanged after the scaling, they stay exchanged.
    """
    stages = side.settings.preprocessing
    if stages.channel_order is ChannelOrder.BGR:
        return stages.output_range.to_unit(side.model_input[..., ::-1])[..., ::-1]
    return stages.output_range.to_unit(side.model_input)


def _seen(side: SideResult) -> InputRange:
    """Give what a network takes levels for: [0, 1] where all is well."""
    return side.settings.preprocessing.output_range.seen_by(side.release.range)


def _levels(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    finite = np.nan_to_num(values, nan=0.0, posinf=255.0, neginf=0.0)
    return np.clip(np.rint(finite), 0, 255).astype(np.uint8)
