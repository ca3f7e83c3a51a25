"""Input conventions: which numbers a network takes for black and white, and in which order.

To add one, write a row in `KNOWN_RANGES`, a rule that makes it in
:class:`inspector.core.preprocessing.ScaleRule`, and the rule's row in :mod:`inspector.core.modes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

Pixels = TypeVar("Pixels")
"""A numpy array; specs are read where numpy is not loaded."""

Colour = tuple[float, float, float]
"""One number per channel, in the order of the network's channels."""

CLOSE = 1e-6
"""Ranges whose ends are nearer than this part of their span are the same."""


@dataclass(frozen=True, slots=True)
class InputRange:
    """What pixels are written as.

    Iterating gives the lowest and the highest number, so that ``low, high = range`` can be written
    where only the reach counts.

    Attributes
    ----------
    black, white
        What levels 0 and 255 become in each channel, in the order of the network's channels.
    bgr
        Whether the network's first channel is blue.
    name
        Its name in a pair file; empty where two numbers say it all.
    """

    black: Colour
    white: Colour
    bgr: bool = False
    name: str = ""

    def __iter__(self) -> Iterator[float]:
        """Yield the lowest and the highest number."""
        yield self.low
        yield self.high

    @property
    def low(self) -> float:
        """Give the lowest number of any channel."""
        return min(*self.black, *self.white)

    @property
    def high(self) -> float:
        """Give the highest number of any channel."""
        return max(*self.black, *self.white)

    @property
    def text(self) -> str:
        """Write it as a pair file does."""
        return f'"{self.name}"' if self.name else f"[{self.low:g}, {self.high:g}]"

    @property
    def reach(self) -> str:
        """Write it in few words: ``-1 to 1``, with its name where it has one."""
        reach = f"{self.low:.4g} to {self.high:.4g}"
        return f"{reach}, {self.name}" if self.name else reach

    @property
    def words(self) -> str:
        """Write it for people, with what its name means."""
        return f"{self.reach} ({_MEANINGS[self.name]})" if self.name else self.reach

    def from_unit(self, pixels: Pixels) -> Pixels:
        """Write pixels as numbers.

        Parameters
        ----------
        pixels
            float32 (…, 3), RGB, 0 black and 1 white.

        Returns
        -------
        Pixels
            float32 (…, 3), in the order of the network's channels; a fresh array.
        """
        numbers = self._turned(pixels).astype("float32")
        for channel, (black, span) in enumerate(zip(self.black, self._spans, strict=True)):
            numbers[..., channel] *= span
            numbers[..., channel] += black
        written: Pixels = numbers
        return written

    def to_unit(self, numbers: Pixels) -> Pixels:
        """Read numbers as pixels; undoes :meth:`from_unit` but for float noise."""
        given: Any = numbers
        pixels = given.astype("float32")
        for channel, (black, span) in enumerate(zip(self.black, self._spans, strict=True)):
            pixels[..., channel] -= black
            pixels[..., channel] /= span
        read: Pixels = self._turned(pixels)
        return read

    def seen_by(self, expected: InputRange) -> InputRange:
        """Give what a network that expects another range takes these numbers for.

        Returns
        -------
        InputRange
            In [0, 1] RGB as that network understands it: `UNIT` where it is given what it expects.
        """
        return InputRange(
            expected._pixel(self.black), expected._pixel(self.white), self.bgr is not expected.bgr
        )

    def applied_twice(self) -> InputRange:
        """Give what becomes of levels where the same scaling is applied to its own numbers."""
        return InputRange(self._number(self.black), self._number(self.white))

    def is_close(self, other: InputRange) -> bool:
        """Tell whether two ranges are the same but for float noise."""
        tolerance = CLOSE * max(1.0, other.high - other.low)
        ends = zip((*self.black, *self.white), (*other.black, *other.white), strict=True)
        return self.bgr is other.bgr and all(abs(a - b) <= tolerance for a, b in ends)

    @property
    def recipe(self) -> str:
        """Say what to do to pixels, as the end of "Scale the pixels"."""
        if not self.name:
            return f"to {self.text}"
        return f"with keras.applications.imagenet_utils.preprocess_input(x, mode={self.text})"

    @property
    def _spans(self) -> Colour:
        a, b = self.black, self.white
        return b[0] - a[0], b[1] - a[1], b[2] - a[2]

    def _turned(self, pixels: Any) -> Any:
        return pixels[..., ::-1] if self.bgr else pixels

    def _ordered(self, colour: Colour) -> Colour:
        return (colour[2], colour[1], colour[0]) if self.bgr else colour

    def _pixel(self, numbers: Colour) -> Colour:
        """Read one pixel's numbers; RGB, 0 black and 1 white."""
        a, b, c = (
            (number - black) / span
            for number, black, span in zip(numbers, self.black, self._spans, strict=True)
        )
        return self._ordered((a, b, c))

    def _number(self, levels: Colour) -> Colour:
        """Write one pixel of levels, RGB, as numbers."""
        a, b, c = (
            black + level / LEVELS_SPAN * span
            for level, black, span in zip(
                self._ordered(levels), self.black, self._spans, strict=True
            )
        )
        return a, b, c


def plain_range(low: float, high: float) -> InputRange:
    """Give the range whose channels are all alike, red first."""
    return InputRange((low, low, low), (high, high, high))


LEVELS_SPAN = 255.0
"""Highest level of a picture."""

SYMMETRIC = plain_range(-1.0, 1.0)
"""What Keras calls mode "tf": MobileNet, Inception, NASNet, ResNetV2, Xception."""

UNIT = plain_range(0.0, 1.0)
"""The common image input of TensorFlow Hub."""

LEVELS = plain_range(0.0, LEVELS_SPAN)
"""Levels as they are: releases that scale inside, such as Keras' EfficientNet and MobileNetV3."""

_CAFFE_MEANS = (103.939, 116.779, 123.68)
_TORCH_MEANS = (0.485, 0.456, 0.406)
_TORCH_DEVIATIONS = (0.229, 0.224, 0.225)


def _made(level: float, means: Colour, deviations: Colour) -> Colour:
    a, b, c = (
        (level - mean) / deviation for mean, deviation in zip(means, deviations, strict=True)
    )
    return a, b, c


CAFFE = InputRange(
    _made(0.0, _CAFFE_MEANS, (1.0, 1.0, 1.0)),
    _made(LEVELS_SPAN, _CAFFE_MEANS, (1.0, 1.0, 1.0)),
    bgr=True,
    name="caffe",
)
"""Keras' mode "caffe": BGR, each channel less its ImageNet mean, not scaled. ResNet, VGG."""

TORCH = InputRange(
    _made(0.0, _TORCH_MEANS, _TORCH_DEVIATIONS),
    _made(1.0, _TORCH_MEANS, _TORCH_DEVIATIONS),
    name="torch",
)
"""Keras' mode "torch": [0, 1], less the ImageNet means, by their deviations. DenseNet."""

_MEANINGS = {
    CAFFE.name: "BGR, less the ImageNet means",
    TORCH.name: "ImageNet means and deviations",
}

KNOWN_RANGES: tuple[InputRange, ...] = (SYMMETRIC, UNIT, LEVELS, CAFFE, TORCH)
"""The input ranges that a pair file may declare."""


def find_range(declared: str | tuple[float, float]) -> InputRange | None:
    """Give the known range that a pair file names or writes as two numbers, or None."""
    for known in KNOWN_RANGES:
        if known.name:
            if declared == known.name:
                return known
        elif declared == (known.low, known.high):
            return known
    return None
